"""Fragmentation shows what both models say, beat by beat, and its numbers are counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pagereel.assets import STORIES

if TYPE_CHECKING:
    from tests.scenes.conftest import Golden, Tell

# Beat -> tokens, reserved and empty, free; what each task has; its page table.
STATES = {
    "opening": ((0, 0, 48), {}),
    "reserve-a": ((4, 12, 32), {"A": 4}),
    "reserve-b-c": ((12, 36, 0), {"A": 4, "B": 2, "C": 6}),
    "steps": ((21, 27, 0), {"A": 7, "B": 5, "C": 9}),
    "d-waits": ((21, 27, 0), {"A": 7, "B": 5, "C": 9}),
    "pages": ((21, 7, 20), {"A": 7, "B": 5, "C": 9}),
    "d-and-e": ((30, 10, 8), {"A": 7, "B": 5, "C": 9, "D": 3, "E": 6}),
    "grow": ((40, 8, 0), {"A": 9, "B": 7, "C": 11, "D": 5, "E": 8}),
}
TABLES = {
    "pages": {"A": (0, 1), "B": (4, 5), "C": (8, 9, 10), "D": "waits"},
    "d-and-e": {"A": (0, 1), "B": (4, 5), "C": (8, 9, 10), "D": (2,), "E": (3, 6)},
    "grow": {"A": (0, 1, 7), "B": (4, 5), "C": (8, 9, 10), "D": (2, 11), "E": (3, 6)},
}
MASKS = {"steps": "100011001100", "d-and-e": "100010000000", "grow": "000000000000"}
RESERVED = {"reserve-a", "reserve-b-c", "steps", "d-waits"}
FIRST = {"A": 0, "B": 16, "C": 32}  # the first slot of each reservation


@pytest.mark.slow
def test_each_beat_shows_what_its_model_holds(tell: Tell) -> None:
    told = {now.key: now for now in tell("Fragmentation", stills=None)}
    assert [*STATES, "compare", "measured"] == [key for key in told if key != "closing"]
    for key, (numbers, tokens) in STATES.items():
        slots = told[key].shown["slots"]
        assert told[key].shown["meter"] == (
            tokens,
            {
                task: Counter(slot[0] for slot in slots if slot and slot[1] is None)[task]
                for task in tokens
            },
            numbers,
        )
        assert sum(numbers) == len(slots) == 48
        written = [slot for slot in slots if slot and slot[1] is not None]
        assert Counter(task for task, _ in written) == tokens
        for task in tokens if key in RESERVED else ():
            held = [at for at, slot in enumerate(slots) if slot and slot[0] == task]
            assert held == [*range(FIRST[task], FIRST[task] + 16)]
        for at, slot in enumerate(slots if key not in RESERVED else ()):
            table = told[key].state.tables.get(slot[0]) if slot else None
            assert (table is None) == (at // 4 in told[key].state.free_frames)
            if slot and table and slot[1] is not None:
                assert (table[slot[1] // 4], slot[1] % 4) == divmod(at, 4)
    for key, tables in TABLES.items():
        assert told[key].shown["line"] == tables
    for key, mask in MASKS.items():
        assert told[key].state.mask_literal == mask
    assert told["d-waits"].shown["asked"] == ("D", 3)
    assert told["pages"].shown["asked"] is None
    assert [bar.number for bar in told["measured"].shown["measured"]] == [
        "20.4 %",
        "26.8 %",
        "38.2 %",
        "96.3 %",
    ]


@pytest.mark.slow
def test_page_sizes_leave_tokens_where_they_are_or_let_tasks_wait(tell: Tell) -> None:
    told = {
        now.key: now
        for now in tell("Fragmentation", story=STORIES / "page_sizes.toml", stills=None)
    }
    numbers = {key: told[key].shown["meter"][2] for key in ("four", "one", "sixteen")}
    assert numbers == {"four": (40, 8, 0), "one": (40, 0, 8), "sixteen": (27, 21, 0)}
    lines = {key: [*told[key].shown["line"].values()] for key in ("one", "sixteen")}
    assert lines["one"] == ["9 pages", "7 pages", "11 pages", "5 pages", "8 pages"]
    assert lines["sixteen"] == ["1 page", "1 page", "1 page", "waits", "waits"]
    four, one, sixteen = (told[key].shown["slots"] for key in ("four", "one", "sixteen"))
    assert [slot for slot in four if slot and slot[1] is not None] == [*filter(None, one)]
    for at, slot in enumerate(sixteen):
        assert slot == ("ABC"[at // 16], at % 16 if at % 16 < (9, 7, 11)[at // 16] else None)
    assert told["choice"].shown["choice"] == {1: (0, 40), 4: (8, 12), 16: (40, 5)}


@pytest.mark.slow
@pytest.mark.parametrize("look", ["wide", "tall", "square", "light"])
def test_stills(golden: Golden, look: str) -> None:
    golden("Fragmentation", look, fullest="compare")


@pytest.mark.slow
def test_stills_of_page_sizes(golden: Golden) -> None:
    golden("Fragmentation", "wide", fullest="one", story=STORIES / "page_sizes.toml")
