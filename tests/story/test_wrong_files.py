"""Storyboards with a mistake outside of the events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.errors import StoryError
from pagereel.story import load_story

if TYPE_CHECKING:
    from pathlib import Path

    from tests.story.conftest import Check, Refuse, Write


POOL = 'title = "T"\n[pool]\nframes = 8\n'
ARRIVE = '[[events]]\narrive = "A"\nframes = [0, 1]\n'
START = POOL + ARRIVE

# Name, storyboard, and how the message goes on after file and line.
Case = tuple[str, str, str]


TOML = [
    ("open list", "a = [1,\n2\n# here", "this is not TOML: Unclosed array (end of file); close"),
    ("open list, line end", "a = [1,\n2\n# here\n", "this is not TOML: Unclosed array (end of"),
    ("open text", '\na = """b # here\n', "this is not TOML: Unterminated string (end of file)"),
    ("no value", "\na = # here\n\n", "this is not TOML: Invalid value (column 5); fix this"),
    ("twice", "a = 1\n\na = 2 # here\n\n", "this is not TOML: Cannot overwrite a value"),
    ("table twice", "[a]\n[a] # here", "this is not TOML: Cannot declare ('a',) twice (column"),
    ("carriage return", "a = 1\rb = 2 # here", "this is not TOML: "),
    ("odd name", '["a\\u001b\\n"]\n["a\\u001b\\n"] # here', "this is not TOML: Cannot declare"),
    ("long name", f"[{'a' * 999}]\n[{'a' * 999}] # here", "this is not TOML: Cannot declare"),
    ("no date", "\na = 2026-02-30 # here", "this is not TOML: Invalid date or datetime"),
    ("digits", f"a = 1\nb = {'1' * 5000} # here\nc = [1]\n", "this has too many digits or"),
    ("nesting", f"a = 1\nb = {'[' * 9999}{']' * 9999} # here\n", "this has too many digits or"),
]

TOP = [
    ("nothing", "", 'title is missing; add title = "…" at the top'),
    ("no title", START[12:], 'title is missing; add title = "…" at the top'),
    ("no pool", f'title = "T"\n{ARRIVE}', "[pool] is missing; add it with frames = 8"),
    ("no events", POOL, "the story has no events; add one that begins with [[events]]"),
    ("empty events", f"events = []\n{POOL}", "the story has no events; add one that begins"),
    ("events: table", f'{POOL}[events] # here\narrive = "A"', "events must be a list; begin each"),
    ("events: text", f'events = "A" # here\n{POOL}', "events must be a list; begin each event"),
    (
        "typo",
        f'titel = "T" # here\n{START}',
        "unknown key 'titel'; did you mean title? known: tit",
    ),
    (
        "language",
        f'language = "zh-Han" # here\n{START}',
        "unknown language 'zh-Han'; did you mean zh-Hans? known: en, ja, ko, zh-Hans",
    ),
    ("unknown", f"zzz = 1 # here\n{START}", "unknown key 'zzz'; known: title, tagline, pool, co"),
    ("odd key", f'"a\\u202e\\n" = 1 # here\n{START}', r"unknown key 'a\u202e\n'; known: title"),
    ("long key", f"{'a' * 99999} = 1 # here\n{START}", "unknown key 'aaaaaaaaaaaa"),
    ("pool: number", f'title = "T"\npool = 8 # here\n{ARRIVE}', "pool must be a table, not 8"),
    ("pool: list", f'title = "T"\n[[pool]] # here\n{ARRIVE}', "pool must be a table, not a list"),
    (
        "too many events",
        START + '[[events]]\nexpand = "A"\n' * 499 + "[[events]] # here\n",
        "501 events; a story has at most 500",
    ),
]


def _pool(name: str, line: str, message: str) -> Case:
    return (f"pool: {name}", f'title = "T"\n[pool]\n{line} # here\n{ARRIVE}', message)


