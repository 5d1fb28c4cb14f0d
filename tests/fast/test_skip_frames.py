"""Repeated pictures that no encoder has seen are decoded as if one had."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagereel.fast.boxes import whole
from pagereel.fast.encode import motion, x264
from pagereel.fast.encode import shard as track
from pagereel.fast.encode.shard import ShardEncoder
from pagereel.fast.encode.skip import Numberer
from pagereel.fast.encode.x264 import Look, VideoFormat, encoder
from pagereel.fast.encode.yuv import YuvPicture

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT = 96, 64
VIDEO = VideoFormat(WIDTH, HEIGHT, Fraction(10), detailed=True)
SKIP = 12  # bytes, at most, of a skip frame
# A picture for the encoder, and how often it is shown: often enough to run out of numbers.
SHOWN = [(0, 1), (1, 3), (2, 1), (3, 20), (4, 1), (5, 1), (6, 40), (7, 2)]


def picture(index: int) -> Any:
    pixels = np.full((HEIGHT, WIDTH, 4), 40, np.uint8)
    pixels[8 : 8 + 5 * index, 10 * index : 10 * index + 20, :3] = 50 * (index % 5), 200, 90
    pixels[:, :, 3] = 255
    return pixels


def encode(path: Path, shown: list[tuple[int, int]], *, at_once: bool) -> list[NDArray[Any]]:
    """Encode and decode; at once: give the encoder only what it is told to repeat."""
    shard_encoder = ShardEncoder(path, VIDEO)
    for index, times in shown:
        pixels = picture(index)
        if at_once:
            shard_encoder.add(pixels, whole(WIDTH, HEIGHT), times)
        else:
            shard_encoder.add(pixels, whole(WIDTH, HEIGHT))
            for _ in range(times - 1):
                shard_encoder.add(pixels, [])
    shard_encoder.finish()
    with av.open(str(path)) as container:
        return [image.to_ndarray() for image in container.decode(video=0)]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(("least", "most"), [(inf, 40), (0, 14)], ids=["usual", "busy"])
def test_what_is_repeated_is_seen_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, at_once: bool, least: float, most: int
) -> None:
    monkeypatch.setattr(motion, "_LEAST_BYTES", least)  # one encoder for both
    shown = [(index, min(times, most)) for index, times in SHOWN]
    once = encode(tmp_path / "once.mp4", [(index, 1) for index, _ in SHOWN], at_once=True)
    seen = encode(tmp_path / "often.mp4", shown, at_once=at_once)
    expected = [image for image, (_, times) in zip(once, shown, strict=True) for _ in range(times)]
    assert len(seen) == len(expected)
    for index, (one, other) in enumerate(zip(seen, expected, strict=True)):
        assert np.array_equal(one, other), f"image {index}"


def test_what_looks_the_same_is_not_encoded_again(tmp_path: Path) -> None:
    """A change that is lost in converting the colours is none."""
    path = tmp_path / "same.mp4"
    shard_encoder = ShardEncoder(path, VIDEO)
    for blue in (40, 41, 40, 41):
        pixels = picture(1)
        pixels[0, 0, 2] = blue
        shard_encoder.add(pixels, whole(WIDTH, HEIGHT))
    shard_encoder.finish()
    with av.open(str(path)) as container:
        sizes = [packet.size for packet in container.demux(video=0) if packet.size]
    assert len(sizes) == 4
    assert max(sizes[1:]) <= SKIP


@pytest.mark.parametrize("images", [1, 40])
@pytest.mark.parametrize("detailed", [False, True])
def test_what_is_encoded_later_is_the_same(tmp_path: Path, images: int, *, detailed: bool) -> None:
    files = []
    for since in (-1, 0, 9, inf):
        path = tmp_path / f"{since}.mp4"
        shard_encoder = ShardEncoder(path, replace(VIDEO, detailed=detailed), later=since >= 0)
        shown: Any = np.full((HEIGHT, WIDTH, 4), 40, np.uint8)
        shard_encoder.add(shown, whole(WIDTH, HEIGHT))
        for index in range(images):
            left, top = 16 * (index % 6), 16 * (index % 4)
            shown[top : top + 16, left : left + 16, :3] = 5 * index, 200, 90
            if index >= since:
                shard_encoder.begin()
            shard_encoder.add(shown, [(left, top, left + 16, top + 16)], 1 + index % 3)
        shard_encoder.finish()
        files.append(path.read_bytes())
    assert files == files[:1] * 4


def test_long_stills_have_key_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track, "KEY_FRAME_SECONDS", 2)
    path = tmp_path / "still.mp4"
    seen = encode(path, [(1, 50), (2, 1), (3, 25)], at_once=True)
    with av.open(str(path)) as container:
        packets = [
            (packet.pts * packet.time_base, packet.is_keyframe)
            for packet in container.demux(video=0)
            if packet.pts is not None
        ]
    assert len(seen) == 76
    assert packets == [(Fraction(at, 10), at % 20 == 0) for at in range(76)]


def fade(strength: float) -> Any:
    """Return a pattern of fine detail; of no contrast at 0, of all at 1."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    pattern = 90 * (np.sin(rows * 1.1) + np.sin(columns * 0.7 + rows * 0.2))
    grey = np.clip(40 + strength * (pattern + 20), 0, 255).astype(np.uint8)
    return np.dstack([grey, grey, grey, np.full_like(grey, 255)])


