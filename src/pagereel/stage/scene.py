"""`StoryScene`: a manim scene that tells a story, beat by beat."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from manim import Create, FadeIn, FadeOut, ManimColor, Scene, Write, config, logger

from pagereel.assets import STORIES
from pagereel.errors import PagereelError
from pagereel.stage import timing
from pagereel.stage.layout import picture_size
from pagereel.stage.stage import Stage
from pagereel.stage.theme import theme_named
from pagereel.story import load_story

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from manim import Animation, Camera

    from pagereel.cache import Step
    from pagereel.stage.limits import Limits
    from pagereel.story import Story

STORY_VARIABLE = "PAGEREEL_STORY"
THEME_VARIABLE = "PAGEREEL_THEME"

# manim counts the images of a rest as int(seconds * fps): a hair more keeps the last one.
_HAIR = 1e-6


class StoryScene(Scene):
    """A scene drawn from a story.

    A subclass names its story and its limits and says in `construct` how the story is told, with
    `opening`, `beat`, the verbs below and `closing`. A user may choose another story file with
    the environment variable `PAGEREEL_STORY` and the theme (dark, light) with `PAGEREEL_THEME`.

    Attributes
    ----------
    story
        What is told. Read and replayed before anything is drawn.
    stage
        The mobjects and their places.
    """

    default_story: ClassVar[str]  # a file of assets/stories
    limits: ClassVar[Limits]

    story: Story
    stage: Stage

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # manim leaves its picture at 14.2 x 8 units whatever the pixels are (manim #949).
        size = picture_size(config.pixel_width, config.pixel_height)
        config.frame_width, config.frame_height = size
        if config.preview and not _can_open_files():
            # manim would render everything and then end in a traceback.
            logger.warning("-p is ignored: there is no program here to open a video with")
            config.preview = False
        # Whoever brings a renderer is a program, and hears of errors itself.
        self._has_caller = kwargs.get("renderer") is not None
        super().__init__(*args, **kwargs)

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
        """Read the story and build the stage."""
        chosen = os.environ.get(STORY_VARIABLE)
        self.story = load_story(Path(chosen) if chosen else STORIES / self.default_story)
        self.limits.check(self.story, type(self).__name__)
        theme = theme_named(os.environ.get(THEME_VARIABLE) or "dark")
        cast("Camera", self.camera).background_color = ManimColor(theme.background)
        self.stage = Stage(self.story, (config.frame_width, config.frame_height), theme=theme)

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
        text = self.stage.caption(caption)
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

    def opening(self, caption: str) -> None:
        """Write the title, bring in pool, label and mask, and say what they are.

        What the story says before its first beat follows.
        """
        stage = self.stage
        self.next_section("opening")
        self.play(Write(stage.title.letters()), run_time=timing.TITLE)
        self.play(stage.pool.enter(), run_time=timing.POOL)
        self.play(FadeIn(stage.label), Create(stage.rule), run_time=timing.APPEAR)
        self.play(
            *(FadeIn(part) for part in (*stage.mask.parts, *stage.counter.parts)),
            run_time=timing.APPEAR,
        )
        for text in (caption, *self.story.preface):
            with self.saying(text):
                pass

    def closing(self) -> None:
        """Write the tagline, hold, and fade everything out."""
        self.next_section("closing")
        began, tagline = self.time, self.story.tagline
        if tagline:
            text = self.stage.caption(tagline, color=self.stage.theme.tagline)
            self.play(Write(text), run_time=timing.TAGLINE)
        self.rest(timing.hold_after(self.time - began, tagline or "", least=timing.LAST))
        if tagline:
            self.add_subcaption(tagline, duration=self.time - began, offset=began - self.time)
        if not self.session_spec.output.is_still:  # a still shows the end of the story
            self.play(*(FadeOut(mobject) for mobject in self.mobjects), run_time=timing.END)

    def show(self, step: Step) -> None:
        """Let frames and arrows change while bits flip; then the mask and the counter change."""
        self._play(self.stage.show(step), timing.TAKE)
        self._play(self.stage.count(step.after), timing.FLIP)

    def _play(self, moves: Sequence[Animation], seconds: float) -> None:
        if moves:  # of an event nothing may be to be seen, such as of a task that is queued
            self.play(*moves, run_time=seconds)


def _can_open_files() -> bool:
    """Return whether the program is there with which manim opens what it has rendered."""
    system = {"Linux": "xdg-open", "Darwin": "open"}.get(platform.system())
    opener = config.preview_command or system
    return opener is None or shutil.which(opener) is not None
