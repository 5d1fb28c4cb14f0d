"""WebM, WebP and PNG files, read back."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from drawing import BLUE, DARK, HEIGHT, MOVING, ORANGE, WIDTH, draw, picture
from PIL import Image, ImageSequence
from pydub import AudioSegment
from pydub.generators import Sine

from pagereel.render.formats.poster import write_png
from pagereel.render.formats.sheet import write_sheet
from pagereel.render.formats.webm import write_webm
from pagereel.render.formats.webp import set_length, write_webp

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

EMPTY = picture(DARK)
TWO = picture(DARK, (0, BLUE), (30, ORANGE))
# 2 images, 2.5 s, and 1.5 s at 10 images a second, in two shards.
SHARDS = ([(MOVING[0], 1), (MOVING[1], 1), (TWO, 25)], [(MOVING[2], 15)])


def test_webm(tmp_path: Path) -> None:
    target = tmp_path / "a.webm"
    write_webm(draw(tmp_path / "kept", 10, *SHARDS), target)
    with av.open(str(target)) as container:
        stream = container.streams.video[0]
        images = {image.pts: image.to_ndarray(format="rgb24") for image in container.decode(stream)}
        context = stream.codec_context
        tags = context.color_range, context.colorspace, context.color_primaries, context.color_trc
        assert (context.name, context.pix_fmt, tags) == ("vp9", "yuv420p", (1, 1, 1, 1))
        assert stream.average_rate == 10
    # Shown again once a second, and at the end.
    assert [*images] == [0, 100, 200, 1200, 2200, 2600, 2700, 3700, 4100]
    for at, drawn in ((0, MOVING[0]), (100, MOVING[1]), (2600, TWO), (4100, MOVING[2])):
        assert np.abs(images[at].astype(int) - drawn[:, :, :3]).mean() < 3


def test_webm_is_the_same_every_time(tmp_path: Path) -> None:
    drawn = draw(tmp_path / "kept", 10, *SHARDS)
    for name in ("a.webm", "b.webm"):
        write_webm(drawn, tmp_path / name)
    assert (tmp_path / "a.webm").read_bytes() == (tmp_path / "b.webm").read_bytes()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_webm_is_heard(tmp_path: Path) -> None:
    sound = AudioSegment.silent(2000).append(Sine(440).to_audio_segment(1000), crossfade=0)
    target = tmp_path / "a.webm"
    write_webm(draw(tmp_path / "kept", 10, *SHARDS, sound=sound), target)
    with av.open(str(target)) as container:
        assert container.streams.audio[0].codec_context.name in {"opus", "libopus"}
        loud = np.concatenate([np.abs(f.to_ndarray()).max(0) for f in container.decode(audio=0)])
        rate = container.streams.audio[0].rate
    assert np.flatnonzero(loud > 0.1)[0] / rate == pytest.approx(2, abs=0.05)


def played(path: Path) -> list[tuple[NDArray[np.uint8], int]]:
    with Image.open(path) as image:
        assert image.info.get("loop", 0) == 0
        return [
            (np.asarray(each.convert("RGB")), each.info["duration"])
            for each in ImageSequence.Iterator(image)
        ]


def test_webp(tmp_path: Path) -> None:
    write_webp(draw(tmp_path / "kept", 10, *SHARDS), tmp_path / "a.webp")
    found = played(tmp_path / "a.webp")
    assert [milliseconds for _, milliseconds in found] == [100, 100, 2500, 1500]
    for (pixels, _), drawn in zip(found, (MOVING[0], MOVING[1], TWO, MOVING[2]), strict=True):
        assert np.abs(pixels.astype(int) - drawn[:, :, :3]).mean() < 3


def test_webp_at_a_rate_that_is_no_whole_number_of_milliseconds(tmp_path: Path) -> None:
    images = [(image, 1) for image in MOVING[:7]]
    write_webp(draw(tmp_path / "kept", 60, images), tmp_path / "a.webp")
    assert sum(milliseconds for _, milliseconds in played(tmp_path / "a.webp")) == 117


def test_a_webp_of_one_image(tmp_path: Path) -> None:
    write_webp(draw(tmp_path / "kept", 10, [(TWO, 5)]), tmp_path / "a.webp")
    with Image.open(tmp_path / "a.webp") as image:
        assert image.size == (WIDTH, HEIGHT)


def test_a_webp_with_other_chunks_keeps_them() -> None:
    image = struct.pack("<4sI12sI", b"ANMF", 17, b"", 80) + b"x\0"  # filled up to an even size
    data = bytearray(b"RIFF\0\0\0\0WEBP" + image + image + struct.pack("<4sI4s", b"EXIF", 3, b"a"))
    expected = data.copy()
    at = 12 + len(image) + 8 + 12
    expected[at : at + 3] = (1000 - 80).to_bytes(3, "little")
    set_length(data, 1000)
    assert data == expected


FAINT = picture(DARK, (0, (20, 27, 34)))
FADING = picture((20, 23, 29), (0, BLUE))


@pytest.mark.parametrize(
    ("shards", "poster"),
    [
        ([[(MOVING[0], 30), (TWO, 1)]], TWO),
        ([[(MOVING[0], 30)], [(TWO, 30), (FADING, 1), (EMPTY, 9)]], TWO),
        ([[(MOVING[0], 1), (TWO, 1), (MOVING[1], 1), (EMPTY, 30)]], TWO),
        ([[(TWO, 1), (picture(DARK, (0, ORANGE), (50, BLUE)), 1), (EMPTY, 1)]], None),
        ([[(MOVING[0], 30)], [(TWO, 30), (FAINT, 1)]], TWO),
        ([[(EMPTY, 30)]], EMPTY),
    ],
    ids=[
        "the last",
        "the last that stood",
        "the fullest",
        "the last of the fullest",
        "no fade",
        "empty",
    ],
)
def test_a_poster(
    tmp_path: Path,
    shards: list[list[tuple[NDArray[np.uint8], int]]],
    poster: NDArray[np.uint8] | None,
) -> None:
    write_png(draw(tmp_path / "kept", 10, *shards), tmp_path / "a.png")
    expected = shards[0][1][0] if poster is None else poster
    with Image.open(tmp_path / "a.png") as image:
        assert image.mode == "RGB"
        assert (np.asarray(image) == expected[:, :, :3]).all()


BEFORE = picture(DARK, (0, BLUE), (20, BLUE), (40, BLUE))
CAPTION = picture(DARK, (0, BLUE), (60, ORANGE))
FADED = picture(DARK, (0, BLUE), (60, (18, 20, 26)))


@pytest.mark.parametrize(
    ("pictures", "chosen"),
    [
        ([(BEFORE, 3), (CAPTION, 13), (FADED, 1)], 1),
        ([(CAPTION, 20), (FADED, 1), (picture(DARK, (0, BLUE)), 30)], 0),
        ([(CAPTION, 20), (TWO, 10), (EMPTY, 30)], 1),
        ([(EMPTY, 20), (CAPTION, 1), (BEFORE, 1), (CAPTION, 1)], 2),
        ([(EMPTY, 20)], 0),
    ],
    ids=["not as before", "not without its caption", "the last", "nothing stands", "empty"],
)
def test_the_still_of_a_section_shows_its_fullest_moment(
    tmp_path: Path, pictures: list[tuple[NDArray[np.uint8], int]], chosen: int
) -> None:
    drawn = draw(tmp_path / "kept", 10, pictures, name="a", type="default.normal")
    write_png(drawn, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert (np.asarray(image) == pictures[chosen][0][:, :, :3]).all()


def cells(sheet: Path, rows: int, columns: int) -> list[list[bool]]:
    """Return where on a sheet there is a picture, row by row."""
    with Image.open(sheet) as image:
        pixels = np.asarray(image)
    found = []
    for band in np.array_split(pixels, rows):
        middles = [
            cell[cell.shape[0] // 2, cell.shape[1] // 2]
            for cell in np.array_split(band, columns, axis=1)
        ]
        found.append([bool((middle != pixels[0, 0]).any()) for middle in middles])
    return found


def test_a_sheet_has_a_picture_of_each_section(tmp_path: Path) -> None:
    # One picture may stand still from one section to the next.
    shards = [[(EMPTY, 10), (TWO, 20)], [(BEFORE, 10), (EMPTY, 1)]]
    chapters = (("a", 0, 10), ("b", 10, 20), ("c", 20, 30), ("d", 30, 41))
    write_sheet(draw(tmp_path / "kept", 10, *shards, chapters=chapters), tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        colours = {color for _, color in image.getcolors(10**6) or ()}
        assert image.width == 1920
    assert cells(tmp_path / "a.png", 2, 2) == [[True, True], [True, True]]
    assert {DARK, BLUE, ORANGE} <= colours


def test_the_name_of_a_section_ends_below_its_picture(tmp_path: Path) -> None:
    chapters = tuple((100 * "a", first, first + 5) for first in (0, 5, 10, 15))
    write_sheet(draw(tmp_path / "kept", 10, [(TWO, 20)], chapters=chapters), tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        pixels = np.asarray(image)
    gaps = pixels[:, [*range(24), *range(948, 972), *range(1896, 1920)]]
    assert (gaps == pixels[0, 0]).all()


@pytest.mark.parametrize(("images", "rows", "columns"), [(100, 4, 3), (2, 2, 1)])
def test_a_sheet_of_a_film_without_sections(
    tmp_path: Path, images: int, rows: int, columns: int
) -> None:
    write_sheet(draw(tmp_path / "kept", 10, [(TWO, images)]), tmp_path / "a.png")
    assert cells(tmp_path / "a.png", rows, columns) == [[True] * columns] * rows
