"""The rules of a check: what each looks for, its threshold, and where that comes from."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pagereel.check.output import Output

SHORT_SIDE = 1080
"""Pixels of the short side of the picture that thresholds in pixels are given for."""
_OURS = "pagereel's own videos"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes
    ----------
    name
        As settings, comments and findings name it.
    says
        What must hold, in words.
    unit
        What the threshold counts, to follow the number; empty for a rule that is only on or off.
    default
        The threshold; for a rule that scales, of a picture whose short side is `SHORT_SIDE`.
    most
        The largest threshold that makes sense.
    scales
        Whether the threshold grows and shrinks with the picture's short side.
    least
        What it never shrinks below.
    gif
        The threshold of a GIF, where it has one of its own.
    source
        Where the default comes from.
    """

    name: str
    says: str
    unit: str
    default: float
    most: float = 10_000.0
    scales: bool = False
    least: float = 0.0
    gif: float | None = None
    source: str = _OURS

    def limit(self, output: Output) -> float:
        """Return the threshold for an output, where the user has set none."""
        if self.gif is not None and output.name == "gif":
            return self.gif
        if not self.scales:
            return self.default
        return max(self.least, self.default * min(output.width, output.height) / SHORT_SIDE)

    @property
    def threshold(self) -> str:
        """The default in words, such as `22 px (not under 9 px; GIF: 9 px)`."""
        if not self.unit:
            return "on"
        notes = [f"not under {self.least:g} {self.unit}"] if self.least else []
        notes += [] if self.gif is None else [f"GIF: {self.gif:g} {self.unit}"]
        return f"{self.default:g} {self.unit}" + (f" ({'; '.join(notes)})" if notes else "")


_ALL = (
    Rule(
        name="text-too-small",
        says="capitals are at least this high",
        unit="px",
        default=22,
        scales=True,
        least=9,
        gif=9,
    ),
    Rule(
        name="text-outside",
        says="a text keeps this much of the picture's width and height free at the edges",
        unit="%",
        default=3.5,
        most=50,
    ),
    Rule(
        name="text-overlap",
        says="two texts overlap by no more than this",
        unit="px",
        default=1,
        scales=True,
        least=1,
    ),
    Rule(
        name="line-through-text",
        says="a line reaches no further than this into a text",
        unit="px",
        default=1,
        scales=True,
        least=1,
    ),
    Rule(
        name="line-through-box",
        says="a connector runs no deeper than this through a closed shape that it does not end at",
        unit="px",
        default=2,
        scales=True,
        least=1,
    ),
    Rule(
        name="low-contrast",
        says="a text's colour has at least this contrast to what is drawn behind it",
        unit=": 1",
        default=4.5,
        most=21,
        source="WCAG 2.2, 1.4.3 (AA)",
    ),
    Rule(
        name="tiny-shape",
        says="the larger side of a closed shape is at least this long",
        unit="px",
        default=6,
        scales=True,
        least=3,
    ),
    Rule(
        name="empty-half",
        says="the fullest state spans at least this share of the picture's width and height",
        unit="of a side",
        default=0.5,
        most=1,
    ),
    Rule(
        name="caption-too-fast",
        says="a subcaption has at most this many, and stands for at least 1.5 s",
        unit="characters a second",
        default=17,
    ),
    Rule(
        name="caption-cross-fade",
        says="of two texts of this length at one place, one is gone before the other comes",
        unit="characters",
        default=12,
    ),
    Rule(
        name="too-short",
        says="what appears stands for at least this long",
        unit="s",
        default=0.3,
    ),
    Rule(
        name="flash",
        says="there are no more flashes than this in any second",
        unit="flashes a second",
        default=3,
        source="WCAG 2.2, 2.3.1 (general flash)",
    ),
    Rule(
        name="left-on-screen",
        says="where the last movement takes away more than this share, nothing is left",
        unit="of what is seen",
        default=0.5,
        most=1,
    ),
    Rule(
        name="missing-font",
        says="no text is drawn in another font than the one it asks for",
        unit="",
        default=1,
        most=1,
    ),
)
RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _ALL})
"""All rules by name."""


def markdown_table() -> str:
    """Return all rules as a Markdown table, without a line end after its last row."""
    rows = [f"| `{rule.name}` | {rule.threshold} | {rule.says} | {rule.source} |" for rule in _ALL]
    return "\n".join(
        ("| rule | default | what must hold | from |", "| --- | --- | --- | --- |", *rows)
    )
