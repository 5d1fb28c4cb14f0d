"""`StoryScene`: a manim scene that tells a story, beat by beat."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from manim import Create, FadeIn, FadeOut, Write, config

from pagereel.assets import STORIES
from pagereel.request import prepared
from pagereel.stage import timing
from pagereel.stage.picture_scene import PictureScene
from pagereel.stage.stage import Stage
from pagereel.story import Story, load_story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Animation, VGroup

    from pagereel.cache import Step
    from pagereel.stage.limits import Limits


class StoryScene(PictureScene):
    """A scene drawn from a story.

    A subclass names its story and its limits and says in `construct` how the story is told, with
    `opening`, `beat`, the verbs below and `closing`. A user may choose another story file with
    the environment variable `PAGEREEL_STORY` and the theme (dark, light) with `PAGEREEL_THEME`.

    With Cairo it is drawn by a `FastRenderer`, also by the command `manim`; by manim's own renderer
    if the environment variable `PAGEREEL_STOCK` is set.

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

    def setup(self) -> None:
        """Read the story and build the stage."""
        super().setup()
        path = self.options.story or STORIES / self.default_story
        self.story = prepared(Story, path) or load_story(path)
        self.limits.check(self.story, type(self).__name__)
        self.stage = Stage(self.story, (config.frame_width, config.frame_height), theme=self.theme)

    def make_caption(self, text: str) -> VGroup:
        """Return a caption in its place."""
        return self.stage.caption(text)

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
