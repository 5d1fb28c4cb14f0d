"""Render one scene into a preview GIF. A process of its own: manim is imported here.

`python -m pagereel.render.preview_worker SCENES.py SCENE OUT.gif`
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manim import CairoRenderer, SceneFileWriter, tempconfig
from manim.utils.module_ops import get_module

from pagereel.render.gif import GifImages
from pagereel.render.job import PREVIEW_FPS, PREVIEW_HEIGHT, PREVIEW_WIDTH

if TYPE_CHECKING:
    from manim.typing import RGBAPixelArray


class _ImageCollector(SceneFileWriter):
    """A file writer that keeps every image as it is drawn, before any encoder has seen it.

    manim's own image sequences write an image that stands only once.
    """

    images: GifImages

    def write_frame(self, pixels: RGBAPixelArray, *, repeat: int = 1) -> None:
        """Keep an image that is shown `repeat` times."""
        self.images.add(pixels, repeat)


def render_preview(file: Path, scene: str, target: Path) -> None:
    """Render a scene of a file into a GIF.

    Raises
    ------
    SystemExit
        With code 2 where the story is wrong; the scene has said why.
    """
    settings: dict[str, Any] = {
        "input_file": str(file),
        "pixel_width": PREVIEW_WIDTH,
        "pixel_height": PREVIEW_HEIGHT,
        "frame_rate": PREVIEW_FPS,
        "format": "none",
        "disable_caching": True,
        "progress_bar": "none",
        "verbosity": "WARNING",
    }
    with tempconfig(settings):
        scene_class = getattr(get_module(file), scene)
        renderer = CairoRenderer(file_writer_class=_ImageCollector)
        story = scene_class(renderer)
        renderer.file_writer.images = GifImages(PREVIEW_FPS)
        story.render()
    renderer.file_writer.images.write(target)


if __name__ == "__main__":
    render_preview(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
