"""How near a video is to what manim drew, before any encoder had seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import numpy as np
from manim import CairoRenderer, Scene, SceneFileWriter, tempconfig
from manim.utils.module_ops import get_module

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from manim.typing import RGBAPixelArray
    from numpy.typing import NDArray

# Luma from red, green and blue; manim's own videos are BT.601, untagged.
BT709 = np.array([0.2126, 0.7152, 0.0722], np.float32)
BT601 = np.array([0.299, 0.587, 0.114], np.float32)
_BLOCK = 8
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


class _Comparer(SceneFileWriter):
    """Compares each image with the next one of a video."""

    seen: Iterator[NDArray[np.float32]]
    luma: NDArray[np.float32]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.values: list[float] = []

    def write_frame(self, pixels: RGBAPixelArray, *, repeat: int = 1) -> None:
        drawn = 16 + pixels[:, :, :3] @ self.luma * np.float32(219 / 255)
        self.values += [_ssim(drawn, next(self.seen)) for _ in range(repeat)]


def compare(file: Path, name: str, video: Path, luma: NDArray[np.float32]) -> list[float]:
    """Return the SSIM of the luma of each image of a video, against manim's images.

    Parameters
    ----------
    luma
        Shape (3,): what the video's luma is made of.
    """
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        settings: dict[str, Any] = {
            "input_file": str(file),
            "pixel_width": stream.width,
            "pixel_height": stream.height,
            "frame_rate": float(stream.average_rate or 0),
            "format": "none",
            "disable_caching": True,
            "progress_bar": "none",
            "verbosity": "WARNING",
        }
        with tempconfig(settings):
            renderer = CairoRenderer(file_writer_class=_Comparer)
            scene: Scene = getattr(get_module(file), name)(renderer=renderer)
            renderer.file_writer.luma = luma
            renderer.file_writer.seen = map(_luma_of, container.decode(stream))
            scene.render()
            if next(renderer.file_writer.seen, None) is not None:
                raise ValueError(f"{video}: more images than the scene has")
    values: list[float] = renderer.file_writer.values
    return values


def _luma_of(frame: av.VideoFrame) -> NDArray[np.float32]:
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)  # type: ignore[call-overload]
    return np.asarray(rows[:, : plane.width], np.float32)


def _ssim(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the mean SSIM of blocks of 8 x 8 pixels."""
    mean1, mean2 = _means(one), _means(other)
    variance1 = _means(one * one) - mean1 * mean1
    variance2 = _means(other * other) - mean2 * mean2
    covariance = _means(one * other) - mean1 * mean2
    above = (2 * mean1 * mean2 + _C1) * (2 * covariance + _C2)
    below = (mean1 * mean1 + mean2 * mean2 + _C1) * (variance1 + variance2 + _C2)
    return float((above / below).mean())


def _means(values: NDArray[np.float32]) -> NDArray[np.float64]:
    height, width = (size // _BLOCK * _BLOCK for size in values.shape)
    blocks = values[:height, :width].reshape(height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK)
    means: NDArray[np.float64] = blocks.mean((1, 3), dtype=np.float64)
    return means
