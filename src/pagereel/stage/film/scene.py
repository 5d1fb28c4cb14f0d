"""`ReplayScene`: a manim scene that shows a trace in time-lapse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from manim import Animation, FadeIn, FadeOut, Write, config, linear

from pagereel.assets import TRACES
from pagereel.film.tape import Tape, read_tape
from pagereel.film.timelapse import Times, make_film
from pagereel.request import prepared
from pagereel.stage import timing
from pagereel.stage.film.board import Board
from pagereel.stage.picture_scene import PictureScene

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import Mobject, VGroup

    from pagereel.film.timelapse import Film, Shot

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


class ReplayScene(PictureScene):
    """A scene made of a trace.

    A subclass names the trace that it shows and says in `construct` in which order. A user may
    choose another trace with the environment variable `PAGEREEL_STORY`, the film's length in
    seconds with `PAGEREEL_SECONDS`, and the theme with `PAGEREEL_THEME`.

    Attributes
    ----------
    film
        The trace, read and checked before anything is drawn, and its time-lapse.
    board
        The mobjects and their places.
    """

    default_trace: ClassVar[str]  # a file of assets/traces

    film: Film
    board: Board

    def setup(self) -> None:
        """Read the trace and build the board."""
        super().setup()
        path = self.options.story or TRACES / self.default_trace
        self.film = make_film(prepared(Tape, path) or read_tape(path), self.options.seconds, TIMES)
        size = (config.frame_width, config.frame_height)
        self.board = Board(self.film, size, theme=self.theme)

    def make_caption(self, text: str) -> VGroup:
        """Return a caption in its place."""
        return self.board.caption(text)

    def opening(self) -> None:
        """Write the title, lay out all frames, bring in what tells about them, and say so."""
        board = self.board
        self.next_section("opening")
        letters = board.title.letters()
        self.play(Write(letters), Following(board.grid, board.lay_out), run_time=timing.REVEAL)
        self.play(*(FadeIn(part) for part in board.entering), run_time=timing.SETTLED)
        self.clear()
        self.add(board.standing, board.moving)
        with self.saying(self.film.opening):
            pass

    def tell(self, number: int, shot: Shot) -> None:
        """Show a shot under its caption; nothing else moves while that comes or goes."""
        board, began = self.board, self.time
        self.next_section(f"shot-{number:02}")
        text, pace = board.caption(shot.caption), board.pace(shot)
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
        text = self.board.caption(said, color=self.theme.tagline)
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
