"""Storyboards with a mistake in an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.story.conftest import Check


POOL = 'title = "T"\n[pool]\nframes = 8\n'
ARRIVE = '[[events]]\narrive = "A"\nframes = [0, 1]\n'
START = POOL + ARRIVE

# Name, storyboard, and how the message goes on after file and line.
Case = tuple[str, str, str]


def _event(name: str, lines: str, message: str, *, label: str = " (expand A)") -> Case:
    here = "" if "# here" in lines else " # here"
    text = f"{START}[[events]]{here}\n{lines}\n"
    return (name, text, f"event 2{label}: {message}")


NO_LABEL = ""
EVENTS = [
    _event("no verb", 'key = "a"', "says nothing that happens; write exactly", label=NO_LABEL),
    _event(
        "typo in verb", 'expnad = "A" # here', "unknown key 'expnad'; did you m", label=NO_LABEL
    ),
    _event(
        "two verbs", 'expand = "A"\nfinish = "A"', "has expand and finish; write", label=NO_LABEL
    ),
    _event("task: number", "expand = 1 # here", "expand must be text in quotes, n", label=NO_LABEL),
    _event("task: bool", "finish = true # here", "finish must be text in quotes", label=NO_LABEL),
    _event("task: empty", 'expand = "" # here', "the name of a task, '', must", label=NO_LABEL),
    _event("task: blank", 'expand = " " # here', "the name of a task, ' ', must", label=NO_LABEL),
    _event(
        "task: long",
        'expand = "ABCDEFGHIJKLMNOPQ" # here',
        "the name of a task, 'ABCDEFGHIJKLMNOPQ', must",
        label=NO_LABEL,
    ),
    _event("task: dash", 'expand = "-A" # here', "the name of a task, '-A', must", label=NO_LABEL),
    _event(
        "task: markup", 'expand = "<b>" # here', "the name of a task, '<b>', must", label=NO_LABEL
    ),
    _event("task: script", 'expand = "é" # here', "the name of a task, 'é', must", label=NO_LABEL),
    _event(
        "task: line end",
        r'expand = "A\n" # here',
        "the name of a task, 'A\\n', must",
        label=NO_LABEL,
    ),
    _event("typo", 'expand = "A"\nframse = 4 # here', "unknown key 'framse'; did you mean frames?"),
    _event("pages", 'expand = "A"\npages = 2 # here', "pages does not go with expand; remove it"),
    _event(
        "tokens", 'expand = "A"\ntokens = 2 # here', "tokens does not go with expand; remove it"
    ),
    _event(
        "pos",
        'arrive = "B"\npages = 1\npos = 2 # here',
        "pos does not go with arrive; remove it",
        label=" (arrive B)",
    ),
    _event(
        "finish with frames",
        'finish = "A"\nframes = [0, 1] # here',
        "frames does not go with finish; remove it",
        label=" (finish A)",
    ),
    _event(
        "frames and pages",
        'arrive = "B"\nframes = [2]\npages = 1 # here',
        "has both frames and pages; remove one",
        label=" (arrive B)",
    ),
    _event("no frame", 'expand = "A"\nframes = [] # here', "expand takes one frame, not 0; name"),
    _event(
        "two frames", 'expand = "A"\nframes = [4, 5] # here', "expand takes one frame, not 2; na"
    ),
    _event(
        "frames: number", 'expand = "A"\nframes = 4 # here', "frames must be a list of whole nu"
    ),
    _event(
        "frames: bool", 'expand = "A"\nframes = [true] # here', "frames must be a list of whole n"
    ),
    _event(
        "frames: float", 'expand = "A"\nframes = [4.0] # here', "frames must be a list of whole"
    ),
    _event(
        "frames: text", 'expand = "A"\nframes = ["4"] # here', "frames must be a list of whole n"
    ),
    _event(
        "frames: lines",
        'expand = "A"\nframes = [ # here\n  4,\n  inf,\n]',
        "frames must be a list of whole numbers, but has inf",
    ),
    _event("pos: negative", 'expand = "A"\npos = -1 # here', "pos must be 0 or more, not -1"),
    _event(
        "pos: date", 'expand = "A"\npos = 10:00:00 # here', "pos must be a whole number, not a t"
    ),
    _event("mask: number", 'expand = "A"\nmask = 11 # here', "mask must be text in quotes, not 11"),
    _event(
        "mask: short", 'expand = "A"\nmask = "111" # here', "mask must be 8 binary digits in quo"
    ),
    _event(
        "mask: long", f'expand = "A"\nmask = "{"1" * 999}" # here', "mask must be 8 binary digits"
    ),
    _event(
        "mask: digit", 'expand = "A"\nmask = "11111112" # here', "mask must be 8 binary digits i"
    ),
    _event(
        "mask: script",
        'expand = "A"\nmask = "\uff111111111" # here',
        "mask must be 8 binary digits",
    ),
    _event(
        "key: large", 'expand = "A"\nkey = "A" # here', "key 'A' must be at most 40 small letters"
    ),
    _event(
        "key: empty", 'expand = "A"\nkey = "" # here', "key '' must be at most 40 small letters"
    ),
    _event(
        "key: dashes", 'expand = "A"\nkey = "a--b" # here', "key 'a--b' must be at most 40 small"
    ),
    _event(
        "key: path", 'expand = "A"\nkey = "../a" # here', "key '../a' must be at most 40 small l"
    ),
    _event(
        "key: long", f'expand = "A"\nkey = "{"a" * 41}" # here', "key 'aaaaaaaaaaaaaaaaaaaaaaaaaa"
    ),
    _event(
        "key: line end", 'expand = "A"\nkey = "a\\n" # here', r"key 'a\n' must be at most 40 sma"
    ),
    _event(
        "key: opening", 'expand = "A"\nkey = "opening" # here', "key 'opening' is the key of a p"
    ),
    _event(
        "key: closing", 'expand = "A"\nkey = "closing" # here', "key 'closing' is the key of a p"
    ),
    _event("key: number", 'expand = "A"\nkey = 1 # here', "key must be text in quotes, not 1"),
    (
        "key twice",
        f'{START}key = "a"\n[[events]]\nexpand = "A"\n[[events]]\nfinish = "A"\nkey = "a" # here\n',
        "event 3 (finish A): key 'a' is that of event 1; choose another",
    ),
    ("event: number", f"events = [1] # here\n{POOL}", "event 1: must be a table, not 1; begin"),
    (
        "nothing taken",
        f'{POOL}[[events]] # here\narrive = "A"\n',
        "event 1 (arrive A): has neither frames nor pages; add frames = [0, 1] or pages = 2",
    ),
    (
        "no pages",
        f'{POOL}[[events]]\narrive = "A"\npages = 0 # here\n',
        "event 1 (arrive A): pages must be from 1 to 8, not 0",
    ),
    (
        "more pages than frames",
        f'{POOL}[[events]]\narrive = "A"\npages = 9 # here\n',
        "event 1 (arrive A): pages must be from 1 to 8, not 9",
    ),
    (
        "tokens: bool",
        f'{POOL}[[events]]\narrive = "A"\npages = 2\ntokens = true # here\n',
        "event 1 (arrive A): tokens must be a whole number, not true",
    ),
]


@pytest.mark.parametrize(
    ("text", "message"), [case[1:] for case in EVENTS], ids=[case[0] for case in EVENTS]
)
def test_a_wrong_event_is_refused(check: Check, text: str, message: str) -> None:
    check(text, message)
