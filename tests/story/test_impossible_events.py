"""Storyboards with an event that the cache cannot carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.story.conftest import Check


POOL = 'title = "T"\n[pool]\nframes = 8\n'
ARRIVE = '[[events]]\narrive = "A"\nframes = [0, 1]\n'
PAGES = f"{POOL}page_size = 16\n"
START = POOL + ARRIVE

# Name, storyboard, and how the message goes on after file and line.
Case = tuple[str, str, str]


def _impossible(name: str, lines: str, message: str) -> Case:
    return (f"impossible: {name}", f"{START}\n[[events]] # here\n{lines}\n", f"event 2 {message}")


IMPOSSIBLE = [
    _impossible(
        "held",
        'expand = "A"\nframes = [1]',
        "(expand A): frame 1 is held by A as its page 1; frames 2, 3, 4, 5, 6 and 7 are free",
    ),
    _impossible(
        "out of range",
        'expand = "A"\nframes = [8]',
        "(expand A): frame 8 does not exist: the pool has frames 0 to 7; frames 2, 3, 4, 5",
    ),
    (
        "impossible: negative",
        f'{START}\n[[events]]\nexpand = "A"\nframes = [-1] # here\n',
        "event 2 (expand A): frame -1 does not exist; frames are numbered from 0",
    ),
    _impossible(
        "huge",
        f'expand = "A"\nframes = [0x{"f" * 9999}]',
        "(expand A): frame 10^18 or more does not exist: the pool has frames 0 to 7",
    ),
    _impossible(
        "twice",
        'arrive = "B"\nframes = [2, 3, 2]',
        "(arrive B): frame 2 is named twice; name it once",
    ),
    _impossible(
        "no frames",
        'arrive = "B"\nframes = []',
        "(arrive B): task B arrives without a page; give it",
    ),
    _impossible(
        "unknown task",
        'expand = "X"\nframes = [2]',
        "(expand X): there is no task X in the cache; tasks are A",
    ),
    _impossible(
        "unknown finish", 'finish = "a"', "(finish a): there is no task a in the cache; tas"
    ),
    _impossible(
        "duplicate task",
        'arrive = "A"\npages = 1',
        "(arrive A): task A is already in the cache; finish it first or choose another name",
    ),
    _impossible(
        "too few free",
        'arrive = "B"\npages = 7',
        "(arrive B): needs 7 frames, 6 are free; finish a task first or make the pool larger",
    ),
    _impossible(
        "mask",
        'expand = "A"\nframes = [4]\nmask = "11111100"',
        "(expand A): mask says 11111100, but the cache has 11101100; correct it or an event up to",
    ),
    (
        "impossible: tokens",
        f'{PAGES}[[events]] # here\narrive = "A"\npages = 2\ntokens = 16\n',
        "event 1 (arrive A): 16 tokens at 16 a page fill 1 page, not 2; correct tokens or the",
    ),
    (
        "impossible: pos",
        f'{PAGES}{ARRIVE}[[events]] # here\nexpand = "A"\npos = 31\n',
        "event 2 (expand A): position 31 is in page 1, but the next page of A is 2; correct pos",
    ),
]


@pytest.mark.parametrize(
    ("text", "message"), [case[1:] for case in IMPOSSIBLE], ids=[case[0] for case in IMPOSSIBLE]
)
def test_an_impossible_event_is_refused(check: Check, text: str, message: str) -> None:
    check(text, message)
