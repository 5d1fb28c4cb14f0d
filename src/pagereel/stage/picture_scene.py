"""`PictureScene`: what all our scenes share: the picture's size, the theme, captions, errors."""

from __future__ import annotations

import platform
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from manim import (
    CairoRenderer,
    FadeIn,
    FadeOut,
    ManimColor,
    RendererType,
    Scene,
    config,
    logger,
)

from pagereel.errors import PagereelError
from pagereel.fast import FastRenderer
from pagereel.request import SceneOptions, is_stock_wanted
from pagereel.stage import timing
from pagereel.stage.layout.places import picture_size
from pagereel.stage.theme import theme_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from manim import Camera, VGroup
    from manim.renderer.opengl_renderer import OpenGLRenderer

    from pagereel.stage.theme import Theme

# manim counts the images of a rest as int(seconds * fps): a hair more keeps the last one.
_HAIR = 1e-6


class PictureScene(Scene):
    """A scene of ours. A user may choose its theme with the environment variable `PAGEREEL_THEME`.

    Attributes
    ----------
    options
        What its user has chosen.
    theme
        Its colours.
    """

    options: SceneOptions
    theme: Theme

    def __init__(
        self,
        renderer: CairoRenderer | OpenGLRenderer | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        # manim leaves its picture at 14.2 x 8 units whatever the pixels are (manim #949).
        size = picture_size(config.pixel_width, config.pixel_height)
        config.frame_width, config.frame_height = size
        if config.preview and not _can_open_files():
            # manim would render everything and then end in a traceback.
            logger.warning("-p is ignored: there is no program here to open a video with")
            config.preview = False
        # Whoever brings a renderer is a program, and hears of errors itself. The command `manim`
        # brings one only for OpenGL.
        self._has_caller = isinstance(renderer, CairoRenderer)
        if renderer is None and config.renderer == RendererType.CAIRO and not is_stock_wanted():
            renderer = FastRenderer()
        super().__init__(renderer, *args, **kwargs)

    def render(self, *args: Any, **kwargs: Any) -> bool:
        """Render; where the user's input is wrong, end with one line and exit code 2.

        A program that has given a `renderer=` gets the error as it is.
        """
        try:
            return super().render(*args, **kwargs)
        except PagereelError as error:
            if self._has_caller:
                raise
            print(f"pagereel: {error}", file=sys.stderr)
            raise SystemExit(2) from error

    def setup(self) -> None:
        """Read the user's options, and choose the theme."""
        self.options = SceneOptions.from_environment()
        self.theme = theme_named(self.options.theme or "dark")
        cast("Camera", self.camera).background_color = ManimColor(self.theme.background)

    def make_caption(self, text: str) -> VGroup:
        """Return a caption in its place."""
        raise NotImplementedError

    @contextmanager
    def beat(self, key: str, caption: str) -> Iterator[None]:
        """Tell one idea: the caption, then the movements of the `with` block, then a rest.

        Each beat is a section of manim's, named `key`, and a subcaption.
        """
        self.next_section(key)
        with self.saying(caption):
            yield

    @contextmanager
    def saying(self, caption: str) -> Iterator[None]:
        """Show a caption during the `with` block, and after it until it can have been read.

        Nothing else moves while it comes or goes.
        """
        began = self.time
        text = self.make_caption(caption)
        self.play(FadeIn(text), run_time=timing.CAPTION)
        readable = self.time
        self.rest(timing.SETTLE)
        yield
        self.rest(timing.hold_after(self.time - readable, caption))
        self.add_subcaption(caption, duration=self.time - began, offset=began - self.time)
        self.play(FadeOut(text), run_time=timing.CAPTION)

    def rest(self, seconds: float) -> None:
        """Let the picture stand."""
        self.wait(seconds + _HAIR)


def _can_open_files() -> bool:
    """Return whether the program is there with which manim opens what it has rendered."""
    system = {"Linux": "xdg-open", "Darwin": "open"}.get(platform.system())
    opener = config.preview_command or system
    return opener is None or shutil.which(opener) is not None
