"""Subtitles for web pages (WebVTT, .vtt), made from those in SubRip's format (.srt)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TIME = r"(\d+:\d\d:\d\d),(\d{3})"
_CUE = re.compile(
    rf"^\d+\n{_TIME} --> {_TIME}[^\n]*\n(.*?)(?:\n\n|\n*\Z)", re.DOTALL | re.MULTILINE
)


def write_webvtt(srt: Path) -> None:
    """Write the same subtitles beside a SubRip file, if there is one."""
    if srt.is_file():
        text = webvtt(srt.read_text(encoding="utf-8"))
        srt.with_suffix(".vtt").write_text(text, encoding="utf-8")


def webvtt(srt: str) -> str:
    """Return SubRip subtitles as WebVTT."""
    return "\n".join(["WEBVTT\n", *(_cue(*found.groups()) for found in _CUE.finditer(srt))])


def _cue(start: str, start_ms: str, end: str, end_ms: str, text: str) -> str:
    # These would begin the name of a character, or a tag, which SubRip shows as they are.
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{start}.{start_ms} --> {end}.{end_ms}\n{shown}\n"