def test_what_fades_is_seen_to_the_end(tmp_path: Path) -> None:
    """Where there is little contrast, little is left out; what is repeated is still repeated."""
    path = tmp_path / "fade.mp4"
    shard_encoder = ShardEncoder(path, VIDEO)
    strengths = [1, 0.8, 0.6, 0.4, 0.3, 0.2, 0.15, 0.1, 0.05, 0, 0.1, 0.5, 1]
    for strength in strengths:
        shard_encoder.add(fade(strength), whole(WIDTH, HEIGHT), 3)
    shard_encoder.finish()
    with av.open(str(path)) as container:
        images = list(container.decode(video=0))
        seen = [image.to_ndarray()[:HEIGHT].astype(int) for image in images]
    assert len(seen) == 3 * len(strengths)
    for first, *others in zip(seen[::3], seen[1::3], seen[2::3], strict=True):
        assert all(np.array_equal(first, other) for other in others)
    picture = YuvPicture(WIDTH, HEIGHT)
    for strength, image in zip(strengths, seen[::3], strict=True):
        picture.patch(fade(strength), whole(WIDTH, HEIGHT))
        error = np.abs(image - picture.planes[0]).mean()
        # As manim encodes, it is 3.5 to 10 at full contrast, and 0.8 to 2.5 where there is little.
        assert error < (0.65 if np.ptp(picture.planes[0]) < 66 else 2), strength
    keys = [index // 3 for index, image in enumerate(images) if image.key_frame]
    assert keys == [0, 5, 11]


@pytest.mark.parametrize(("adapt", "rate"), [(1, 10), (0, 2)])
def test_rests_between_b_frames_are_seen_as_they_were_drawn(
    adapt: int, rate: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rests are longer than x264 can count, reach over key frames, end a file, begin anywhere."""
    monkeypatch.setattr(track, "KEY_FRAME_SECONDS", 8)
    crf, qcomp, search = x264._SEARCHED
    adapted = crf, qcomp, f"{search}:b-adapt={adapt}"  # 0: three in a row if allowed
    monkeypatch.setattr(x264, "_SEARCHED", adapted)
    ground = np.random.default_rng(1).integers(0, 255, (HEIGHT // 8, WIDTH // 8, 3))
    ground = ground.repeat(8, 0).repeat(8, 1)
    runs = [each for length in range(1, 9) for each in (*length * [1], 12)]
    times = [1, 3, 1, 20, *runs, 40, 2, *5 * [1], 30, 300, 1, 9]
    path = tmp_path / "searched.mp4"
    shard_encoder = ShardEncoder(path, VideoFormat(WIDTH, HEIGHT, Fraction(rate)))
    drawn = []
    for index, time in enumerate(times):
        pixels: Any = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
        pixels[..., :3] = ground
        left = 3 * index % (WIDTH - 16)
        pixels[20:36, left : left + 16, :3] = 255
        shard_encoder.add(pixels, whole(WIDTH, HEIGHT), time)
        yuv = YuvPicture(WIDTH, HEIGHT)
        yuv.patch(pixels, whole(WIDTH, HEIGHT))
        drawn += [yuv.planes[0].astype(int)] * time
    shard_encoder.finish()
    with av.open(str(path)) as container:
        packets = [
            (
                round(each.pts * each.time_base * rate),
                round(each.dts * each.time_base * rate),
                each.size,
            )
            for each in container.demux(video=0)
            if each.pts is not None and each.dts is not None
        ]
    shown, came, sizes = zip(*packets, strict=True)
    with av.open(str(path)) as container:
        images = list(container.decode(video=0))
    assert sorted(shown) == [*range(len(drawn))]
    assert [*shown] != sorted(shown), "no B-frames"
    assert [*came] == [*range(-1, len(drawn) - 1)]
    assert all(one <= other for one, other in zip(came, shown, strict=True))
    assert sum(size <= SKIP for size in sizes) > 300
    assert [index for index, image in enumerate(images) if image.key_frame] == [
        *range(0, len(drawn), 8 * rate)
    ]
    for index, (image, luma) in enumerate(zip(images, drawn, strict=True)):
        assert np.abs(image.to_ndarray()[:HEIGHT] - luma).mean() < 1.5, index


def test_both_encoders_begin_a_file_in_the_same_way() -> None:
    """A file has one header for all its pictures."""
    headers = []
    for look in (Look.USUAL, Look.FAINT):
        context = encoder(VIDEO, look)
        context.encode(YuvPicture(WIDTH, HEIGHT).frame)
        headers.append(context.extradata)
    assert headers[0]
    assert headers[0] == headers[1]


def numberer() -> Numberer:
    """Return what numbers a stream of which the key frame has come."""
    context = encoder(VIDEO, Look.USUAL)
    (key,) = context.encode(YuvPicture(WIDTH, HEIGHT).frame) + context.encode()
    one = Numberer(context.extradata or b"", 24)
    one.encoded(bytes(key), 0)
    return one


@given(st.binary(min_size=8, max_size=40).map(lambda data: data.replace(b"\0\0", b"\0\1")))
def test_numbers_change_and_nothing_else(tail: bytes) -> None:
    data = b"\x00\x00\x00\x01\x41" + bytes([0b10011010]) + tail + b"\x80"
    one = numberer()
    others = []
    for added in range(17):
        others.append(one.encoded(data, 0))
        assert not any(others[added][5:].count(bytes([0, 0, code])) for code in range(3))
        one.repeated(0)
    assert len({*others}) == 16
    assert others[16] == others[0] == data


ONE = b"\x00\x00\x00\x01\x41\x9a"


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00\x00\x01\x09\x10",
        ONE + b"\x24\x80" + ONE + b"\x42\x80",
        b"\x00\x00\x00\x01\x41\x5a\x24\x80",
        b"\x00\x00\x00\x01\x41\x99\x24\x80",
        b"\x00\x00\x00\x01\x41\x00",
        b"",
    ],
    ids=["no picture", "two slices", "a later slice", "other parameters", "cut", "empty"],
)
def test_other_pictures_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="in an unknown way"):
        numberer().encoded(data, 1)


def test_other_streams_are_refused() -> None:
    header = b"\x00\x00\x00\x01\x67\x4d\x00\x0a" + bytes(9)
    with pytest.raises(ValueError, match="in an unknown way"):
        Numberer(header, 24)


@pytest.mark.parametrize("parameters", ["slices=2", "aud=1"])
def test_repeats_are_encoded_if_they_are_not_understood(
    parameters: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for options in (x264._USUAL, x264._FAINT, x264._BUSY):
        monkeypatch.setitem(options, "x264-params", f"{options['x264-params']}:{parameters}")
    x264.is_understood.cache_clear()
    seen = encode(tmp_path / "often.mp4", SHOWN, at_once=True)
    once = encode(tmp_path / "once.mp4", [(index, 1) for index, _ in SHOWN], at_once=True)
    x264.is_understood.cache_clear()
    expected = [image for image, (_, times) in zip(once, SHOWN, strict=True) for _ in range(times)]
    for one, other in zip(seen, expected, strict=True):
        assert np.abs(one.astype(int) - other).mean() < 0.5


@pytest.mark.parametrize(
    ("width", "height", "rate"),
    [
        (2, 2, Fraction(30)),
        (16, 16, Fraction(1000)),
        (854, 480, Fraction(24000, 1001)),
        (1366, 768, Fraction(1, 2)),
    ],
)
def test_any_size_and_rate(tmp_path: Path, width: int, height: int, rate: Fraction) -> None:
    path = tmp_path / "sized.mp4"
    encoder = ShardEncoder(path, VideoFormat(width, height, rate))
    shown = [(40, 3), (200, 20), (90, 1), (120, 2)]
    for gray, times in shown:
        encoder.add(np.full((height, width, 4), gray, np.uint8), whole(width, height), times)
    encoder.finish()
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate == rate
        seen = [image.to_ndarray()[:height] for image in container.decode(video=0)]
    expected = [gray for gray, times in shown for _ in range(times)]
    assert len(seen) == len(expected)
    for image, gray in zip(seen, expected, strict=True):
        assert image.shape[1] == width
        assert np.abs(image.astype(int) - (16 + gray * 219 / 255)).max() <= 3


@pytest.mark.parametrize(
    ("flags", "option"),
    [
        ("fpu sse2 avx2 avx512f avx512vl", "asm=avx2,bmi2,fma3"),
        ("fpu sse2 avx2", ""),
        (None, ""),  # not Linux
    ],
)
def test_no_code_that_is_not_repeatable_is_used(
    flags: str | None, option: str, tmp_path: Path
) -> None:
    about = tmp_path / "cpuinfo"
    if flags is not None:
        about.write_text(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t: none\n")
    assert x264.instructions(about) == option
