"""The files that the page shows: stills and films, under names that are digests of their bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PIL import Image

from pagereel.fast.encode.mp4 import write_mp4
from pagereel.fast.plan import Drawn
from pagereel.files import checksum

if TYPE_CHECKING:
    from pathlib import Path

    from manim.typing import PixelArray

    from pagereel.fast.writer import FastWriter
    from pagereel.watch.drawing.order import Order

_QUICKLY = 1  # how hard zlib tries, of 9: a still is seen once


def write_still(pixels: PixelArray, order: Order) -> str:
    """Write a still; return its name."""
    file = order.folder / f"still-{os.getpid()}.png"
    Image.fromarray(pixels[..., :3]).save(file, compress_level=_QUICKLY)
    return _publish(file, order)


def write_film(shard: Path, writer: FastWriter, order: Order) -> str:
    """Write the film of the beat that a writer has come to the end of; return its name.

    Parameters
    ----------
    shard
        What is seen in it.
    """
    video, plan = writer.require_video(), writer.plan
    stop = plan.length / video.rate * 1000
    start = stop - plan.counts[-1] / video.rate * 1000
    heard = writer.audio_segment if writer.includes_sound else None
    file = order.folder / f"film-{os.getpid()}.mp4"
    write_mp4(
        Drawn(
            stem="beat",
            width=video.width,
            height=video.height,
            rate=video.rate,
            moves=video.moves,
            detailed=video.detailed,
            shards=(shard,),
            images=plan.counts[-1],
            sound=heard and heard[float(start) : float(stop)],
        ),
        file,
    )
    return _publish(file, order)


def _publish(file: Path, order: Order) -> str:
    """Give a file the name that its bytes deserve; return it."""
    name = f"{str(checksum(file))[:24]}{file.suffix}"
    file.replace(order.media / name)
    return name
