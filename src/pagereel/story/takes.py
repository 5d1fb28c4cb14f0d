"""A film of one's own: which scenes tell which beats of their stories, in which order.

Such a file is TOML, as a storyboard is, and has `[[scenes]]`. Each of these is a take: a scene that
tells a story, all of it or some of its beats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from pagereel.errors import StoryError
from pagereel.story.load import load_story
from pagereel.story.story import LONGEST_CAPTION, LONGEST_FILM, LONGEST_KEY
from pagereel.toml.source import read_source
from pagereel.toml.table import Table
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pagereel.story.story import Beat, Story

_MOST_TAKES = 12
_AROUND = ("opening", "tagline")  # captions that are no beat's


class Teller(Protocol):
    """A scene that tells stories: its file, and that of its own story."""

    @property
    def file(self) -> Path:
        """A Python file."""

    @property
    def story(self) -> Path:
        """A storyboard."""


@dataclass(frozen=True, slots=True)
class Take:
    """A scene of a film.

    Parameters
    ----------
    scene, file
        Its name, and the Python file that it is in.
    story
        What it tells, with the film's captions.
    line
        Where it is named, from 1.
    """

    scene: str
    file: Path
    story: Story
    line: int | None


@dataclass(frozen=True, slots=True)
class Takes:
    """A film of several scenes.

    Parameters
    ----------
    path
        The file that it was read from.
    takes
        The scenes, in order.
    length
        How many seconds the film takes at most; None: as long as it takes.
    line
        Where the length stands, from 1.
    """

    path: Path
    takes: tuple[Take, ...]
    length: float | None = None
    line: int | None = None


def load_takes(path: Path, scenes: Mapping[str, Teller]) -> Takes:
    """Read a film of one's own, and the stories of its scenes.

    Parameters
    ----------
    path
        The file.
    scenes
        The scenes that tell stories, by name.

    Raises
    ------
    StoryError
        If it names a scene, a beat or a story that is not there, or says something that it should
        not; or if one of the stories is wrong.
    """
    source = read_source(path, StoryError)
    top = Table(source, source.data)
    top.allow(("length", "scenes"))
    tables = top.tables("scenes")
    if tables is None:
        raise top.error("the film has no scenes; add one that begins with [[scenes]]")
    if len(tables) > _MOST_TAKES:
        message = f"{len(tables)} scenes make too long a film, at most {_MOST_TAKES} are shown"
        raise tables[_MOST_TAKES].error(f"{message}; remove some")
    takes = tuple(_read(table.labelled(f"scene {n}"), scenes) for n, table in enumerate(tables, 1))
    length = top.decimal("length", least=1, most=LONGEST_FILM)
    return Takes(path, takes, length, source.line(("length",)))


def _read(table: Table, scenes: Mapping[str, Teller]) -> Take:
    table.allow(("scene", "story", "beats", "captions"))
    scene = table.name("scene")
    if scene is None:
        raise table.error('names no scene; add scene = "PagedCache"')
    if scene not in scenes:
        raise table.error(f"unknown scene {shown(scene)}; {suggestion(scene, [*scenes])}", "scene")
    story = load_story(_file(table, scenes[scene].story))
    if story.scene not in (None, scene):
        message = f"{story.path.name} is for {story.scene}, not for {scene}; name another story"
        raise table.error(message, "story")
    story = _captioned(table, story)
    story = replace(story, beats=_chosen(table, story.beats))
    return Take(scene, scenes[scene].file, story, table.source.line((*table.path, "scene")))


def _file(table: Table, usual: Path) -> Path:
    name = table.name("story")
    if name is None:
        return usual
    path = table.source.path.parent / name
    if not path.is_file():
        message = f"the story {shown(name)} is not there; name it as seen from this file's folder"
        raise table.error(message, "story")
    return path


def _captioned(table: Table, story: Story) -> Story:
    """Return a story with the film's captions in place of its own."""
    captions = table.table("captions")
    if captions is None:
        return story
    known = [*_AROUND, *(beat.key for beat in story.beats)]
    for key in captions.values:
        if key not in known:
            message = f"{story.path.name} has no beat {shown(key)}; {suggestion(key, known)}"
            raise captions.error(message, key)
    texts = {key: captions.text(key, longest=LONGEST_CAPTION) for key in captions.values}
    beats = [replace(beat, caption=texts.get(beat.key) or beat.caption) for beat in story.beats]
    return replace(
        story,
        beats=tuple(beats),
        opening=texts.get("opening") or story.opening,
        tagline=texts.get("tagline") or story.tagline,
    )


def _chosen(table: Table, beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """Return beats, of which only those that the film names are told."""
    named = table.texts("beats", longest=LONGEST_KEY)
    if named is None:
        return beats
    keys = [beat.key for beat in beats]
    for key in named:
        if key not in keys:
            raise table.error(f"unknown beat {shown(key)}; {suggestion(key, keys)}", "beats")
    if [*named] != [key for key in keys if key in named]:
        message = "beats come in the order of their story, each once: what happens depends on it"
        raise table.error(f"{message}; correct it", "beats")
    return tuple(replace(beat, told=beat.key in named) for beat in beats)
