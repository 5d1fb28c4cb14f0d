"""`StoryScene`: a manim scene that tells a story with its parts, beat by beat."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar

from pagereel.assets import STORIES, require_fonts
from pagereel.errors import StageError, StoryError
from pagereel.languages import by_code, is_wide
from pagereel.request import prepared
from pagereel.stage import timing
from pagereel.stage.length import CountingRenderer, Cut, Spent
from pagereel.stage.part import Extent, LimitError, during, only, without
from pagereel.stage.parts.rows import TaskRows
from pagereel.stage.picture_scene import PictureScene
from pagereel.stage.text.fonts import speak
from pagereel.stage.text.outline import Face, outline
from pagereel.stage.timing import Phase
from pagereel.story import Story, explained, load_story
from pagereel.trace.records import version_of
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pagereel.cache import Step
    from pagereel.stage.part import Movements
    from pagereel.story import Beat
    from pagereel.toml.table import Table


_ACT = "act_"  # with which the name of a method begins that plays a beat


class StoryScene(PictureScene):
    """A scene drawn from a story.

    A subclass names its story, its parts and their arrangement, and says in `construct` how the
    story is told, with `opening`, `tell_all` and `closing`. A user may choose another story file
    and another theme.

    A beat of the story may name an act: a method of the scene, `act_NAME(beat)`, plays it then.

    Attributes
    ----------
    tables
        The tables of a story that are the scene's own: name -> what reads it. One that is named
        like an act has to be there if a beat has that act, all others in any case, but for those
        that are `optional`.
    shows_version
        Of the trace format: its parts follow all events of this version, and of those before.
    passing
        Acts that leave nothing behind: if such a beat is left out, nothing of it is played.
    given
        The story that it is given in place of a file's, if it is.
    story
        What is told. Read and replayed before anything is drawn.
    own
        What was read of these tables: name -> value.
    """

    default_story: ClassVar[str]  # a file of assets/stories
    tables: ClassVar[Mapping[str, Callable[[Table], Any]]] = {}
    optional: ClassVar[Collection[str]] = ()
    shows_version: ClassVar[int] = 1
    passing: ClassVar[Collection[str]] = ()
    given: Story | None = None
    story: Story
    own: Mapping[str, Any]

    def setup(self) -> None:
        """Read the story, refuse what the parts cannot show, and put them in their places."""
        super().setup()
        path = self.options.story or STORIES / self.default_story
        self.story = self.given or prepared(Story, path) or load_story(path)
        self._refuse_foreign()
        story = self.story = self.adapt(self.story)
        self.own = {name: self.tables[name](table) for name, table in story.tables.items()}
        speak(by_code(story.language), story.texts)
        told = Extent.of(story, self.own)
        self._refuse_letters()
        with self._blaming(limits=self._limits()):
            for part in self.parts.values():
                part.check(told)
        with self._blaming():
            self.build(told)
        # What does not fit, and an act that cannot be played, stop here and not half-way.
        rehearsals = [part.rehearsal() for part in self.stage.parts.values()]
        for beat in story.beats:
            with self._blaming(beat):
                self._try_caption(beat.caption)
                for rehearse in rehearsals:
                    rehearse(beat)
        texts = [("opening", story.opening), ("tagline", story.tagline)]
        for key, text in (*texts, *(("frames", text) for text in story.preface)):
            with self._blaming(key):
                self._try_caption(text)
        if not isinstance(self.renderer, CountingRenderer):
            self.cut = self._fitted()

    @property
    def acts(self) -> list[str]:
        """The names of its own movements, which beats may have."""
        return [each[len(_ACT) :].replace("_", "-") for each in dir(self) if each.startswith(_ACT)]

    def play_act(self, act: str, beat: Beat) -> None:
        """Play one of its own movements."""
        getattr(self, _method(act))(beat)

    def adapt(self, story: Story) -> Story:
        """Return the story as this scene tells it; a subclass may fill something in."""
        return story

    def opening(
        self, caption: str = "", *, phase: Phase | None = None, under: Sequence[Movements] = ()
    ) -> None:
        """Let the parts enter, and say what they are.

        What the story says before its first beat follows.

        Parameters
        ----------
        caption
            What is said if the story has no opening of its own; nothing, if it is empty.
        phase
            The one in which all parts but the title enter; each in its own, if not given.
        under
            What moves after that, under the same caption.
        """
        self.begin_film()
        self.next_section("opening")
        enter, opening = self.stage.enter(), self.story.opening
        self.perform(only(each, Phase.TITLE) for each in enter)
        others = [without(each, Phase.TITLE) for each in enter]
        entrances = [during(phase, *others)] if phase else others
        with self.saying(opening) if opening else nullcontext():  # it says what enters then
            for each in (entrances, under):
                self.perform(each)
        names: dict[str, str] = {}
        for part in self.stage.parts.values():
            names |= part.shortened
        preface = (*self.story.preface, *explained("Long names are cut", names))
        for text in (*([] if opening else [caption]), *preface):
            if text:
                with self.saying(text):
                    pass

    def tell_all(self) -> None:
        """Tell all beats, one after another."""
        for beat in self.story.beats:
            self.tell(beat)

    def tell(self, beat: Beat) -> None:
        """Tell a beat under its caption: by its act, if it has one, else step by step.

        If it is not told, what happens in it happens quickly and without a caption.

        Raises
        ------
        StoryError
            If the act cannot be played there: file, line, what to do.
        """
        lasts = beat.act not in self.passing and bool(beat.act or beat.steps)
        if not beat.told or beat.key in self.cut.silent:
            if lasts:
                self.next_section(beat.key)
                with self.hurrying():
                    self._play(beat)
                self.stand(timing.BREATH, least=0)
            return
        rest = timing.HOLD if beat.rest is None else beat.rest
        began, spare = self.told, self.count.spare
        with self.beat(beat.key, beat.caption, late=beat.late, rest=rest):
            moved = self.count.quick
            self._play(beat)
            quick = self.count.quick - moved if lasts else 0.0
        self.count.beats[beat.key] = Spent(self.told - began, self.count.spare - spare, quick)

    def _play(self, beat: Beat) -> None:
        if beat.act:
            with self._blaming(beat):
                self.play_act(beat.act, beat)
        else:
            self.unfold(beat)

    def unfold(self, beat: Beat) -> None:
        """Let what happens in a beat happen, one event after another."""
        for step in beat.steps:
            self.show(step)

    def show(self, step: Step) -> None:
        """Let all parts come to show what a step leaves behind, phase by phase."""
        self.perform(self.stage.show(step))

    def closing(self, *movements: Movements) -> None:
        """Write the tagline, play movements one after another, hold, and fade everything out."""
        self.end(self.story.tagline or "", *movements)

    def _fitted(self) -> Cut:
        """Return what the film does without, to be as short as the story and the user say."""
        story = self.story
        optional = [beat.key for beat in story.beats if beat.optional and beat.told]
        return self.fit(story.length, optional, file=story.path, line=story.lines["length"])

    def _try_caption(self, text: str | None) -> None:
        if text:
            self.make_caption(text)

    def _refuse_letters(self) -> None:
        """Refuse a title, a task's name or a word with a letter that no font has."""
        require_fonts()  # a missing one is not the story's mistake
        story = self.story
        with self._blaming("title"):
            outline(story.title, Face.SERIF)
        for beat in story.beats:
            for step in beat.steps:
                task = getattr(step.event, "task", "")
                if is_wide(task):
                    with self._blaming(beat):
                        outline(task, Face.BOLD)
        for task, words in story.words.items():
            with self._blaming(f"words.{task}"):
                for word in filter(is_wide, words):
                    outline(word, Face.SERIF)

    def _refuse_foreign(self) -> None:
        """Refuse a story that is for another scene, or says what this one does not know."""
        story, name = self.story, type(self).__name__
        if story.scene not in (None, name):
            message = f"this story is for {story.scene}, not for {name}; render {story.scene}"
            raise StoryError(story.path, message, line=story.lines["scene"])
        for key, table in story.tables.items():
            if key not in self.tables:
                message = f"{name} reads no table {shown(key)}; {_advice(key, [*self.tables])}"
                raise table.error(message)
        for beat in story.beats:
            versions = (version_of(step.event) for step in beat.steps)
            if max(versions, default=1) > self.shows_version:
                message = f"{name} does not show this; PagedCache does"
                raise StoryError(story.path, f"{beat.place}: {message}", line=beat.line)
        acts = self.acts
        for beat in story.beats:
            if beat.act and beat.act not in acts:
                message = f"{name} has no act {shown(beat.act)}; {_advice(beat.act, acts)}"
                raise StoryError(story.path, f"{beat.place}: {message}", line=beat.line)
        played = {beat.act for beat in story.beats}
        for key in self.tables:
            if key not in {*story.tables, *self.optional} and (key in played or key not in acts):
                line = next((beat.line for beat in story.beats if beat.act == key), None)
                line = line or story.lines.get("scene")
                raise StoryError(story.path, f"{name} needs the table [{key}]; add it", line=line)

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
                beats = (beat for beat in story.beats if error.step in beat.steps)
                blamed = error.key or next(beats, "")
            if not blamed:
                raise
            says = f"{error}{limits}"
            if isinstance(blamed, str):
                raise StoryError(story.path, says, line=story.lines.get(blamed)) from error
            raise StoryError(story.path, f"{blamed.place}: {says}", line=blamed.line) from error


def _advice(word: str, known: Sequence[str]) -> str:
    return suggestion(word, known) if known else "remove it"


def _method(act: str) -> str:
    return f"{_ACT}{act.replace('-', '_')}"


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
