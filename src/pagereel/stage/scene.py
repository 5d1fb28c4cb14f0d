"""`StoryScene`: a manim scene that tells a story with its parts, beat by beat."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from pagereel.assets import STORIES
from pagereel.errors import GlyphError, StageError, StoryError
from pagereel.request import prepared
from pagereel.stage.part import Extent, LimitError
from pagereel.stage.parts.rows import TaskRows
from pagereel.stage.picture_scene import PictureScene
from pagereel.stage.text.outline import Face, outline
from pagereel.story import Story, load_story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.cache import Step
    from pagereel.story import Beat


class StoryScene(PictureScene):
    """A scene drawn from a story.

    A subclass names its story, its parts and their arrangement, and says in `construct` how the
    story is told, with `opening`, `beat`, `show` and `closing`. A user may choose another story
    file and another theme.

    Attributes
    ----------
    story
        What is told. Read and replayed before anything is drawn.
    """

    default_story: ClassVar[str]  # a file of assets/stories
    story: Story

    def setup(self) -> None:
        """Read the story, refuse what the parts cannot show, and put them in their places."""
        super().setup()
        path = self.options.story or STORIES / self.default_story
        story = self.story = prepared(Story, path) or load_story(path)
        told = Extent(story.title, story.initial, story.steps, story.colors)
        with self._blaming(limits=self._limits()):
            for part in self.parts.values():
                part.check(told)
        try:
            outline(story.title, Face.SERIF)
        except GlyphError as error:
            raise StoryError(story.path, str(error), line=story.lines["title"]) from error
        with self._blaming():
            self.build(told)
        # A caption that does not fit stops here and not half-way.
        for beat in story.beats:
            with self._blaming(beat):
                self.make_caption(beat.caption)
        for text in (*story.preface, *([story.tagline] if story.tagline else [])):
            with self._blaming("tagline"):
                self.make_caption(text)

    def opening(self, caption: str) -> None:
        """Let the parts enter, and say what they are.

        What the story says before its first beat follows.
        """
        self.next_section("opening")
        self.perform(self.stage.enter())
        for text in (caption, *self.story.preface):
            with self.saying(text):
                pass

    def show(self, step: Step) -> None:
        """Let all parts come to show what a step leaves behind, phase by phase."""
        self.perform(self.stage.show(step))

    def closing(self) -> None:
        """Write the tagline, hold, and fade everything out."""
        self.end(self.story.tagline or "")

    def _limits(self) -> str:
        """Return what this scene can show, in words."""
        limits = ", ".join(part.limits for part in self.parts.values() if part.limits)
        advice = f"; {self.story.advice}" if self.story.advice else ""
        return f"; {type(self).__name__} shows {limits}{advice}"

    @contextmanager
    def _blaming(self, blamed: Beat | str = "", *, limits: str = "") -> Iterator[None]:
        """Say of what does not fit which line of the story it comes from."""
        story = self.story
        try:
            yield
        except StageError as error:
            if isinstance(error, LimitError):
                blamed = error.key or next(beat for beat in story.beats if error.step in beat.steps)
            if not blamed:
                raise
            says = f"{error}{limits}"
            if isinstance(blamed, str):
                raise StoryError(story.path, says, line=story.lines[blamed]) from error
            raise StoryError(story.path, f"{blamed.place}: {says}", line=blamed.line) from error


class PlayedRow:
    """One task's row, played by hand: its badge, its pages, and an arrow from each to its frame.

    Parameters
    ----------
    scene
        The scene that plays it; `TaskRows` is one of its parts.
    task
        A task of the scene's story: it gives the row its name and colour.
    index
        Which row of the picture it is, from 0; the uppermost free one if not given.
    """

    def __init__(self, scene: StoryScene, task: str, index: int | None = None) -> None:
        self._scene, self._task, self._index = scene, task, index

    def arrive(self, *frames: int) -> None:
        """Fade in the task's first pages, held by `frames`."""
        self._become(frames)

    def expand(self, frame: int) -> None:
        """Grow the task by one page, held by `frame`."""
        self._become((*self._scene.stage.part(TaskRows).shown[self._task], frame))

    def finish(self) -> None:
        """Fade out the row and its arrows."""
        self._become(())

    def _become(self, frames: tuple[int, ...]) -> None:
        rows = self._scene.stage.part(TaskRows)
        tables = {**rows.shown, self._task: frames}
        if not frames:
            del tables[self._task]
        self._scene.perform([rows.become(tables, self._index)])
