"""What has been drawn, written into the files that are wanted."""

from __future__ import annotations

import json
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from manim import get_video_metadata

from pagereel.render.formats.registry import FORMATS, have_subtitles
from pagereel.render.formats.subtitles import write_subtitles
from pagereel.render.workplace import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.fast import Drawings, Drawn


def encode(drawings: Drawings, formats: Sequence[str], folder: Path) -> int:
    """Write files of all formats into a folder: of the scene, and of its sections in `sections`.

    Returns how many images there are.

    If sections are wanted, manim's index of them is written, too, unless they are no videos.
    """
    if drawings.whole is not None:
        _write(drawings.whole, formats, folder)
    if drawings.sections:
        inner = folder / SECTIONS
        inner.mkdir()
        for section in drawings.sections:
            _write(section, formats, inner)
        videos = [each for each in formats if FORMATS[each].has_subtitles]
        if drawings.whole is not None and videos:
            index = [_entry(each, inner / f"{each.stem}.{videos[0]}") for each in drawings.sections]
            text = json.dumps(index, indent=4)
            (inner / f"{drawings.whole.stem}.json").write_text(text, encoding="utf-8")
    if drawings.whole is not None:
        return drawings.whole.images
    return sum(section.images for section in drawings.sections)


def _entry(section: Drawn, video: Path) -> dict[str, Any]:
    """Return what manim's index says about a section."""
    facts = {"name": section.name, "type": section.type, "video": video.name}
    return {**facts, **get_video_metadata(video)}


def _write(drawn: Drawn, formats: Sequence[str], folder: Path) -> None:
    for each in formats:
        write = resolve_name(FORMATS[each].writer)
        write(drawn, folder / f"{drawn.stem}.{each}")
    if have_subtitles(formats):
        write_subtitles(drawn.subcaptions, folder / f"{drawn.stem}.srt")
