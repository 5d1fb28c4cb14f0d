"""What has been drawn as an MP4 video, byte by byte the same whatever the shards are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.fast.encode.join import join
from pagereel.fast.encode.lossless import read_images
from pagereel.fast.encode.shard import ShardEncoder
from pagereel.fast.encode.sound import write_sound
from pagereel.fast.encode.x264 import VideoFormat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pagereel.fast.drawn import Drawn


def write_mp4(drawn: Drawn, target: Path) -> None:
    """Write an MP4 video with sound and chapters; what is needed for it, beside the shards.

    Raises
    ------
    RenderError
        If the shards do not fit together.
    """
    track = drawn.shards[0].with_name("sound.aac") if drawn.sound else None
    if track is not None:
        write_sound(drawn.sound, track, "aac")
    shards = [*_encoded(drawn)]
    drawn.require(join(shards, target, drawn.rate, sound=track, chapters=drawn.chapters))


def _encoded(drawn: Drawn) -> Iterator[Path]:
    """Yield the shards as MP4 videos; encode them, if they are not."""
    canvas = np.full((drawn.height, drawn.width, 4), 255, np.uint8)
    for shard in drawn.shards:
        path = shard.with_suffix(".mp4")
        if path != shard:
            encoder = ShardEncoder(path, VideoFormat(drawn.width, drawn.height, drawn.rate))
            for picture in read_images(shard, canvas):
                encoder.add(picture.pixels, picture.boxes, picture.repeat)
            encoder.finish()
        yield path
