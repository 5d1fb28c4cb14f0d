"""A scene rendered into a preview GIF. manim is imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from manim import SceneFileWriter, tempconfig
from manim.utils.module_ops import get_module

from pagereel.errors import writing
from pagereel.fast import FastRenderer
from pagereel.fast.scenes import make_scene
from pagereel.render.gif import GifImages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from manim.typing import RGBAPixelArray


class _ImageCollector(SceneFileWriter):
    """A file writer that keeps every image as it is drawn, before any encoder has seen it.

    manim's own image sequences write an image that stands only once.
    """

    kept: GifImages
    count = 0
    on_progress: Callable[[int], None]

    def write_frame(self, pixels: RGBAPixelArray, *, repeat: int = 1) -> None:
        """Keep an image that is shown `repeat` times."""
        self.kept.add(pixels, repeat)
        self.count += repeat
        self.on_progress(self.count)


def render_preview(
    source: tuple[Path, str],
    target: Path,
    settings: dict[str, Any],
    on_progress: Callable[[int], None],
) -> int:
    """Render a scene of a file into a GIF; return how many images long it is.

    Parameters
    ----------
    settings
        manim's: size, images a second.
    on_progress
        Called with the number of images drawn so far, for each image.
    """
    file, name = source
    fps = int(settings["frame_rate"])
    with tempconfig({**settings, "input_file": str(file), "format": "none"}):
        renderer = FastRenderer(_ImageCollector, exact=True)
        scene = make_scene(getattr(get_module(file), name), renderer)
        writer: _ImageCollector = renderer.file_writer
        writer.kept, writer.on_progress = GifImages(fps), on_progress
        scene.render()
    with writing(target.parent):
        writer.kept.write(target)
    return writer.count
