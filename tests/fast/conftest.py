"""Scenes rendered small, and their images collected before any encoder has seen them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from manim import CairoRenderer, Scene, SceneFileWriter, tempconfig
from numpy.typing import NDArray

if TYPE_CHECKING:
    from manim.typing import RGBAPixelArray

Images = list[NDArray[np.uint8]]
# Renders a scene with a renderer and returns its images.
Collect = Callable[..., Images]

SMALL = {"pixel_width": 192, "pixel_height": 108, "frame_rate": 10}


class Collector(SceneFileWriter):
    """Keeps the images."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.images: Images = []

    def write_frame(self, pixels: RGBAPixelArray, *, repeat: int = 1) -> None:
        self.images.extend([pixels] * repeat)


@pytest.fixture(autouse=True)
def small(tmp_path: Path) -> Iterator[None]:
    settings = {
        **SMALL,
        "media_dir": str(tmp_path / "media"),
        "disable_caching": True,
        "progress_bar": "none",
        "verbosity": "ERROR",
        "seed": 7,
    }
    with tempconfig(settings):
        yield


@pytest.fixture
def collect() -> Collect:
    def run(
        scene_class: type[Scene], renderer: Callable[..., CairoRenderer], **options: Any
    ) -> Images:
        with tempconfig({"format": "none"}):
            made = renderer(file_writer_class=Collector, **options)
            if renderer is CairoRenderer:  # given a renderer, a scene cannot choose its camera
                scene = scene_class()
                scene.renderer = made
                made.camera = scene.camera_class()
                made.init_scene(scene, scene.session_spec, scene.file_writer_settings)
            else:
                scene = scene_class(renderer=made)
            scene.render()
            images: Images = made.file_writer.images
            return images

    return run
