"""Shards and sound are joined into one video."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from drawing import BLUE, DARK, HEIGHT, LIGHT, MOVING, WIDTH, draw, picture
from pydub import AudioSegment

from pagereel.errors import RenderError
from pagereel.fast import write_mp4
from pagereel.fast.boxes import whole
from pagereel.fast.encode import mp4
from pagereel.fast.encode.shard import ShardEncoder
from pagereel.fast.encode.x264 import VideoFormat
from pagereel.fast.encode.yuv import YuvPicture

if TYPE_CHECKING:
    from pathlib import Path

SHARDS = ([(MOVING[0], 3), (MOVING[1], 2)], [(picture(LIGHT, (5, BLUE)), 4)])


def encode(path: Path, width: int) -> Path:
    encoder = ShardEncoder(path, VideoFormat(width, HEIGHT, Fraction(10)))
    pixels: Any = picture(DARK)[:, :width]
    encoder.add(pixels, [(0, 0, width, HEIGHT)], 5)
    encoder.finish()
    return path


def test_shards_of_images_are_encoded_and_joined(tmp_path: Path) -> None:
    drawn = draw(tmp_path, 10, *SHARDS, chapters=(("one", 0, 5), ("two", 5, 9)))
    write_mp4(drawn, tmp_path / "a.mp4")
    encoded = replace(drawn, shards=tuple(path.with_suffix(".mp4") for path in drawn.shards))
    write_mp4(encoded, tmp_path / "b.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    with av.open(str(tmp_path / "a.mp4")) as video:
        assert [chapter["metadata"]["title"] for chapter in video.chapters()] == ["one", "two"]
        times = [image.time for image in video.decode(video=0)]
    assert times == pytest.approx([index / 10 for index in range(9)])


def test_images_are_shown_in_their_order_with_b_frames_and_without(tmp_path: Path) -> None:
    searched = draw(tmp_path, 10, *SHARDS)
    write_mp4(searched, tmp_path / "searched.mp4")
    write_mp4(replace(searched, detailed=True), tmp_path / "detailed.mp4")
    shown = []
    for name in ("searched", "detailed"):
        with av.open(str(tmp_path / f"{name}.mp4")) as video:
            shown.append([*video.decode(video=0)])
    for index, (image, same) in enumerate(zip(*shown, strict=True)):
        assert image.time == same.time == pytest.approx(index / 10)
        apart = image.to_ndarray(format="gray") - same.to_ndarray(format="gray").astype(int)
        assert abs(apart).mean() < 2


def test_sound_is_joined(tmp_path: Path) -> None:
    drawn = draw(tmp_path, 10, *SHARDS, sound=AudioSegment.silent(900))
    write_mp4(drawn, tmp_path / "a.mp4")
    with av.open(str(tmp_path / "a.mp4")) as video:
        assert [stream.type for stream in video.streams] == ["video", "audio"]
        assert video.streams.audio[0].codec_context.name == "aac"


def test_shards_that_do_not_fit_together(tmp_path: Path) -> None:
    shards = [encode(tmp_path / "a.mp4", WIDTH), encode(tmp_path / "b.mp4", WIDTH // 2)]
    with pytest.raises(RenderError, match=r"b\.mp4: encoded in another way"):
        mp4.join(shards, tmp_path / "c.mp4", Fraction(10))
    assert {path.name for path in tmp_path.iterdir()} == {"a.mp4", "b.mp4"}


def test_images_that_are_missing(tmp_path: Path) -> None:
    drawn = replace(draw(tmp_path, 10, *SHARDS), images=8)
    with pytest.raises(RenderError, match="Scene: 9 images instead of 8"):
        write_mp4(drawn, tmp_path / "a.mp4")


def circling() -> list[Any]:
    """Return pictures of 60 small squares that circle, each in its own colour."""
    random = np.random.default_rng(7)
    angles, radii = random.uniform(0, 6.28, 60), random.uniform(10, 90, 60)
    colors = random.integers(60, 255, (60, 3))
    pictures = []
    for index in range(40):
        pixels = np.full((192, 320, 4), (0, 0, 0, 255), np.uint8)
        across = 160 + 1.5 * radii * np.cos(angles + 0.08 * index)
        down = 96 + 0.9 * radii * np.sin(angles + 0.08 * index)
        for left, top, color in zip(across.astype(int), down.astype(int), colors, strict=True):
            pixels[top : top + 9, left : left + 9, :3] = color
        pictures.append(pixels)
    return pictures


def error(path: Path, pictures: list[Any]) -> float:
    """Return the mean square of what brightness a video's images lack or have too much."""
    expected, errors = YuvPicture(320, 192), []
    with av.open(str(path)) as container:
        for image, pixels in zip(container.decode(video=0), pictures, strict=True):
            expected.patch(pixels, whole(320, 192))
            luma = image.to_ndarray()[:192].astype(int)
            errors.append(np.mean((luma - expected.planes[0]) ** 2))
    return float(np.mean(errors))


@pytest.mark.parametrize("moves", [False, True])
def test_motion_takes_fewer_bytes_than_with_manims_encoder(tmp_path: Path, *, moves: bool) -> None:
    pictures, ours, manims = circling(), tmp_path / "ours.mp4", tmp_path / "manims.mp4"
    encoder = ShardEncoder(ours, VideoFormat(320, 192, Fraction(30), moves=moves))
    shown = YuvPicture(320, 192)
    shown.frame.time_base = Fraction(1, 30)
    with av.open(str(manims), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "23"})
        stream.width, stream.height, stream.pix_fmt = 320, 192, "yuv420p"
        stream.codec_context.thread_count = 1
        for index, pixels in enumerate(pictures):
            encoder.add(pixels, whole(320, 192))
            shown.patch(pixels, whole(320, 192))
            shown.frame.pts = index
            container.mux(stream.encode(shown.frame))
        container.mux(stream.encode())
    encoder.finish()
    assert ours.stat().st_size < 0.9 * manims.stat().st_size
    assert error(ours, pictures) < error(manims, pictures)


def test_slower_videos_are_not_drawn_so_much_more_finely(tmp_path: Path) -> None:
    """x264 by itself would take 1.6 times the bytes for the same pictures."""
    sizes = []
    for rate in (120, 10):
        path = tmp_path / f"{rate}.mp4"
        encoder = ShardEncoder(path, VideoFormat(320, 192, Fraction(rate)))
        for pixels in circling():
            encoder.add(pixels, whole(320, 192))
        encoder.finish()
        sizes.append(path.stat().st_size)
    assert sizes[1] < 1.5 * sizes[0]
