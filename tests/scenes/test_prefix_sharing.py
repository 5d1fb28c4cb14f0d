"""PrefixSharing shows what the replay says at every beat, as its storyboard has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.assets import STORIES
from pagereel.errors import StoryError
from pagereel.stage.layout.page_map import Cell

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scenes.conftest import Golden, Tell

# Beat -> page tables, free mask, cached frames in order of eviction, and the two counts.
STATES = {
    "opening": ({}, "1" * 12, (), "", "13"),
    "a-arrives": ({"A": (0, 1, 2)}, "111111111000", (), "3 pages in 3 frames", "0 of 3"),
    "index": ({"A": (0, 1, 2)}, "111111111000", (), "3 pages in 3 frames", "0 of 3"),
    "b-arrives": (
        {"A": (0, 1, 2, 4), "B": (0, 1, 3)},
        "111111100000",
        (),
        "7 pages in 5 frames",
        "2 of 6",
    ),
    "c-arrives": (
        {"A": (0, 1, 2, 4), "B": (0, 1, 3), "C": (0, 1, 5, 6)},
        "111110000000",
        (),
        "11 pages in 7 frames",
        "4 of 10",
    ),
    "shared": (
        {"A": (0, 1, 2, 4), "B": (0, 1, 3, 7), "C": (0, 1, 5, 6)},
        "111100000000",
        (),
        "12 pages in 8 frames",
        "4 of 10",
    ),
    "finish": ({}, "111110000000", (2, 4, 3, 0, 1, 5, 6), "0 pages in 0 frames", "4 of 10"),
    "d-arrives": (
        {"D": (0, 1, 7)},
        "111100000000",
        (2, 4, 3, 5, 6),
        "3 pages in 3 frames",
        "6 of 13",
    ),
    "closing": (
        {"D": (0, 1, 7)},
        "111100000000",
        (2, 4, 3, 5, 6),
        "3 pages in 3 frames",
        "6 of 13",
    ),
}
X = "\N{MULTIPLICATION SIGN}"
# What is in the last page of each task when the film is at its fullest.
LAST_PAGES = {Cell(0, 3): "4 A: - - - -", Cell(1, 3): "7 B: - / / /", Cell(2, 3): "6 C: Moon ? - -"}
TRACK = {
    "a-arrives": f"{X}1 A",
    "b-arrives": f"{X}2 AB",
    "c-arrives": f"{X}3 ABC",
    "shared": f"{X}3 ABC",
    "finish": f"{X}0 C kept",
    "d-arrives": f"{X}1 D",
}


@pytest.mark.slow
def test_each_beat_shows_the_replayed_state(tell: Tell) -> None:
    told = {now.key: now for now in tell("PrefixSharing", stills=None)}
    assert [*told] == [*STATES]
    for key, (tables, mask, cached, pages, hits) in STATES.items():
        now = told[key]
        assert dict(now.state.tables) == tables
        assert now.state.mask_literal == now.shown["pool"][1] == mask
        assert now.state.cached == cached
        assert (now.shown["counter"], now.shown["hits"]) == (pages, hits)
        assert now.shown["index"] == ((0, 1) if key not in {"opening", "a-arrives"} else ())
    for key, holders in TRACK.items():
        shown = told[key].shown["map"]
        assert shown[Cell(0, 0)] == f"0 {holders}: You are a kind"
        assert shown[Cell(0, 1)] == f"1 {holders}: guide . Be brief"
    assert told["shared"].shown["map"].items() >= LAST_PAGES.items()
    assert Cell(1, 3) not in told["finish"].shown["map"]  # its frame is free


@pytest.mark.slow
@pytest.mark.parametrize("look", ["wide", "tall", "square", "light"])
def test_stills(golden: Golden, look: str) -> None:
    golden("PrefixSharing", look, fullest="shared")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('hashes = "vLLM', 'hash = "vLLM', "unknown key 'hash'"),
        ('hashes = "vLLM', '# hashes = "vLLM', "hashes is missing; add hashes = "),
        ('"Rome", "?"]', '"Rome"]', "B"),
        ('"Moon"', '"Mooooooooooon"', "'Mooooooooooon' is too wide for a token slot"),
        ('D = ["You"', '# D = ["You"', "no words of D's prompt"),
    ],
)
def test_bad_stories(tell: Tell, tmp_path: Path, old: str, new: str, says: str) -> None:
    text = (STORIES / "prefix_sharing.toml").read_text("utf-8")
    assert old in text
    bad = tmp_path / "bad.toml"
    bad.write_text(
        text.replace(old, new).replace("../traces", str(STORIES.parent / "traces")), "utf-8"
    )
    with pytest.raises(StoryError, match=says) as caught:
        tell("PrefixSharing", story=bad)
    assert len(str(caught.value)) < 300
    assert "bad.toml:" in str(caught.value)
