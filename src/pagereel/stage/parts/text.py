"""Parts that are text: the title, the captions, and the state of the cache in print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Create, VGroup, Write

from pagereel.stage.layout.places import MIN_CAP, MONO_ADVANCE, CaptionPlace, CounterNeed, Need, px
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.shapes import rule
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label, Rolling, caption, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.cache import CacheState, Step
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme


_TITLE_CAP, _STATE_CAP = px(54), px(30)
_PREFIX = "free: "
_SPACE = 0.5  # between a number and its word, in heights of a capital
_BETWEEN = 0.9  # between a word and the next number


class Title(Part[Extent, object]):
    """The story's title, written at the top."""

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        spot = region.line(_TITLE_CAP)
        label = Label(told.title, Face.SERIF, cap=spot.cap, color=theme.title, width=spot.width)
        if label.cap < MIN_CAP:
            says = f"the text {told.title!r} is too wide for this picture; shorten it"
            raise LimitError(says, key="title")
        self.letters = label.put_in(spot).letters()

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Its letters."""
        return [self.letters]

    @property
    def shown(self) -> str:
        """What it says."""
        return self.letters.text

    def enter(self) -> Movements:
        """Return the movement in which it is written."""
        return {Phase.TITLE: lambda: [Write(self.letters)]}


class CaptionBar(Part[object, object]):
    """The line at the foot of the picture and the captions below it, one at a time.

    What the captions say, and when, is the scene's.
    """

    def __init__(self, told: object, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.place = CaptionPlace.within(region)
        self.rule = rule(region.left, region.right, self.place.rule, color=theme.line)
        self._laid_out: dict[tuple[str, str], VGroup] = {}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The line."""
        return [self.rule]

    @property
    def shown(self) -> None:
        """Nothing of its own."""

    def enter(self) -> Movements:
        """Return the movement in which the line is drawn."""
        return {Phase.LABEL: lambda: [Create(self.rule)]}

    def caption(self, text: str, *, color: str | None = None) -> VGroup:
        """Return a caption in its place, laid out once; in ink unless a colour is given.

        Raises
        ------
        StageError
            If it is too wide.
        """
        key = (text, color or self.theme.ink)
        if key not in self._laid_out:
            self._laid_out[key] = caption(text, self.place, color=key[1])
        return self._laid_out[key]


class FreeMask(Part[Extent, "Step"]):
    """The free mask as `free: 11111111`, lowest bit rightmost; set bits in the colour of free."""

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        spot, literal = region.line(_STATE_CAP), told.initial.mask_literal
        characters = len(_PREFIX) + len(literal)
        cap = min(spot.cap, spot.width / (characters * MONO_ADVANCE))
        advance = MONO_ADVANCE * cap
        left = spot.x - (spot.align + 1) / 2 * characters * advance
        self.prefix = Label(_PREFIX.strip(), Face.MONO, cap=cap, color=theme.dim)
        self.prefix.put(left, spot.y, -1)
        start = left + (len(_PREFIX) + 0.5) * advance
        self.literal = Rolling(
            [*literal],
            lambda cell, text: digit(text, cap, theme).put(start + cell * advance, spot.y),
        )

    @classmethod
    def need(cls, told: Extent) -> Need:
        """Return the width of all its digits and the height of one."""
        width = (len(_PREFIX) + told.frames) * MONO_ADVANCE
        return Need((width * MIN_CAP, MIN_CAP), (width * _STATE_CAP, _STATE_CAP))

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Prefix and literal."""
        return [self.prefix, self.literal]

    @property
    def shown(self) -> str:
        """The literal, most significant bit left."""
        return "".join(self.literal.texts)

    def show(self, change: Step) -> Movements:
        """Return the movements by which its digits change."""
        return {Phase.FLIP: lambda: self.literal.roll([*change.after.mask_literal])}


class Counter(Part[Extent, "Step"]):
    """How many frames are in use, such as `5 of 8 frames in use`, or held, cached and free."""

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        spot = region.line(_STATE_CAP, align=1)
        words = _words(told, brief=spot.brief)
        # No number becomes larger than that of the frames that are free at first.
        largest = str(len(told.initial.free_frames))
        slot = text_width("0" * len(largest), Face.SERIF)
        across = sum(text_width(word, Face.SERIF) for word in words)
        if len(words) > 1:  # one number alone stands before the place of its word
            across += len(words) * (slot + _SPACE) + (len(words) - 1) * _BETWEEN
        cap, x = min(spot.cap, spot.width / across), spot.x
        self.words = VGroup()
        rights: list[float] = []
        for word in reversed(words):
            label = Label(word, Face.SERIF, cap=cap, color=theme.dim).put(x, spot.y, spot.align)
            self.words.add(label)
            rights.insert(0, label.get_left()[0] - _SPACE * cap)
            x = rights[0] - (slot + _BETWEEN) * cap
        self.numbers = Rolling(
            _numbers(told.initial)[: len(words)],
            lambda cell, text: Label(text, Face.SERIF, cap=cap, color=theme.ink).put(
                rights[cell], spot.y, 1
            ),
        )

    @classmethod
    def need(cls, told: Extent) -> Need:
        """Return how many numbers it has."""
        return CounterNeed(counts=3 if told.caches else 1)

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The numbers and the words behind them."""
        return [self.numbers, self.words]

    @property
    def shown(self) -> list[str]:
        """Its numbers: held; then, where there is room, cached and free."""
        return self.numbers.texts

    def show(self, change: Step) -> Movements:
        """Return the movements by which its numbers change; those without a place are left out."""
        numbers = _numbers(change.after)[: len(self.numbers)]
        return {Phase.FLIP: lambda: self.numbers.roll(numbers)}


def digit(text: str, cap: float, theme: Theme) -> Label:
    """Return a bit of the mask."""
    color = theme.free if text == "1" else theme.dim
    return Label(text, Face.MONO, cap=cap, color=color)


def _numbers(state: CacheState) -> list[str]:
    return [str(len(frames)) for frames in (state.holders, state.cached, state.free_frames)]


def _words(told: Extent, *, brief: bool) -> tuple[str, ...]:
    """Return what stands behind each number."""
    if told.caches:
        return tuple(map(say, ("held", "cached") if brief else ("held", "cached", "free")))
    usable = told.frames - len(told.initial.reserved)
    return (say("of {} in use" if brief else "of {} frames in use", usable),)
