"""Sizes, shapes and speeds of the pictures that a scene is checked for."""

from __future__ import annotations

import pytest

from pagereel.check.output import NAMED, Output, parse_outputs
from pagereel.errors import CheckError
from pagereel.request import PREVIEW, QUALITIES, chosen_video


def sizes(*at: str, aspects: tuple[str, ...] = ()) -> list[tuple[int, int, int]]:
    return [(output.width, output.height, output.fps) for output in parse_outputs(at, aspects)]


def test_without_options_it_is_a_full_hd_video() -> None:
    assert parse_outputs() == (Output("1080p", 1920, 1080, 60),)


def test_names_are_what_we_render() -> None:
    videos = {f"{name}{fps}" for name, (_, fps) in NAMED.items() if name != "gif"}
    assert videos == {chosen_video(letter).label for letter in QUALITIES}
    assert NAMED["gif"] == (PREVIEW.height, PREVIEW.fps)


@pytest.mark.parametrize(
    ("at", "size"),
    [
        ("480p", (854, 480, 15)),  # as manim's own -ql
        ("720p", (1280, 720, 30)),
        ("2160p", (3840, 2160, 60)),
        ("gif", (960, 540, 20)),
        ("1024x768", (1024, 768, 60)),
        ("64x8192", (64, 8192, 60)),
    ],
)
def test_sizes(at: str, size: tuple[int, int, int]) -> None:
    assert sizes(at) == [size]


def test_every_size_in_every_shape() -> None:
    outputs = parse_outputs(["1080p, gif", "480p"], ["16:9", "9:16,1:1"])
    assert [output.label for output in outputs] == [
        *("1080p 16:9", "1080p 9:16", "1080p 1:1"),
        *("gif 16:9", "gif 9:16", "gif 1:1"),
        *("480p 16:9", "480p 9:16", "480p 1:1"),
    ]
    assert (outputs[4].width, outputs[4].height) == (540, 960)
    assert (outputs[8].width, outputs[8].height) == (480, 480)


def test_a_shape_takes_the_short_side_of_a_size() -> None:
    assert sizes("1280x800", aspects=("9:16", "1:1")) == [(800, 1422, 60), (800, 800, 60)]
    assert sizes("800x1280", aspects=("9:16", "1:1")) == [(800, 1422, 60), (800, 800, 60)]


def test_each_once() -> None:
    assert len(parse_outputs(["gif", "gif,1080p"], ["1:1", "1:1"])) == 2


@pytest.mark.parametrize(
    ("size", "label"),
    [("1280x720", "1280x720 16:9"), ("720x720", "720x720 1:1"), ("1024x768", "1024x768")],
)
def test_labels_name_the_shape_where_it_has_one(size: str, label: str) -> None:
    assert parse_outputs([size])[0].label == label


@pytest.mark.parametrize(
    ("at", "aspect", "message"),
    [
        ("1080", "16:9", r"--at: unknown output '1080'; did you mean 1080p\? known: 480p, 720p, "),
        ("1280X720", "16:9", "unknown output '1280X720'; .*, gif, or a size such as 1280x720"),
        ("1280x0", "16:9", "unknown output"),
        ("1280x719", "", "--at: 1280x719 is 1280 x 719 pixels; each side must be an even number"),
        ("32x32", "", "from 64 to 8192"),
        ("8194x64", "", "from 64 to 8192"),
        ("8192x8192", "16:9", "8192x8192 16:9 is 14564 x 8192 pixels; each side must"),
        ("gif,,480p", "", "--at: a name is missing in 'gif,,480p'"),
        ("", "", "--at: a name is missing in ''"),
        ("gif", "4:3", "--aspect: unknown shape '4:3'; shapes are 16:9, 9:16, 1:1"),
    ],
)
def test_what_is_no_output(at: str, aspect: str, message: str) -> None:
    with pytest.raises(CheckError, match=message):
        parse_outputs([at], [aspect] if aspect else [])
