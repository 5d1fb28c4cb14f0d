"""Much motion gets an encoder of its own."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from pagereel.fast.boxes import whole
from pagereel.fast.encode import shard
from pagereel.fast.encode.motion import Motion
from pagereel.fast.encode.shard import ShardEncoder
from pagereel.fast.encode.x264 import VideoFormat
from pagereel.fast.encode.yuv import YuvPicture

ROOT = Path(__file__).parents[2]
WIDTH, HEIGHT = 160, 96
VIDEO = VideoFormat(WIDTH, HEIGHT, Fraction(20), detailed=True)
ALL = whole(WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("images", "size", "busy"),
    [
        *((21, 45, True), (20, 45, False), (99, 44, False)),
        *((6, 180, True), (5, 180, False), (5, 9000, False)),  # as if it were no more than 180
    ],
)
def test_motion_is_costly_and_takes_some_images(images: int, size: int, busy: bool) -> None:  # noqa: FBT001
    motion = Motion(VIDEO)
    for _ in range(images):
        motion.note(ALL, 1)
        motion.spend(size)
    assert motion.is_busy is busy


@pytest.mark.parametrize(
    ("width", "height", "rate", "least"), [(854, 480, 15, 1202), (1920, 1080, 60, 6076)]
)
def test_large_pictures_need_more(width: int, height: int, rate: int, least: int) -> None:
    for spent, busy in ((least, True), (least - 2, False)):
        motion = Motion(VideoFormat(width, height, Fraction(rate), detailed=True))
        for _ in range(rate + 1):
            motion.note(ALL, 1)
            motion.spend(spent)
        assert motion.is_busy is busy


@pytest.mark.parametrize(("pause", "busy"), [(1, True), (4, True), (5, False)])
def test_it_begins_anew_behind_a_pause(pause: int, busy: bool) -> None:  # noqa: FBT001
    motion = Motion(VIDEO)
    for index in range(30):
        motion.note(ALL, 1 + pause if index == 15 else 1)
        motion.spend(59)
    assert motion.is_busy is busy


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize(("rest", "busy"), [(29, True), (30, False)])
def test_it_ends_with_a_rest(rest: int, busy: bool, at_once: bool) -> None:  # noqa: FBT001
    motion = Motion(VIDEO)
    for _ in range(30):
        motion.note(ALL, 1)
        motion.spend(1000)
    if at_once:
        motion.note(ALL, 1 + rest)
    else:
        for _ in range(rest):
            motion.note([], 1)
    assert motion.is_busy is busy


@pytest.mark.parametrize(
    ("stands", "kept", "busy_from"),
    [
        *(((1,), 10**9, range(1)), ((1, 1), 10**9, range(1))),
        *(((9,), 10**9, range(9, 10)), ((9, 1), 10**9, range(10, 11))),
        ((1,), 0, range(6, 20)),
    ],
)
def test_motion_and_rest_are_shown_image_by_image(
    stands: tuple[int, ...],
    kept: int,
    busy_from: range,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each image is as it was drawn, though the encoder changes, if it can where motion begins."""
    monkeypatch.setattr(shard, "_MOST_KEPT", kept)
    dice = np.random.default_rng(3)
    ground = np.full((HEIGHT, WIDTH + 200, 4), 255, np.uint8)
    ground[..., :3] = np.repeat(np.repeat(dice.integers(0, 255, (12, 45, 3)), 8, 0), 8, 1)
    path = tmp_path / "shard.mp4"
    encoder = ShardEncoder(path, VIDEO)
    steps = [(0, times) for times in stands] + [(3 * index, 1) for index in range(1, 40)]
    steps += [(120, 12), (123, 1), (126, 50), (129, 1)]
    drawn = []
    for offset, repeat in steps:
        picture: Any = np.ascontiguousarray(ground[:, offset : offset + WIDTH])
        encoder.add(picture, ALL, repeat)
        yuv = YuvPicture(WIDTH, HEIGHT)
        yuv.patch(picture, ALL)
        drawn += [yuv.planes[0].astype(int)] * repeat
    encoder.finish()
    with av.open(str(path)) as container:
        images = list(container.decode(video=0))
    assert len(images) == len(drawn)
    for number, (image, luma) in enumerate(zip(images, drawn, strict=True)):
        assert np.abs(image.to_ndarray()[:HEIGHT].astype(int) - luma).mean() < 4, number
    first, *second, third = (index for index, image in enumerate(images) if image.key_frame)
    assert (first, third) == (0, 52 + sum(stands))
    assert (second or [first])[0] in busy_from
    assert len(second) == (busy_from[0] > 0)


def test_a_fade_is_encoded_finely_and_begins_with_a_key_frame(tmp_path: Path) -> None:
    path = tmp_path / "shard.mp4"
    video = ShardEncoder(path, VIDEO)
    strengths = [200, *range(190, 0, -10)]
    for strength in strengths:
        picture: Any = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
        picture[..., :3] = 0
        picture[30:50, 40:60, :3] = strength
        video.add(picture, ALL, 12 if strength == strengths[0] else 1)
    video.finish()
    with av.open(str(path)) as container:
        images = list(container.decode(video=0))
    assert len(images) == 11 + len(strengths)
    _, faint = (index for index, image in enumerate(images) if image.key_frame)
    assert 12 < faint < len(images) - 5
    luma = [int(image.to_ndarray()[40, 50]) for image in images[11:]]
    assert all(
        abs(seen - (16 + strength * 219 / 255)) <= 3
        for seen, strength in zip(luma, strengths, strict=True)
    )


HOLES = """\
import sys
from pathlib import Path
import numpy as np
from pagereel.fast.encode.shard import ShardEncoder
from tests.fast.test_motion import ALL, HEIGHT, VIDEO, WIDTH

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 20

encoder = ShardEncoder(Path(sys.argv[1]), VIDEO)
bright = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
bright[:, 40:, :3] = 0
faint = bright // 32
faint[..., 3] = 255
encoder.add(bright, ALL)
blocks = [b"x" * size for _ in range(1000) for size in (100_000, 600)]
full = megabytes()
del blocks[::2]
encoder.add(faint, ALL)  # which another encoder takes
encoder.finish()
print(full - megabytes())
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc has it")
def test_what_lies_free_goes_back_when_the_encoder_changes(tmp_path: Path) -> None:
    words = (sys.executable, "-c", HOLES, str(tmp_path / "shard.mp4"))
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert 80 < int(ran.stdout) < 110
