"""`FilmScene`: a manim scene that shows a trace in time-lapse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from manim import Animation, FadeIn, FadeOut, Write, config, linear

from pagereel.assets import TRACES
from pagereel.film.tape import Tape, read_tape
from pagereel.film.timelapse import Times, make_film
from pagereel.request import prepared
from pagereel.stage import timing
from pagereel.stage.film.board import Board
from pagereel.stage.film.chart import PoolChart
from pagereel.stage.film.grid import PoolGrid
from pagereel.stage.film.heading import Heading
from pagereel.stage.parts.title import CaptionBar
from pagereel.stage.picture_scene import PictureScene

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import Mobject, VGroup

    from pagereel.film.timelapse import Film, Shot
    from pagereel.stage.layout.arrangement import Arrangement
    from pagereel.stage.part import Parts

_HAIR = 1e-6  # of a moment: shares of time are rounded


class Following(Animation):
    """Lets a mobject change with time, by calling a function with the share that has passed."""

    def __init__(self, mobject: Mobject, change: Callable[[float], None], **kwargs: Any) -> None:
        self._change = change
        super().__init__(mobject, rate_func=linear, **kwargs)

    def create_starting_mobject(self) -> Mobject:
        """Return the mobject itself: a copy is of no use, and would be large."""
        return cast("Mobject", self.mobject)

    def interpolate_mobject(self, alpha: float) -> None:
        """Show what there is at a share of the time."""
        self._change(alpha)


class FilmScene(PictureScene):
    """A scene made of a trace.

    A subclass names its trace, its parts and their arrangement, and says in `construct` in which
    order they are shown. A user may choose another trace, the film's length and the theme.

    Attributes
    ----------
    film
        The trace, read and checked before anything is drawn, and its time-lapse.
    board
        The mobjects and their places.
    """

    default_trace: ClassVar[str]  # a file of assets/traces
    parts: ClassVar[Parts]
    arrangement: ClassVar[Arrangement]

    film: Film
    board: Board

    def setup(self) -> None:
        """Read the trace and build the board."""
        super().setup()
        path = self.options.story or TRACES / self.default_trace
        self.film = make_film(prepared(Tape, path) or read_tape(path), self.options.seconds, TIMES)
        size = (config.frame_width, config.frame_height)
        self.board = Board(
            self.parts, self.film, size=size, theme=self.theme, arrangement=self.arrangement
        )

    def make_caption(self, text: str, *, color: str | None = None) -> VGroup:
        """Return a caption in its place."""
        return self.board.part(CaptionBar).caption(text, color=color)

    def opening(self) -> None:
        """Write the title, lay out all frames, bring in what tells about them, and say so."""
        board = self.board
        self.next_section("opening")
        grid = board.part(PoolGrid)
        letters = board.part(Heading).title.letters()
        self.play(Write(letters), Following(grid.grid, grid.lay_out), run_time=timing.REVEAL)
        self.play(*(FadeIn(part) for part in board.entering), run_time=timing.SETTLED)
        self.clear()
        self.add(board.standing, board.moving)
        with self.saying(self.film.opening):
            pass

    def tell(self, number: int, shot: Shot) -> None:
        """Show a shot under its caption; nothing else moves while that comes or goes."""
        board, began = self.board, self.time
        self.next_section(f"shot-{number:02}")
        text, pace = self.make_caption(shot.caption), board.part(PoolChart).pace(shot)
        moments = len(shot.reached)
        first = board.pool.moment

        def follow(share: float) -> None:
            board.go_to(first + min(int(share * moments + _HAIR), moments - 1))

        self.play(FadeIn(text), FadeIn(pace), run_time=timing.CAPTION)
        self.rest(timing.SETTLE)
        self.play(Following(board.moving, follow, run_time=shot.seconds))
        self.rest(timing.SETTLE)
        self.add_subcaption(shot.caption, duration=self.time - began, offset=began - self.time)
        self.play(FadeOut(text), FadeOut(pace), run_time=timing.CAPTION)

    def closing(self) -> None:
        """Say what it was about, hold, and fade everything out."""
        self.next_section("closing")
        said, began = self.film.closing, self.time
        text = self.make_caption(said, color=self.theme.tagline)
        self.play(Write(text), run_time=timing.TAGLINE)
        self.rest(timing.hold_after(self.time - began, said, least=timing.LAST))
        self.add_subcaption(said, duration=self.time - began, offset=began - self.time)
        if not self.session_spec.output.is_still:  # a still shows the end of the film
            self.play(*(FadeOut(mobject) for mobject in self.mobjects), run_time=timing.END)


TIMES = Times(
    pause=2 * timing.CAPTION + 2 * timing.SETTLE,
    reading=lambda caption: timing.reading_time(caption) - 2 * timing.SETTLE,
    besides=lambda opening, closing: _opening_time(opening) + _closing_time(closing),
)


def _opening_time(caption: str) -> float:
    said = timing.SETTLE + timing.hold_after(timing.SETTLE, caption)
    return timing.REVEAL + timing.SETTLED + 2 * timing.CAPTION + said


def _closing_time(caption: str) -> float:
    held = timing.hold_after(timing.TAGLINE, caption, least=timing.LAST)
    return timing.TAGLINE + held + timing.END
