"""The title, and the bar of captions at the foot of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Create, Write

from pagereel.stage.layout.places import MIN_CAP, CaptionPlace, px
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.shapes import rule
from pagereel.stage.text.label import Label, caption
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject, VGroup

    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_CAP = px(54)


class Title(Part[Extent, object]):
    """The story's title, written at the top."""

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        spot = region.line(_CAP)
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
