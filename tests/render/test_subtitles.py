from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import srt

from pagereel.render.formats.encode import webvtt, write_webvtt

if TYPE_CHECKING:
    from pathlib import Path

LINES = ["One.", "Two\nlines, <b> & c --> d", "3"]


def composed() -> str:
    return str(
        srt.compose(
            srt.Subtitle(
                number, timedelta(seconds=number), timedelta(hours=number, milliseconds=7), line
            )
            for number, line in enumerate(LINES, 1)
        )
    )


def test_they_become_those_of_web_pages() -> None:
    assert webvtt(composed()) == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 01:00:00.007\nOne.\n\n"
        "00:00:02.000 --> 02:00:00.007\nTwo\nlines, &lt;b&gt; &amp; c --&gt; d\n\n"
        "00:00:03.000 --> 03:00:00.007\n3\n"
    )


def test_without_subtitles_there_is_no_file(tmp_path: Path) -> None:
    write_webvtt(tmp_path / "a.srt")
    assert not [*tmp_path.iterdir()]
    (tmp_path / "a.srt").write_text(composed(), encoding="utf-8")
    write_webvtt(tmp_path / "a.srt")
    assert (tmp_path / "a.vtt").read_text(encoding="utf-8") == webvtt(composed())
