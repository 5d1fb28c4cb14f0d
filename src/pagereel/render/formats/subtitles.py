"""Subtitles: SubRip (.srt), as manim writes it, and the same for web pages (WebVTT, .vtt)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import srt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def write_subtitles(subtitles: Sequence[srt.Subtitle], target: Path) -> None:
    """Write subtitles as SubRip and, beside it, as WebVTT, if there are any."""
    if subtitles:
        target.write_text(srt.compose(subtitles), encoding="utf-8")  # as manim does
        write_webvtt(target)


def write_webvtt(subrip: Path) -> None:
    """Write the same subtitles beside a SubRip file, if there is one."""
    if subrip.is_file():
        text = webvtt(subrip.read_text(encoding="utf-8"))
        subrip.with_suffix(".vtt").write_text(text, encoding="utf-8")


def webvtt(subrip: str) -> str:
    """Return SubRip subtitles as WebVTT."""
    return "\n".join(["WEBVTT\n", *map(_cue, srt.parse(subrip))])


def _cue(subtitle: srt.Subtitle) -> str:
    start, end = (
        srt.timedelta_to_srt_timestamp(time).replace(",", ".")
        for time in (subtitle.start, subtitle.end)
    )
    # These would begin the name of a character, or a tag, which SubRip shows as they are.
    text = subtitle.content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{start} --> {end}\n{text}\n"
