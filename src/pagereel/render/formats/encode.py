"""Writes what has been drawn into files of all formats that are wanted, with their subtitles.

Subtitles are SubRip (.srt), as manim writes it, and the same for web pages (WebVTT, .vtt).
"""

from __future__ import annotations

import json
from dataclasses import replace
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import srt

from pagereel.render.formats.registry import FORMATS, file_name, have_subtitles, stem_of
from pagereel.render.workplace import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.fast import Drawings, Drawn


def encode(drawings: Drawings, formats: Sequence[str], target: Path) -> int:
    """Write files of all formats: of the scene, and of its sections into the folder `sections`.

    Returns how many images there are.

    If sections are wanted, manim's index of them is written, too, unless they are no videos.

    Parameters
    ----------
    target
        The file of the first format. All others go beside it.
    """
    folder = target.parent
    if drawings.whole is not None:
        stem = stem_of(target.name, formats[0]) or drawings.whole.stem
        _write(replace(drawings.whole, stem=stem), formats, folder)
    formats = [each for each in formats if not FORMATS[each].of_whole]
    if drawings.sections and formats:
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
    from manim import get_video_metadata  # noqa: PLC0415 (what only adds WebVTT does without manim)

    facts = {"name": section.name, "type": section.type, "video": video.name}
    return {**facts, **get_video_metadata(video)}


def _write(drawn: Drawn, formats: Sequence[str], folder: Path) -> None:
    for each in formats:
        write = resolve_name(FORMATS[each].writer)
        write(drawn, folder / file_name(drawn.stem, each))
    if have_subtitles(formats) and drawn.subcaptions:
        subrip = folder / f"{drawn.stem}.srt"
        subrip.write_text(srt.compose(drawn.subcaptions), encoding="utf-8")  # as manim does
        write_webvtt(subrip)


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
