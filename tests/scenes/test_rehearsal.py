"""An act for which a story does not give enough is refused before anything moves, with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from told import play_scene, scene_class

from pagereel.assets import STORIES, TRACES
from pagereel.errors import StoryError
from pagereel.story import load_story

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.stage.scene import StoryScene

SMALL = 480, 270
ALONE = "plays no events; give them to another beat, or begin after them"
# A story; what is changed in it, of which the last line is refused; what is said.
CASES = [
    (
        "fragmentation",
        'act = "compare"',
        'act = "ask" # again',
        "the act ask needs a memory that is not cut",
    ),
    (
        "fragmentation",
        'act = "ask"',
        'act = "compare"',
        "the act compare needs a beat with the act",
    ),
    ("fragmentation", 'act = "cut"', 'through = 7\nact = "cut"', f"the act cut {ALONE}"),
    ("page_sizes", "one = 1\n", "", "[page-size] has no one; add one = 4"),
    ("copy_on_write", "through = 1", 'through = 1\nact = "copy"', "the act copy plays one event"),
    ("copy_on_write", "through = 1", 'through = 1\nact = "stop"', f"the act stop {ALONE}"),
    ("copy_on_write", 'act = "stop"', 'act = "write"', "A1 writes where others read; let it copy"),
    ("copy_on_write", 'act = "stop"', 'act = "grow"', "the act grow plays events; add through"),
    ("lru_eviction", "through = 6", 'through = 6\nact = "evict"', "the act evict plays evictions"),
    ("prefix_sharing", 'act = "index"', 'through = 3\nact = "index"', f"the act index {ALONE}"),
    (
        "page_lookup",
        'act = "divide"',
        'act = "look-up"',
        "the act look-up needs a beat with the act",
    ),
    ("page_lookup", 'act = "divide"', 'through = 7\nact = "divide"', f"the act divide {ALONE}"),
]
NO_LINE = {"page_sizes": 'key = "one"'}  # where what is refused was taken away elsewhere
QUICK = {CASES[5], CASES[6]}


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [case if case in QUICK else pytest.param(*case, marks=pytest.mark.slow) for case in CASES],
)
def test_an_act_that_cannot_be_played(
    tmp_path: Path, name: str, old: str, new: str, says: str
) -> None:
    text = (STORIES / f"{name}.toml").read_text("utf-8")
    assert old in text
    text = text.replace("../traces/", f"{TRACES}/").replace(old, new, 1)
    path = tmp_path / "my.toml"
    path.write_text(text, "utf-8")
    begins = text.rindex("[[beats]]", 0, text.index(NO_LINE.get(name, new)))
    line = 1 + text.count("\n", 0, begins)
    scene = load_story(STORIES / f"{name}.toml").scene
    assert scene

    def fail(_: StoryScene) -> None:
        raise AssertionError("something has moved")

    where = re.escape(f"{path}:{line}: beat ")
    with pytest.raises(StoryError, match=rf"{where}\d+ \(.*\): {re.escape(says)}") as caught:
        play_scene(scene_class(scene), size=SMALL, story=path, at_rest=fail)
    assert len(str(caught.value)) - len(str(path)) < 300
