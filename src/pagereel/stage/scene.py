"""`StoryScene`: a manim scene that tells a story with its parts, beat by beat."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from manim import FadeOut, Write, config

from pagereel.assets import STORIES
from pagereel.errors import StageError, StoryError
from pagereel.request import prepared
from pagereel.stage import timing
from pagereel.stage.part import Extent, LimitError, Stage
from pagereel.stage.parts.rows import TaskRows
from pagereel.stage.parts.title import CaptionBar
from pagereel.stage.picture_scene import PictureScene
from pagereel.stage.timing import Phase
from pagereel.story import Story, load_story

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from manim import Animation, VGroup

    from pagereel.cache import Step
    from pagereel.stage.layout.arrangement import Arrangement
    from pagereel.stage.layout.places import Anchor
    from pagereel.stage.part import Movements, Parts
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
    stage
        The parts in their places.
    """

    default_story: ClassVar[str]  # a file of assets/stories
    parts: ClassVar[Parts]
    arrangement: ClassVar[Arrangement]

    story: Story
    stage: Stage

    def setup(self) -> None:
        """Read the story, refuse what the parts cannot show, and put them in their places."""
        super().setup()
        path = self.options.story or STORIES / self.default_story
        story = self.story = prepared(Story, path) or load_story(path)
        told = Extent(story.title, story.initial, story.steps, story.colors)
        with self._blaming(limits=self._limits()):
            for part in self.parts.values():
                part.check(told)
        with self._blaming():
            self.stage = Stage(
                self.parts,
                told,
                size=(config.frame_width, config.frame_height),
                theme=self.theme,
                arrangement=self.arrangement,
            )
        # A caption that does not fit stops here and not half-way.
        for beat in story.beats:
            with self._blaming(beat):
                self.make_caption(beat.caption)
        for text in (*story.preface, *([story.tagline] if story.tagline else [])):
            with self._blaming("tagline"):
                self.make_caption(text)

    def make_caption(self, text: str) -> VGroup:
        """Return a caption in its place."""
        return self.stage.part(CaptionBar).caption(text)

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

    def perform(self, movements: Iterable[Movements]) -> None:
        """Play movements: those of a phase together, one phase after the other."""
        movements = [*movements]
        for phase in Phase:
            moves = [move for each in movements if phase in each for move in each[phase]()]
            if moves:
                self.play(*moves, run_time=phase.seconds)

    def closing(self) -> None:
        """Write the tagline, hold, and fade everything out."""
        self.next_section("closing")
        began, tagline = self.time, self.story.tagline
        if tagline:
            text = self.stage.part(CaptionBar).caption(tagline, color=self.theme.tagline)
            self.play(Write(text), run_time=timing.TAGLINE)
        self.rest(timing.hold_after(self.time - began, tagline or "", least=timing.LAST))
        if tagline:
            self.add_subcaption(tagline, duration=self.time - began, offset=began - self.time)
        if not self.session_spec.output.is_still:  # a still shows the end of the story
            self.play(*(FadeOut(mobject) for mobject in self.mobjects), run_time=timing.END)

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
        Which row of the picture it is, from 0; if none is named, the uppermost that is free.
    """

    def __init__(self, scene: StoryScene, task: str, index: int | None = None) -> None:
        self._scene, self._rows = scene, scene.stage.part(TaskRows)
        self.row = self._rows.add(task, index)

    def arrive(self, *frames: int) -> None:
        """Fade in the task's first pages, held by `frames`."""
        self._play(Phase.JOIN, self.row.enter())
        self._play(Phase.PAGE, self.row.arrive(frames, self._ends(frames)))
        self._play(Phase.CONNECT, *self.row.connect())

    def expand(self, frame: int) -> None:
        """Grow the task by one page, held by `frame`."""
        self._play(Phase.PAGE, self.row.expand((frame,), self._ends((frame,))))
        self._play(Phase.CONNECT, *self.row.connect())

    def finish(self) -> None:
        """Fade out the row and its arrows."""
        del self._rows.rows[self.row.task]
        self._play(Phase.LEAVE, *self.row.leave())

    def _play(self, phase: Phase, *moves: Animation) -> None:
        self._scene.play(*moves, run_time=phase.seconds)

    def _ends(self, frames: tuple[int, ...]) -> Sequence[Anchor]:
        task, old = self.row.task, self.row.frames
        return self._rows.ends(self.row, {**self._rows.shown, task: old + frames})[len(old) :]
