"""Films of one's own: which scenes tell which beats, and what is refused."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator
from traces import ROOT

from pagereel.assets import SCHEMAS, STORIES
from pagereel.discovery import SceneSource
from pagereel.discovery.stories import is_film
from pagereel.errors import StoryError
from pagereel.story.takes import Takes, load_takes

if TYPE_CHECKING:
    from tests.story.conftest import Write

SCHEMA = Draft202012Validator(json.loads((SCHEMAS / "film.json").read_text()))
SCENES = {
    name: SceneSource(Path(f"{name}.py"), name, default=story)
    for name, story in (("PagedCache", "paged_cache.toml"), ("CopyOnWrite", "copy_on_write.toml"))
}
FILM = """\
length = 30
[[scenes]]
scene = "PagedCache"
beats = ["a-arrives", "a-finishes"]
[scenes.captions]
a-arrives = "A comes."
opening = "Look."
[[scenes]]
scene = "CopyOnWrite"
story = "mine.toml"
"""


def read(path: Path) -> Takes:
    text = (STORIES / "copy_on_write.toml").read_text("utf-8")
    (path.parent / "mine.toml").write_text(text.replace("..", str(STORIES.parent)), "utf-8")
    return load_takes(path, SCENES)


def test_everything_is_read(write: Write) -> None:
    film = read(write(FILM))
    assert (film.length, film.line) == (30, 1)
    first, second = film.takes
    assert (first.scene, second.scene) == ("PagedCache", "CopyOnWrite")
    assert [beat.key for beat in first.story.beats if beat.told] == ["a-arrives", "a-finishes"]
    assert len(first.story.beats) == 7, "what happens in the others happens, too"
    assert [beat.caption for beat in first.story.beats][:2] == [
        "A comes.",
        "One page more for A: any free frame will do.",
    ]
    assert (first.story.opening, first.story.tagline is None) == ("Look.", False)
    assert all(beat.told for beat in second.story.beats)
    assert second.story.path.name == "mine.toml"


def test_a_film_is_told_from_a_storyboard(write: Write) -> None:
    assert is_film(write(FILM))
    assert not is_film(write('title = "T"\n[pool]\nframes = 2\n'))
    assert not is_film(write("scenes = ["))


def test_the_example_of_the_docs_is_a_film(write: Write) -> None:
    (example,) = re.findall(
        r"```toml\n(length.*?)```", (ROOT / "docs" / "stories.md").read_text("utf-8"), re.DOTALL
    )
    assert len(read(write(example)).takes) == 2
    assert SCHEMA.is_valid(tomllib.loads(example))


CHANGES = [
    ("length = 30", "length = 0", 1, "length must be from 1 to 600, not 0"),
    ("length = 30", "lenght = 30", 1, "unknown key 'lenght'; did you mean length?"),
    (FILM, "length = 3", None, "the film has no scenes; add one that begins with [[scenes]]"),
    ('"CopyOnWrite"', '"CopyOnRead"', 9, "scene 2: unknown scene 'CopyOnRead'; did you mean Copy"),
    ('scene = "CopyOnWrite"\n', "", 8, 'scene 2: names no scene; add scene = "PagedCache"'),
    ('"mine.toml"', '"my.toml"', 10, "scene 2: the story 'my.toml' is not there; name it as seen"),
    ("story", "stories", 10, "scene 2: unknown key 'stories'; did you mean story?"),
    ('"PagedCache"', '"PagedCache"\nstory = "mine.toml"', 4, "scene 1: mine.toml is for CopyOn"),
    ('"a-finishes"', '"a-ends"', 4, "scene 1: unknown beat 'a-ends'; did you mean a-expands?"),
    ('"a-arrives", "a-finishes"', '"a-finishes", "a-arrives"', 4, "scene 1: beats come in the ord"),
    ('"a-finishes"', '"a-arrives"', 4, "scene 1: beats come in the order of their story, each on"),
    ("a-arrives =", "d-arrives =", 6, "paged_cache.toml has no beat 'd-arrives'; did you mean"),
    ('"A comes."', f'"{"A" * 101}"', 6, "a-arrives has 101 characters; at most 100 fit"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), CHANGES)
def test_films_that_are_refused(
    write: Write, old: str, new: str, line: int | None, message: str
) -> None:
    assert old in FILM
    path = write(FILM.replace(old, new, 1))
    with pytest.raises(StoryError) as caught:
        read(path)
    said = str(caught.value)
    assert said.startswith(f"{path}:{line}: {message}" if line else f"{path}: {message}")
    assert len(said) - len(str(path)) < 280
    assert said.isprintable()


# A schema knows how a film is written, and not what there is.
BADLY_WRITTEN = ("length must", "unknown key", "the film has no", "names no", "has 101")


@pytest.mark.parametrize(("old", "new", "line", "message"), [("", "", 0, ""), *CHANGES])
def test_the_schema_refuses_what_is_badly_written(
    old: str, new: str, line: int, message: str
) -> None:
    del line
    refused = any(says in message for says in BADLY_WRITTEN) and "unknown scene" not in message
    assert SCHEMA.is_valid(tomllib.loads(FILM.replace(old, new, 1))) != refused
