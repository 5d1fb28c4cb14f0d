"""The registry of output formats."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pkgutil import resolve_name

import pytest

from pagereel.render.formats.registry import (
    FORMATS,
    file_name,
    formats,
    have_subtitles,
    paced,
    stem_of,
)
from pagereel.request import Video, chosen_video


@pytest.mark.parametrize("name", FORMATS)
def test_each_has_a_writer(name: str) -> None:
    made = FORMATS[name]
    assert callable(resolve_name(made.writer)) if made.writer else made.by_stock


def test_what_subtitles_lie_beside() -> None:
    assert [name for name in FORMATS if have_subtitles([name])] == ["mp4", "webm", "mov"]
    assert have_subtitles(["gif", "webm"])


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("mp4", ("mp4",)),
        ("gif,mp4", ("mp4", "gif")),
        ("png, webp,webm,png", ("webm", "webp", "png")),
    ],
)
def test_formats(text: str, chosen: tuple[str, ...]) -> None:
    assert formats(text) == chosen


@pytest.mark.parametrize("text", ["", "mp4,", "avi", "MP4", "mp4 gif"])
def test_no_formats(text: str) -> None:
    with pytest.raises(
        ArgumentTypeError, match="is not a format; name some of mp4, webm, gif, webp"
    ):
        formats(text)


def test_stills_are_made_alone() -> None:
    assert formats("stills") == ("stills",)
    with pytest.raises(ArgumentTypeError, match="stills are made alone; take --format stills"):
        formats("mp4,stills")


def test_what_files_are_called() -> None:
    names = {name: file_name("v1.2", name) for name in ("mp4", "png", "sheet")}
    assert names == {"mp4": "v1.2.mp4", "png": "v1.2.png", "sheet": "v1.2-sheet.png"}
    assert {stem_of(file, name) for name, file in names.items()} == {"v1.2"}
    assert stem_of("v1.2.gif", "mp4") is None
    assert stem_of(".mp4", "mp4") is None


@pytest.mark.parametrize(
    ("fps", "played"),
    [(1000, 50), (60, 50), (50, 50), (30, 25), (24, 20), (15, 10), (1, 1), (3.5, 2)],
)
def test_what_a_gif_can_play(fps: float, played: int) -> None:
    assert FORMATS["gif"].playable(fps) == played
    assert FORMATS["mp4"].playable(fps) == fps


@pytest.mark.parametrize(
    ("chosen", "fps"),
    [(("mp4",), 60), (("mp4", "gif"), 60), (("gif",), 50), (("gif", "png"), 50), (("png",), 10)],
)
def test_no_more_is_drawn_than_can_be_seen(chosen: tuple[str, ...], fps: int) -> None:
    assert paced(chosen_video("h"), chosen) == Video(1920, 1080, fps)
