"""`RaceScene`: a manim scene that shows two traces of one workload on one clock."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, ClassVar

from manim import UP, FadeIn, FadeOut, Group, Write, smooth

from pagereel.assets import TRACES
from pagereel.compare.comparison import Comparison, compare_traces
from pagereel.compare.race import USUAL_LENGTH, plan_race
from pagereel.errors import CompareError, GlyphError, RequestError
from pagereel.request import TracePair, prepared
from pagereel.stage import timing
from pagereel.stage.compare.board import RaceBoard
from pagereel.stage.compare.card import ResultCard
from pagereel.stage.compare.curve import TwinCurve
from pagereel.stage.compare.plate import DonePlate
from pagereel.stage.compare.race_part import RaceTitle
from pagereel.stage.compare.requests import RequestStrips
from pagereel.stage.compare.said import RaceCaptions
from pagereel.stage.film.scene import Following
from pagereel.stage.layout.places import px
from pagereel.stage.picture_scene import PictureScene
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import Mobject, VGroup

    from pagereel.compare.race import Lap, Race
    from pagereel.compare.stops import Caption, Stop

_HAIR = 1e-6  # of a tick: shares of time are rounded
_STEPS = 8  # in which light comes and goes
_MOVES = {"gap": timing.GROW, "done": timing.GROW}  # what moves at a stop, by its kind
_CLEARED = 0.4  # of the time in which the strips come to the card: nothing else is there then
_UP = px(16)  # by which pools and curves move as they leave


class RaceScene(PictureScene):
    """A scene made of two traces of the same workload.

    A subclass names its traces, its parts and their arrangement, and says in `construct` in which
    order they are shown. A user may choose other traces, names for them, and the film's length.

    Attributes
    ----------
    race
        The comparison, made before anything is drawn, and its time-lapse.
    board
        The race on its stage.
    """

    default_traces: ClassVar[tuple[str, str]]  # files of assets/traces

    race: Race
    board: RaceBoard

    def setup(self) -> None:
        """Compare the traces and build the board."""
        super().setup()
        comparison = self._compared()
        length = self.options.seconds or USUAL_LENGTH

        def stop_time(stop: Stop) -> float:
            captions = stop.caption, stop.after
            return _stop_time(stop, *(caption.plain(comparison.names) for caption in captions))

        self.race = plan_race(comparison, length - _besides(comparison), stop_time)
        try:
            self.build(self.race)
        except GlyphError as error:  # of a name or a note
            raise CompareError(str(error)) from error
        self.board = RaceBoard(self.race, self.stage)

    def _compared(self) -> Comparison:
        """Return the comparison of the traces that are asked for, or of the scene's own."""
        if self.options.story is not None:
            says = "is one trace or story, and Compare shows two traces"
            raise RequestError(f"{self.options.story}: this {says}; use pagereel compare A B -o")
        first, second = (TRACES / name for name in self.default_traces)
        pair = self.options.pair or TracePair(first, second)
        known = prepared(Comparison, pair.first)
        return known or compare_traces((pair.first, pair.second), pair.names)

    def opening(self) -> None:
        """Write the title, let one pool become two, and bring in what tells about them."""
        self.begin_film()
        board = self.board
        self.next_section("opening")
        pictures = Group(*reversed(board.pools.pictures))
        board.pools.part_ways(0)
        title = self.stage.part(RaceTitle).title
        self.move(
            Write(title.letters()), Following(pictures, board.pools.lay_out), seconds=timing.REVEAL
        )
        self._follow(pictures, lambda share: board.pools.part_ways(smooth(share)), timing.DIVIDE)
        self.move(*(FadeIn(part) for part in board.entering(title)), seconds=timing.SETTLED)
        self.clear()
        self.add(board.standing, board.moving)
        caption = self.race.comparison.opening
        with self.saying(self._plain(caption), drawn=self._said(caption)):
            pass

    def run(self, lap: Lap) -> None:
        """Let the clock run, and stand still where there is something to say."""
        board = self.board
        self.next_section(lap.stop.kind if lap.stop else "end")
        self._follow(board.moving, board.follow(lap), lap.seconds)
        board.pools.settle()
        if lap.stop:
            self._stop(lap.stop)

    def result(self) -> None:
        """Let the strips come to lie one above the other, and say what it comes to."""
        self.next_section("result")
        began, told = self.time, self.told
        card = self.stage.part(ResultCard)
        self._clear_for_card()
        for number in range(len(card.headlines)):
            self.move(*card.say(number), seconds=timing.HEADLINE)
        if card.rules:
            self.move(*card.open(), seconds=timing.BOX)
        for number in range(len(card.boxes)):
            self.move(*card.count(number), seconds=timing.BOX)
        if card.command:
            self.move(*map(FadeIn, card.command), seconds=timing.BOX)
        says = " ".join(self._headlines())
        self.rest(timing.hold_after(self.told - told, says, least=timing.RESULT))
        self.add_subcaption(says, duration=self.time - began, offset=began - self.time)
        if not self.session_spec.output.is_still:  # a still shows the end of the story
            self.move(*(FadeOut(each) for each in self.mobjects), seconds=Phase.END.seconds)
            self.end_film()

    def _stop(self, stop: Stop) -> None:
        """Light what a caption speaks of, say it, and let both leave together."""
        board, pools = self.board, self.board.pools
        lit = any(stop.frames)
        if lit:
            self._follow(board.moving, self._lighting(stop, on=True), timing.LIGHT)
        off = [Following(board.moving, self._lighting(stop, on=False))]
        with self.saying(
            self._plain(stop.caption),
            drawn=self._said(stop.caption),
            leaving=off if lit and stop.end is None else [],
            least=timing.STOPS[stop.kind],
        ):
            if stop.kind == "gap":
                self._follow(board.moving, pools.swell, timing.GROW)
            elif stop.kind == "done":
                plate = self.stage.part(DonePlate)
                moves = [*pools.clear(stop.side), *plate.drop(stop.side, stop.moment)]
                self.move(*moves, seconds=timing.GROW)
        if stop.end is not None:
            with self.saying(self._plain(stop.after), drawn=self._said(stop.after)):
                self._lose(stop, stop.end)

    def _lose(self, stop: Stop, end: int) -> None:
        """Go on to the moment at which a request has lost its frames: they become free."""
        pools = self.board.pools
        lit = pools.pixels()
        pools.point_out(stop.frames, 0)
        self.board.go_on([end])
        pools.settle()
        after = pools.pixels()
        self._follow(
            self.board.moving, lambda share: pools.blend(lit, after, smooth(share)), timing.EMPTY
        )

    def _lighting(self, stop: Stop, *, on: bool) -> Callable[[float], None]:
        """Return what lights the frames of which a caption speaks, by a share of the time."""
        shown = -1

        def light(share: float) -> None:
            nonlocal shown
            # Rounded up: what is spoken of stays lit until the caption has gone.
            step = ceil((share if on else 1 - share) * _STEPS - _HAIR)
            if step != shown:  # several images show the same
                self.board.pools.point_out(stop.frames, smooth(step / _STEPS))
                shown = step

        return light

    def _clear_for_card(self) -> None:
        """Let all but title and strips leave upwards; then the strips stretch."""
        pools, strips = self.board.pools, self.stage.part(RequestStrips)
        curve, title = self.stage.part(TwinCurve), self.stage.part(RaceTitle)
        sheets = [*pools.pictures, *([curve.sheet] if curve.sheet else [])]
        stay = [*title.mobjects, *strips.mobjects]
        parts = [*self.board.standing.submobjects, *self.board.moving.submobjects]
        plate = self.stage.part(DonePlate).mobjects
        leaving = [*(each for each in parts if each not in (*stay, *sheets)), *plate]
        self.clear()
        self.add(*sheets, *leaving, *stay)
        plain = pools.pixels()

        def move(share: float) -> None:
            gone = smooth(min(1.0, share / _CLEARED))
            pools.fade(plain, gone, _UP * gone)
            curve.fade(gone, _UP * gone)
            strips.to_card(smooth(max(0.0, (share - _CLEARED) / (1 - _CLEARED))))

        left = [
            FadeOut(each, shift=_UP * UP)
            for each in leaving
            if each.has_points() or each.submobjects
        ]
        self.move(
            *timing.within((0, _CLEARED), left),
            Following(Group(*sheets, *strips.mobjects), move),
            seconds=timing.STRETCH,
        )
        self.remove(*sheets)

    def _follow(self, mobject: Mobject, change: Callable[[float], None], seconds: float) -> None:
        self.move(Following(mobject, change), seconds=seconds)

    def _said(self, caption: Caption) -> VGroup:
        return self.stage.part(RaceCaptions).said(caption)

    def _plain(self, caption: Caption) -> str:
        return caption.plain(self.race.comparison.names)

    def _headlines(self) -> list[str]:
        names = self.race.comparison.names
        result = self.race.comparison.result
        return [
            text if side is None else f"{names[side]}: {text}" for side, text in result.headlines
        ]


def _stop_time(stop: Stop, says: str, after: str) -> float:
    """Return how many seconds a stop takes at which so much is said, and behind it."""
    lit = timing.LIGHT if any(stop.frames) else 0.0
    whole = lit + _said_time(_MOVES.get(stop.kind, 0.0), says, timing.STOPS[stop.kind])
    return whole + (_said_time(timing.EMPTY, after) if after else 0.0)


def _said_time(moved: float, says: str, least: float = timing.HOLD) -> float:
    """Return how long a caption takes during which something moves."""
    moved += timing.SETTLE
    return 2 * timing.CAPTION + moved + timing.hold_after(moved, says, least=least)


def _besides(comparison: Comparison) -> float:
    """Return how long opening and result take."""
    opening = timing.REVEAL + timing.DIVIDE + timing.SETTLED
    opening += _said_time(0.0, comparison.opening.plain(comparison.names))
    result = comparison.result
    shown = timing.STRETCH + timing.HEADLINE * len(result.headlines)
    shown += timing.BOX * (len(result.boxes) + bool(result.boxes) + 1)
    return opening + shown + timing.RESULT + Phase.END.seconds
