"""The source of what is said, for as long as it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, FadeIn

from pagereel.errors import StageError
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.lookup.acts import Act, Cite
from pagereel.stage.parts.source import source_line
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from manim import Mobject, VGroup

    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme
    from pagereel.story import Beat


class CitedSource(Part[Extent, Act]):
    """A line that says where a number comes from; nothing before something is cited."""

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.line: VGroup | None = None
        self._says = ""

    def rehearsal(self) -> Callable[[Beat], object]:
        """Refuse a price without a source, and a source that is too wide."""
        return lambda beat: self.lay_out(beat.source) if beat.act == "price" else None

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The line."""
        return [self.line] if self.line else []

    @property
    def shown(self) -> str:
        """What it says."""
        return self._says

    def enter(self) -> Movements:
        """Return nothing: it comes with what is cited."""
        return {}

    def show(self, change: Act) -> Movements:
        """Return the movement in which a source appears."""
        match change:
            case Cite(source):
                return {Phase.POINT: lambda: self._cite(source)}
            case _:
                return {}

    def lay_out(self, source: str | None) -> VGroup:
        """Return the line.

        Raises
        ------
        StageError
            If there is nothing to cite, or it is too wide.
        """
        if not source:
            raise StageError('the beat has no source to show; add source = "…"')
        return source_line(source, self.region, self.theme)

    def _cite(self, source: str) -> list[Animation]:
        self._says, self.line = source, self.lay_out(source)
        return [FadeIn(self.line)]
