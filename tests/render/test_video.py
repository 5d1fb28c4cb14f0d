from __future__ import annotations

from argparse import ArgumentTypeError

import pytest

from pagereel.render.video import Video, chosen_video, formats, paced, playable, rate, size


def test_options_go_before_the_quality() -> None:
    assert chosen_video("l") == Video(854, 480, 15)
    assert chosen_video("l", (480, 854)) == Video(480, 854, 15)
    assert chosen_video("h", None, 30) == Video(1920, 1080, 30)
    exact = chosen_video("h", exact=True, stock=True)
    assert exact == Video(1920, 1080, 60, exact=True, stock=True)


@pytest.mark.parametrize("text", ["1080,1920", "1080x1920"])
def test_sizes(text: str) -> None:
    assert size(text) == (1080, 1920)


@pytest.mark.parametrize("text", ["", "1080", "1081,1920", "1080,0", "-2,2", "99998,2", "a,b"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is no width and height, such as 1080,1920; both"):
        size(text)


@pytest.mark.parametrize(("text", "fps"), [("24", 24.0), ("29.97", 29.97), ("1", 1.0)])
def test_rates(text: str, fps: float) -> None:
    assert rate(text) == fps


@pytest.mark.parametrize("text", ["", "0", "-1", "nan", "inf", "1e9", "many"])
def test_no_rates(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is no number of images a second, from 1 to 1000"):
        rate(text)


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


@pytest.mark.parametrize("text", ["", "mp4,", "mov", "MP4", "mp4 gif"])
def test_no_formats(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is no format; formats are mp4, webm, gif, webp, "):
        formats(text)


@pytest.mark.parametrize(
    ("fps", "played"),
    [(1000, 50), (60, 50), (50, 50), (30, 25), (24, 20), (15, 10), (1, 1), (3.5, 2)],
)
def test_what_a_gif_can_play(fps: float, played: int) -> None:
    assert playable(fps) == played


@pytest.mark.parametrize(
    ("chosen", "fps"),
    [(("mp4",), 60), (("mp4", "gif"), 60), (("gif",), 50), (("gif", "png"), 50), (("png",), 10)],
)
def test_no_more_is_drawn_than_can_be_seen(chosen: tuple[str, ...], fps: int) -> None:
    assert paced(chosen_video("h"), chosen) == Video(1920, 1080, fps)
