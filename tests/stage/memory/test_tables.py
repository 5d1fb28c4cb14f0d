"""Tables of Fragmentation's stories that say what they should not are refused, with their line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.assets import STORIES
from pagereel.errors import StoryError
from pagereel.stage.parts.memory.kit import MEMORY_TABLES
from pagereel.story import load_story

if TYPE_CHECKING:
    from pathlib import Path

BAD = [
    ("fragmentation", "longest = 16  ", "longest = 0  ", "longest"),
    ("fragmentation", "longest = 16  ", "size = 16  ", "unknown key 'size'"),
    ("fragmentation", "[reservation]\nlongest = 16", "[reservation]", "longest is missing"),
    ("fragmentation", "percent = 20.4", "percent = 120.4", "percent"),
    ("fragmentation", "percent = 20.4", "", "percent is missing"),
    ("fragmentation", 'heading = "measured', '# heading = "measured', "heading"),
    ("page_sizes", "four = 4", "four = 0", "four"),
    ("page_sizes", "four = 4", 'four = "4"', "four"),
]


@pytest.mark.parametrize(("name", "old", "new", "says"), BAD)
def test_bad_tables_are_refused(name: str, old: str, new: str, says: str, tmp_path: Path) -> None:
    text = (STORIES / f"{name}.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / "bad.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    tables = load_story(path).tables
    with pytest.raises(StoryError, match=says) as caught:
        [MEMORY_TABLES[key](table) for key, table in tables.items()]
    assert str(caught.value).startswith(f"{path}:")
    assert len(str(caught.value)) <= 300 + len(str(path))
