"""`PromoScene`: a brand's promo, told by chapters: what was done before, why not, and the proof."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from manim import VGroup, config

from pagereel.errors import StageError, StoryError
from pagereel.stage.brand.beats import BEATS
from pagereel.stage.compare.said import draw_said, parsed
from pagereel.stage.layout.places import Area
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.promo.camera import PoolCamera
from pagereel.stage.promo.close.places import close_boxes
from pagereel.stage.promo.facts import OWN, Facts, filled
from pagereel.stage.promo.layout import WidePlaces
from pagereel.stage.scene import StoryScene
from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pagereel.cache import Step
    from pagereel.stage.brand import Brand
    from pagereel.stage.text.label import Label
    from pagereel.story import Beat, Story
    from pagereel.toml.table import Table

_LONGEST = 100  # characters of a sentence
_HOOK = "{hook}"  # the sentence that says how full the memory is
SENTENCES = ("empty", "given-up", "waiting", "rows", "pools", "nobody", "some", *OWN)
"""What a story says where it depends on the runs; see `Facts.choices` and `Facts.own`."""


def read_sentences(table: Table) -> dict[str, str]:
    """Read the sentences of which each promo says some; not all have to be there."""
    table.allow(SENTENCES)
    texts = {key: table.text(key, longest=_LONGEST) for key in SENTENCES}
    return {key: text for key, text in texts.items() if text}


class Chapter:
    """A stretch of a promo: its public methods are the acts of its beats.

    Parameters
    ----------
    scene
        The promo: its brand, facts, theme, area and stage.
    """

    def __init__(self, scene: PromoScene) -> None:
        self.scene = scene

    @classmethod
    def check(cls, beat: Beat) -> None:
        """Raise a `StageError` if it cannot play a beat, before anything is drawn."""

    def begin(self) -> None:
        """Put on screen what is there from the film's first image on."""

    @classmethod
    def acts(cls) -> dict[str, str]:
        """Return the acts that it plays: name -> method."""
        return {
            name.replace("_", "-"): name
            for name in dir(cls)
            if name[0] != "_" and not hasattr(Chapter, name) and callable(getattr(cls, name))
        }


C = TypeVar("C", bound=Chapter)


class PromoScene(StoryScene):
    """A scene that tells a brand's promo; a subclass names its story, its parts and its chapters.

    Attributes
    ----------
    chapters
        Who plays the beats that have an act, in the order of the film.
    facts
        All numbers.
    area
        The picture.
    """

    default_brand = "brand.toml"
    caption_time = 0.2
    settle_time = 0.0
    tables: ClassVar = {"sentences": read_sentences}
    chapters: ClassVar[Sequence[type[Chapter]]] = ()

    brand: Brand  # there is always one
    facts: Facts
    area: Area

    def make_cards(self, brand: Brand) -> None:
        """Leave the cards to the chapters: they stand in the frames of the pool."""

    def build(self, told: object) -> None:
        """Put the parts on the stage, and let the chapters make what is theirs."""
        super().build(told)
        self.area = Area(config.frame_width, config.frame_height)
        self._told = [kind(self) for kind in self.chapters]
        self._acts = {
            act: getattr(chapter, method)
            for chapter in self._told
            for act, method in chapter.acts().items()
        }

    def begin(self) -> None:
        """Put on screen what is there from the first image on."""
        for chapter in self._told:
            chapter.begin()

    def chapter(self, kind: type[C]) -> C:
        """Return the chapter of a kind.

        Raises
        ------
        StageError
            If there is none.
        """
        for chapter in self._told:
            if isinstance(chapter, kind):
                return chapter
        raise StageError(f"this promo has no {kind.__name__}; add it to its chapters")

    @cached_property
    def places(self) -> WidePlaces:
        """How the whole memory, the requests that wait and the captions share the picture."""
        return WidePlaces.of(self.area, self.stage.part(CaptionBar).place)

    @cached_property
    def pool_camera(self) -> PoolCamera:
        """Where the frames of the whole pool stand, and the few that are explained."""
        facts, area = self.facts, self.area
        eight = close_boxes(area, self.story.initial.frames)
        columns = facts.memory.columns if facts.memory else None
        return PoolCamera(area, facts.after.frames, self.places.memory, eight, columns)

    def make_caption(self, text: str, *, color: str | None = None) -> VGroup:
        """Return a caption in its place: the names of runs and the number of the hook in colour."""
        names = self.facts.comparison.names
        said = parsed(text, names)
        if said.lines:
            place = self.stage.part(CaptionBar).place
            return draw_said(said, place, names=names, theme=self.theme)
        caption = self.lay_out(text, color or self.theme.ink)
        if text != self._lit:
            return caption
        lit = self.facts.lit
        return VGroup(
            *(
                line.lit(lit, self.theme.free) if lit in line.text else line
                for line in cast("list[Label]", caption.submobjects)
            )
        )

    def lay_out(self, text: str, color: str) -> VGroup:
        """Return a caption of one colour in its place; a subclass may have another place for it."""
        return super().make_caption(text, color=color)

    @property
    def acts(self) -> list[str]:
        """The acts of all chapters."""
        return [act for kind in self.chapters for act in kind.acts()]

    def play_act(self, act: str, beat: Beat) -> None:
        """Let a chapter play one of its acts."""
        self._acts[act](beat)

    def adapt(self, story: Story) -> Story:
        """Return the story with the brand's beats and numbers.

        Raises
        ------
        StoryError
            If it explains another trace than the brand's, or a placeholder is not known.
        """
        self._refuse_another(story)
        self._lit = ""
        self.facts = Facts.of(self.brand)
        sentences = read_sentences(story.tables["sentences"])
        beats = [*_standing(story.beats, self.brand.beats)]
        if story.steps and not any(beat.steps for beat in beats):
            message = "beats names nothing that this promo explains; add one, such as paged-cache"
            raise self.brand.error(message, "beats")
        told: list[Beat] = []
        for beat in beats:
            with self._blaming(beat):
                for kind in self.chapters:
                    kind.check(beat)
                told.append(replace(beat, caption=filled(beat.caption, self.facts, sentences)))
            if _HOOK in beat.caption:
                self._lit = told[-1].caption
        return replace(story, beats=tuple(told))

    def _refuse_another(self, story: Story) -> None:
        """Refuse to explain a trace that is not the brand's: the captions would be untrue."""
        brand = self.brand
        told = [step.event for step in (*story.earlier, *story.steps)]
        if not told:
            return
        if brand.close is None:
            message = "close is missing; name a trace that shows in a few frames what is done"
            raise brand.error(message, "name")
        with open_trace(brand.close) as trace:
            events = [record.event for record, _ in follow(trace)]
        if told != events[: len(told)]:
            raise StoryError(
                story.path,
                f"this promo explains other events than {brand.close.name}, which the brand "
                f"{brand.path.name} names as close; write a story for that trace",
                line=story.lines.get("frames"),
            )


def _standing(beats: Sequence[Beat], done: Sequence[str]) -> Iterator[Beat]:
    """Yield the beats that a brand's engine does, and those that are not about engines.

    What happens in others happens in the next one that is about the engine.
    """
    missed: tuple[Step, ...] = ()
    for beat in beats:
        claim = next((each for each in BEATS if f"{beat.key}-".startswith(f"{each}-")), None)
        if claim is None:  # of the whole pool: the eight frames are not seen
            yield beat
        elif claim in done:
            yield replace(beat, steps=(*missed, *beat.steps))
            missed = ()
        else:
            missed = (*missed, *beat.steps)
