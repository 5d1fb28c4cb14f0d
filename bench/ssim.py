"""How near videos are to what manim drew, before any encoder had seen it: ffmpeg's `ssim`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from manim import CairoRenderer, Scene, SceneFileWriter, tempconfig
from manim.utils.module_ops import get_module

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from manim.typing import RGBAPixelArray

_TICK = Fraction(1, 60)
_SCALING = Interpolation.AREA | Interpolation.ACCURATE_RND


class Video(NamedTuple):
    """A video, and the matrix of its colours: manim's own are BT.601, and do not say so."""

    path: Path
    matrix: Colorspace


class _Measure:
    """Compares images, one by one, with those of a video."""

    def __init__(self, video: Video) -> None:
        self.values: list[float] = []
        self._matrix = video.matrix
        self._seen = _images(video.path)
        self._reformatter = VideoReformatter()
        self._filter: _Ssim | None = None

    def add(self, drawn: av.VideoFrame, repeat: int) -> None:
        """Compare an image with the video's next ones."""
        converted = self._reformatter.reformat(
            drawn,
            format="yuv420p",
            dst_colorspace=self._matrix,
            dst_color_range=ColorRange.MPEG,
            interpolation=_SCALING,
        )
        converted.colorspace, converted.color_range = self._matrix, ColorRange.MPEG
        self._filter = self._filter or _Ssim(converted)
        for _ in range(repeat):
            seen = next(self._seen)
            seen.colorspace, seen.color_range = self._matrix, ColorRange.MPEG
            self.values.append(self._filter.compare(converted, seen))

    def finish(self) -> None:
        """Raise an error if the video has more images."""
        if next(self._seen, None) is not None:
            raise ValueError("the video has more images than the scene")


class _Comparer(SceneFileWriter):
    """Shows each image to measures instead of writing it."""

    measures: tuple[_Measure, ...]

    def write_frame(self, pixels: RGBAPixelArray, *, repeat: int = 1) -> None:
        drawn = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels, np.uint8), format="rgba")
        for measure in self.measures:
            measure.add(drawn, repeat)


class _Renderer(CairoRenderer):
    """Takes the scene's own camera, as a scene without a renderer does."""

    def init_scene(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        self.camera = scene.camera_class()
        super().init_scene(scene, *args, **kwargs)


def compare(file: Path, name: str, videos: Mapping[str, Video]) -> dict[str, list[float]]:
    """Return the SSIM of the luma of each image of some videos of a scene."""
    measures = {way: _Measure(video) for way, video in videos.items()}
    with av.open(str(next(iter(videos.values())).path)) as container:
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
        renderer = _Renderer(file_writer_class=_Comparer)
        scene: Scene = getattr(get_module(file), name)(renderer=renderer)
        renderer.file_writer.measures = tuple(measures.values())
        scene.render()
    for measure in measures.values():
        measure.finish()
    return {way: measure.values for way, measure in measures.items()}


def _images(path: Path) -> Iterator[av.VideoFrame]:
    with av.open(str(path)) as container:
        yield from container.decode(video=0)


class _Ssim:
    """ffmpeg's filter, for images like one."""

    def __init__(self, like: av.VideoFrame) -> None:
        self._graph = av.filter.Graph()
        self._images = 0
        ssim, sink = self._graph.add("ssim"), self._graph.add("buffersink")
        self._sources = [
            self._graph.add_buffer(
                width=like.width, height=like.height, format=like.format, time_base=_TICK
            )
            for _ in range(2)
        ]
        for index, source in enumerate(self._sources):
            source.link_to(ssim, 0, index)
        ssim.link_to(sink)
        self._graph.configure()

    def compare(self, one: av.VideoFrame, other: av.VideoFrame) -> float:
        for source, frame in zip(self._sources, (one, other), strict=True):
            frame.pts, frame.time_base = self._images, _TICK
            source.push(frame)
        self._images += 1
        return float(self._graph.vpull().metadata["lavfi.ssim.Y"])
