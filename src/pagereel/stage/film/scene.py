"""`FilmScene`: a manim scene that shows a trace in time-lapse, moment by moment."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from manim import Animation, FadeIn, Group, Write, linear, smooth

from pagereel.assets import TRACES
from pagereel.errors import GlyphError, RequestError, TraceError
from pagereel.fast import stateless
from pagereel.film.pool_state import PoolState
from pagereel.film.tape import Tape, read_tape
from pagereel.film.timelapse import RATE, Times, make_film
from pagereel.request import prepared
from pagereel.stage import timing
from pagereel.stage.film.chart import PoolChart
from pagereel.stage.film.film_part import FilmPart, Heading, Moment
from pagereel.stage.film.grid import PoolGrid
from pagereel.stage.picture_scene import PictureScene
from pagereel.stage.text.outline import Face, outline
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import Mobject

    from pagereel.film.captions import Remark
    from pagereel.film.timelapse import Film, Shot
    from pagereel.stage.part import Stage

_HAIR = 1e-6  # of a moment: shares of time are rounded
_STEPS = round(timing.LIGHT * RATE)  # in which light comes and goes


@stateless
class Following(Animation):
    """Lets a mobject change with time, by calling a function with the share that has passed.

    The function changes nothing but points, style and pixels of the mobject and its submobjects.
    What it shows depends on the share, and not on how many images came before: a process that draws
    nothing of it computes no more than its end.
    """

    def __init__(self, mobject: Mobject, change: Callable[[float], None], **kwargs: Any) -> None:
        self._change = change
        super().__init__(mobject, rate_func=linear, **kwargs)

    def create_starting_mobject(self) -> Mobject:
        """Return the mobject itself: a copy is of no use, and would be large."""
        return cast("Mobject", self.mobject)

    def interpolate_mobject(self, alpha: float) -> None:
        """Show what there is at a share of the time."""
        self._change(alpha)


class Board:
    """A film on its stage. Nothing is on screen yet.

    Parameters
    ----------
    film
        What is to be shown.
    stage
        The parts that show it.

    Attributes
    ----------
    standing, moving
        What never changes, and what does.
    pool
        Who owns each frame at the moment that is shown.
    """

    def __init__(self, film: Film, stage: Stage) -> None:
        self.film, self.stage = film, stage
        self.pool = PoolState(film.tape)
        self._reached = np.concatenate([shot.reached for shot in film.shots] or [np.zeros(0, int)])
        # What never changes comes first: manim draws anew what is behind what moves.
        self.standing, self.moving = Group(), Group()
        for part in stage.parts.values():
            changing = part.moving if isinstance(part, FilmPart) else []
            self.standing.add(*(each for each in part.mobjects if each not in changing))
            self.moving.add(*changing)

    @property
    def moments(self) -> int:
        """How many moments the film has."""
        return len(self._reached)

    @property
    def entering(self) -> list[Mobject]:
        """What enters when the title and the frames are there."""
        known = (self.stage.part(Heading).title, self.stage.part(PoolGrid).grid)
        parts = [*self.standing.submobjects, *self.moving.submobjects]
        return [part for part in parts if part not in known and part.has_points()]

    def go_to(self, moment: int) -> Moment | None:
        """Show a moment of the film; it cannot be earlier than the one shown."""
        shown = None
        while self.pool.moment <= moment:
            before, reached = self.pool.event, int(self._reached[self.pool.moment])
            frames = self.pool.advance(reached)
            drawn = self.pool.moment > moment
            shown = Moment(before, reached, frames, self.pool, drawn=drawn)
            self.stage.show(shown)
        return shown

    def follow(self, shot: Shot) -> Callable[[float], None]:
        """Return what shows a stretch of the film, by the share of its time that has passed."""
        first, moments = self.pool.moment, len(shot.reached)

        def show(share: float) -> None:
            self.go_to(first + min(int(share * moments + _HAIR), moments - 1))

        return show

    def settle(self) -> None:
        """Mark nothing as just changed."""
        for part in self.stage.parts.values():
            if isinstance(part, FilmPart):
                part.settle(self.pool)

    def light(self, remark: Remark, share: float) -> None:
        """Let what a caption speaks of stand out, by a share from 0 to 1; the rest dims."""
        for part in self.stage.parts.values():
            if isinstance(part, FilmPart):
                part.light(remark, share, self.pool)


class FilmScene(PictureScene):
    """A scene made of a trace.

    A subclass names its trace, its parts and their arrangement, and says in `construct` in which
    order they are shown. A user may choose another trace, the film's length and the theme.

    Attributes
    ----------
    film
        The trace, read and checked before anything is drawn, and its time-lapse.
    board
        The film on its stage.
    """

    default_trace: ClassVar[str]  # a file of assets/traces

    film: Film
    board: Board

    def setup(self) -> None:
        """Read the trace and build the board."""
        super().setup()
        path = self.options.story or TRACES / self.default_trace
        title = self.options.title
        tape = prepared(Tape, path) or read_tape(path)
        if title:
            try:
                outline(title, Face.SERIF)
            except GlyphError as error:
                raise RequestError(f"--title: {error}") from None
        self.film = make_film(tape, self.options.seconds, TIMES, title)
        try:
            self.build(self.film)
        except GlyphError as error:  # of the engine's name or the note
            raise TraceError(str(path), str(error), line=1) from error
        self.board = Board(self.film, self.stage)

    def opening(self) -> None:
        """Write the title, lay out all frames, bring in what tells about them, and say so."""
        self.begin_film()
        board = self.board
        self.next_section("opening")
        grid = self.stage.part(PoolGrid).grid
        letters = self.stage.part(Heading).title.letters()
        self.move(Write(letters), Following(grid, grid.lay_out), seconds=timing.REVEAL)
        self.move(*(FadeIn(part) for part in board.entering), seconds=timing.SETTLED)
        self.clear()
        self.add(board.standing, board.moving)
        with self.saying(self.film.opening):
            pass

    def tell(self, number: int, shot: Shot) -> None:
        """Let time run, and come to rest at the event of which the shot's caption speaks."""
        moving = self.board.moving
        self.next_section(f"shot-{number:02}")
        pace = self.stage.part(PoolChart).pace(shot)
        self.add(pace)
        self.move(Following(moving, self.board.follow(shot)), seconds=shot.seconds)
        self.remove(pace)
        if shot.remark:
            self._say(shot.remark)

    def _say(self, remark: Remark) -> None:
        """Light what a caption speaks of, say it, and let both leave together."""
        board, lit = self.board, -1

        def light(share: float) -> None:
            nonlocal lit
            # Rounded up: what is spoken of stays lit until the caption has gone.
            step = ceil(share * _STEPS - _HAIR)
            if step != lit:  # several images show the same
                board.light(remark, smooth(step / _STEPS))
                lit = step

        self.move(Following(board.moving, light), seconds=timing.LIGHT)
        off = Following(board.moving, lambda share: light(1 - share))
        with self.saying(remark.caption, leaving=[off]):
            pass

    def closing(self) -> None:
        """Say what has become of it, hold, and fade everything out."""
        self.board.settle()
        self.end(self.film.closing)


def _stop_time(caption: str) -> float:
    said = timing.SETTLE + timing.hold_after(timing.SETTLE, caption)
    return timing.LIGHT + 2 * timing.CAPTION + said


TIMES = Times(
    stop=_stop_time,
    besides=lambda opening, closing: _opening_time(opening) + _closing_time(closing),
)


def _opening_time(caption: str) -> float:
    said = timing.SETTLE + timing.hold_after(timing.SETTLE, caption)
    return timing.REVEAL + timing.SETTLED + 2 * timing.CAPTION + said


def _closing_time(caption: str) -> float:
    held = timing.hold_after(timing.TAGLINE, caption, least=timing.LAST)
    return timing.TAGLINE + held + Phase.END.seconds
