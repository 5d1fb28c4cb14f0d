"""Images of a scene, collected before any encoder has seen them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import CairoRenderer, Scene, SceneFileWriter, tempconfig
from numpy.typing import NDArray

from pagereel.fast import FastRenderer
from pagereel.fast.renderer import make_scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import Camera
    from manim.typing import RGBAPixelArray

Images = list[NDArray[np.integer]]


class Collector(SceneFileWriter):
    """Keeps the images."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.images: Images = []

    def write_frame(self, pixels: RGBAPixelArray, *, repeat: int = 1) -> None:
        self.images.extend([pixels] * repeat)


def collect(
    scene_class: type[Scene], renderer: Callable[..., CairoRenderer], **options: Any
) -> Images:
    """Render a scene with a renderer, and return its images."""
    with tempconfig({"format": "none"}):
        made = renderer(file_writer_class=Collector, **options)
        if not isinstance(made, FastRenderer):  # given a renderer, a scene cannot choose its camera
            scene = scene_class()
            made.camera = cast("Camera", scene.camera)
            made.init_scene(scene, scene.session_spec, scene.file_writer_settings)
            scene.renderer = made
        else:
            scene = make_scene(scene_class, made)
        scene.render()
        images: Images = made.file_writer.images
        return images