POOLS = [
    ("no frames", f'title = "T"\n[pool] # here\n{ARRIVE}', "the pool has no size; add frames = 8"),
    _pool("no frame", "frames = 0", "frames must be from 1 to 4096, not 0"),
    _pool("negative", "frames = -8", "frames must be from 1 to 4096, not -8"),
    _pool("too many", "frames = 4097", "frames must be from 1 to 4096, not 4097"),
    _pool("huge", f"frames = 0x{'f' * 9999}", "frames must be from 1 to 4096, not 10^18 or more"),
    _pool("float", "frames = 8.0", "frames must be a whole number, not 8.0"),
    _pool("infinite", "frames = inf", "frames must be a whole number, not inf"),
    _pool("not a number", "frames = nan", "frames must be a whole number, not nan"),
    _pool("bool", "frames = true", "frames must be a whole number, not true"),
    _pool("text", 'frames = "8"', "frames must be a whole number, not '8'"),
    _pool("date", "frames = 2026-01-01T00:00:00Z", "frames must be a whole number, not a datetime"),
    _pool("list", "frames = [8]", "frames must be a whole number, not a list"),
    _pool("no page size", "frames = 8\npage_size = 0", "page_size must be 1 or more, not 0"),
    _pool(
        "negative page size", "frames = 8\npage_size = -1", "page_size must be 1 or more, not -1"
    ),
    _pool(
        "bool page size", "frames = 8\npage_size = false", "page_size must be a whole number, no"
    ),
    _pool("policy", 'frames = 8\npolicy = "fifa"', "unknown policy 'fifa'; did you mean fifo? k"),
    _pool("policy: empty", 'frames = 8\npolicy = ""', "unknown policy ''; known: lowest-bit, fifo"),
    _pool("policy: number", "frames = 8\npolicy = 1", "policy must be text in quotes, not 1"),
    _pool("typo", "frames = 8\npagesize = 1", "unknown key 'pagesize'; did you mean page_size? kn"),
]


def _color(name: str, lines: str, message: str) -> Case:
    story = f'{START}[[events]]\narrive = "B"\npages = 1\n[[events]]\nfinish = "A"\n'
    return (f"colors: {name}", f"{story}[colors]\n{lines}\n", message)


COLORS = [
    _color("unknown", 'A = "gren" # here', "unknown colour 'gren' of A; did you mean green? k"),
    _color("empty", 'A = "" # here', "unknown colour '' of A; known: green, orange, blue, pi"),
    _color("number", "A = 1 # here", "A must be text in quotes, not 1"),
    _color("bad task", '"A b" = "green" # here', "the name of a task, 'A b', must be at most 16"),
    _color("nobody", 'A = "green"\nC = "blue" # here', "task C never arrives; remove its colour"),
    _color(
        "together",
        'A = "green" # here\nB = "green"',
        "A and B are in the cache together and both green; give one of them another colour",
    ),
    ("colors: text", f'colors = "green" # here\n{START}', "colors must be a table, not 'green'"),
]


CASES = [*TOML, *TOP, *POOLS, *COLORS]


@pytest.mark.parametrize(
    ("text", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_wrong_file_is_refused(check: Check, text: str, message: str) -> None:
    check(text, message)


def test_a_missing_file(tmp_path: Path, refuse: Refuse) -> None:
    error = refuse(tmp_path / "none.toml")
    assert str(error).endswith("none.toml: there is no such file; check the path")


def test_a_folder(tmp_path: Path, refuse: Refuse) -> None:
    assert str(refuse(tmp_path)).endswith(": this is a folder; name a file in it")


def test_a_path_that_cannot_be(tmp_path: Path) -> None:
    # The name cannot be printed either; printing paths is not the story's business.
    with pytest.raises(StoryError, match="the file cannot be read: embedded null byte; check the"):
        load_story(tmp_path / "a\0b")


def test_a_file_below_a_file(write: Write, refuse: Refuse) -> None:
    error = refuse(write(START) / "more.toml")
    assert "the file cannot be read: Not a directory" in str(error)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (START.encode() + b'caption = "\xe9"\n', 7),
        (START.encode("utf-16"), 1),
        (b"\n\r\n\xff", 3),
    ],
)
def test_not_utf_8(write: Write, refuse: Refuse, content: bytes, line: int) -> None:
    error = refuse(write(content))
    assert error.line == line
    assert str(error).endswith(": this is not UTF-8; save the file as UTF-8")


def test_a_file_that_is_too_large(write: Write, refuse: Refuse) -> None:
    limit = 256 * 1024
    assert load_story(write(START + "#" * (limit - len(START)))).title == "T"
    error = refuse(write(START + "#" * (limit - len(START) + 1)))
    assert str(error).endswith("the file is larger than 256 KiB; make it shorter")
