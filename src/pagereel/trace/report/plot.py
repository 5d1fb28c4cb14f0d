"""A small chart of a pool's use over a trace, as SVG."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.cache import Ledger
    from pagereel.trace.records import Header

_MOST_POINTS = 1024
# In pixels: the chart, and the margins around it.
_WIDTH, _HEIGHT = 840, 240
_LEFT, _TOP, _RIGHT, _BOTTOM = 70, 40, 20, 50
_HELD, _CACHED, _INK, _LINE = "#2f6fb5", "#e0a63a", "#222222", "#bbbbbb"
_FONT = 'font-family="sans-serif" font-size="13"'


@dataclass(slots=True)
class Curve:
    """How many frames are held and cached, in as few points as a chart can show.

    A point stands for several events, and shows the one with the most frames in use. Memory does
    not grow with the trace: when there are too many points, each two become one.

    Parameters
    ----------
    first
        The number of the first event.
    """

    first: int = 1
    points: list[tuple[int, int]] = field(default_factory=list)
    events: int = 0
    _each: int = 1
    _filled: int = 0

    def add(self, ledger: Ledger) -> None:
        """Add the cache after the next event."""
        self.events += 1
        point = (ledger.held_count, len(ledger.cached))
        if self._filled:
            self.points[-1] = max(self.points[-1], point, key=sum)
        else:
            self.points.append(point)
        self._filled = (self._filled + 1) % self._each
        if not self._filled and len(self.points) == _MOST_POINTS:
            pairs = zip(self.points[::2], self.points[1::2], strict=True)
            self.points = [max(pair, key=sum) for pair in pairs]
            self._each *= 2


def svg_of(curve: Curve, header: Header) -> str:
    """Draw the chart.

    Returns
    -------
    str
        A complete SVG file, with a title for screen readers.
    """
    frames = header.frames
    width, height = _WIDTH + _LEFT + _RIGHT, _HEIGHT + _TOP + _BOTTOM
    points = curve.points or [(0, 0)]
    step = _WIDTH / len(points)
    title = f"{header.engine}: use of {counted(frames, 'frame')}"

    def area(values: Sequence[int], color: str) -> str:
        return f'<path d="{_area(values, step, frames)}" fill="{color}"/>'

    both = [held + cached for held, cached in points]
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(_LEFT, 22, title[:100], "start"),
        area(both, _CACHED),
        area([held for held, _ in points], _HELD),
        *_axes(frames, curve.first, curve.first + curve.events - 1),
        *_legend(),
        "</svg>",
    )
    return "\n".join(parts) + "\n"


def _area(values: Sequence[int], step: float, frames: int) -> str:
    """Return the outline of an area under a staircase."""
    down = _TOP + _HEIGHT
    corners = [f"M{_LEFT} {down}"]
    for index, value in enumerate(values):
        y = down - _HEIGHT * value / frames
        corners.append(f"V{y:.1f}H{_LEFT + step * (index + 1):.1f}")
    return f"{''.join(corners)}V{down}Z"


def _axes(frames: int, first: int, last: int) -> list[str]:
    down = _TOP + _HEIGHT
    lines = []
    for share in (0, 0.5, 1):
        y = down - _HEIGHT * share
        lines.append(f'<path d="M{_LEFT} {y}h{_WIDTH}" stroke="{_LINE}" fill="none"/>')
        lines.append(_text(_LEFT - 8, y + 4, f"{frames * share:g}", "end"))
    lines.append(_text(_LEFT, down + 18, f"event {first}", "start"))
    lines.append(_text(_LEFT + _WIDTH, down + 18, f"event {last}", "end"))
    return lines


def _legend() -> list[str]:
    y = _TOP + _HEIGHT + 30
    parts = []
    for x, color, word in ((_LEFT, _HELD, "held"), (_LEFT + 80, _CACHED, "cached")):
        parts.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{color}"/>')
        parts.append(_text(x + 18, y + 11, word, "start"))
    return parts


def _text(x: float, y: float, words: str, anchor: str) -> str:
    place = f'x="{x}" y="{y}" text-anchor="{anchor}"'
    return f'<text {place} {_FONT} fill="{_INK}">{escape(words)}</text>'
