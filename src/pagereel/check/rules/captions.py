"""Subcaptions: whether they stand long enough to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.check.see.parts import Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import srt

_SHORTEST = 1.5  # seconds, for any caption


def too_fast(captions: Iterable[srt.Subtitle], most: float) -> Iterator[tuple[float, Hit]]:
    """Yield when captions begin that have more than `most` characters a second."""
    for caption in captions:
        text = " ".join(caption.content.split())
        begins, stands = caption.start.total_seconds(), (caption.end - caption.start)
        seconds = max(stands.total_seconds(), 1e-3)
        speed = len(text) / seconds
        if speed > most * 1.001:
            about = f"{speed:.0f} characters a second; {most:g} is the most"
        elif seconds < _SHORTEST - 1e-3:
            about = f"{seconds:.1f} s; {_SHORTEST:g} s is the least"
        else:
            continue
        yield begins, Hit("caption-too-fast", text, f"the caption {text!r} has {about}", None)
