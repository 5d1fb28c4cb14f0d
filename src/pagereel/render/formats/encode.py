"""What has been drawn, written into the files that are wanted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import srt
from manim import get_video_metadata

from pagereel.fast import write_mp4
from pagereel.render.formats.gif import write_gif
from pagereel.render.formats.poster import write_png
from pagereel.render.formats.subtitles import write_webvtt
from pagereel.render.formats.webm import write_webm
from pagereel.render.formats.webp import write_webp
from pagereel.render.video import CAPTIONED
from pagereel.render.workplace import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.fast import Drawings, Drawn

_WRITERS = {
    "mp4": write_mp4,
    "webm": write_webm,
    "gif": write_gif,
    "webp": write_webp,
    "png": write_png,
}


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
        videos = [each for each in formats if each in CAPTIONED]
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
        _WRITERS[each](drawn, folder / f"{drawn.stem}.{each}")
    if any(each in CAPTIONED for each in formats):
        write_subtitles(drawn.subcaptions, folder / f"{drawn.stem}.srt")


def write_subtitles(subtitles: Sequence[srt.Subtitle], target: Path) -> None:
    """Write subtitles as SubRip and, beside it, as WebVTT, if there are any."""
    if subtitles:
        target.write_text(srt.compose(subtitles), encoding="utf-8")  # as manim does
        write_webvtt(target)
