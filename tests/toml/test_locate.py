from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from pagereel.toml.locate import _MOST_TRIED, _parsed, entry_lines, locate, stuck_line

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]

DOCUMENT = '''\
# A comment. [pool]
title = "T"  # another ]

pool.frames = 8
pool.inner = { a = 1, b = { c = [1] } }

[colors]
A = """one
two = 2
[[events]]
"""
B = \'\'\'x\'\'\'

[[events]]
arrive = "A"
frames = [
  0,  # a comment ]
  # frames = [1]
  [1],
  1,
]  # done
caption = """\\
  text \\
  more"""

[[events]]
  expand = "A"
  mask = "1" # [
[events.inner]
deep.down = true
 [[events]]
'''


def _paths(data: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(data, list):
        data = dict(enumerate(data))
    for key, value in data.items() if isinstance(data, dict) else ():
        yield (*path, key)
        yield from _paths(value, (*path, key))


def _has(data: Any, path: Path) -> bool:
    return path in set(_paths(data))


def _slow(text: str, path: Path) -> int:
    """Find the line by its definition: parse every prefix of the file."""
    lines = text.split("\n")
    before = 0
    for end in range(1, len(lines) + 1):
        try:
            data = tomllib.loads("\n".join(lines[:end]) + "\n")
        except tomllib.TOMLDecodeError:
            continue
        if _has(data, path):
            return before + 1
        before = end
    raise AssertionError(path)


@pytest.mark.parametrize(
    "text",
    [
        DOCUMENT,
        DOCUMENT.replace("\n", "\r\n"),
        DOCUMENT.removesuffix("\n"),
        "\n\n" + DOCUMENT,
        'events = [{a = 1}, {a = [\n1,\n2\n]},\n {b = 1}]\nx = 1\n[y]\n["z z"]',
        "\n\nevents = [\n {a = 1},\n {a = 1} # c\n , {a = [\n]}\n]\n\n# c\nx = 1",
        '[a.b.c]\n[a]\nd = 1\n"q.r".s = 1\n',
        "[[a]]\n[[a.b]]\nx = 1\n[[a.b]]\n[a.b.c]\nx.y = [1]\n[[a]]\n[[a.b]]\nx = 1\n[[c]]\na=[]",
    ],
)
def test_every_path_is_found_where_its_statement_begins(text: str) -> None:
    paths = list(_paths(tomllib.loads(text)))
    assert len(paths) > 5
    assert [locate(text, path) for path in paths] == [_slow(text, path) for path in paths]


def test_lines_of_a_storyboard() -> None:
    assert locate(DOCUMENT, ("pool",)) == 4
    assert locate(DOCUMENT, ("pool", "inner", "b", "c", 0)) == 5
    assert locate(DOCUMENT, ("colors", "B")) == 12
    assert locate(DOCUMENT, ("events",)) == 14
    assert locate(DOCUMENT, ("events", 0, "frames", 1)) == 16
    assert locate(DOCUMENT, ("events", 0, "caption")) == 22
    assert locate(DOCUMENT, ("events", 1, "mask")) == 28
    assert locate(DOCUMENT, ("events", 2)) == 31


@pytest.mark.parametrize(
    "path", [(), ("none",), ("events", 3), ("events", "a"), ("title", 0), ("title", "T"), (0,)]
)
def test_what_is_not_there_has_no_line(path: Path) -> None:
    assert locate(DOCUMENT, path) is None


def test_events_have_lines() -> None:
    assert entry_lines(DOCUMENT, "events", 3) == (14, 26, 31)
    assert entry_lines("events = [ {},\n {} ]\n", "events", 2) == (1, 1)
    assert entry_lines('[colors]\nevents = "green"\n[["events"]]\n[[ events ]]', "events", 2) == (
        3,
        4,
    )


def test_the_first_statement_that_does_not_parse() -> None:
    assert stuck_line("a = 1\nb = [\n1]\nc = [\n]]\nd = 1\n") == 4
    assert stuck_line(f"a = 1\nb = {'1' * 5000}\nc = [1]\n") == 2
    assert stuck_line(DOCUMENT) is None


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of all texts that are parsed: they say how much work there is, not the clock."""
    lengths: list[int] = []

    def parse(text: str) -> Any:
        lengths.append(len(text))
        return _parsed(text)

    monkeypatch.setattr("pagereel.toml.locate._parsed", parse)
    return lengths


def _large(entry: str) -> str:
    return entry * (60 * 1024 // len(entry)) + '[[events]]\nlast = "one"\n'


@pytest.mark.parametrize(
    "entry",
    [
        '[[events]]\narrive = "A"\nframes = [0, 1]\ncaption = "A arrives: text, more text."\n',
        "[[events]]\nframes = [\n  0,\n  1,\n]\n",
        "# only comments\n\n",
    ],
    ids=["events", "lists", "comments"],
)
def test_a_large_file_is_parsed_a_few_times(entry: str, parsed: list[int]) -> None:
    text = _large(entry)
    count = text.count("[[")
    assert locate(text, ("events", count - 1, "last")) == text.count("\n")
    assert entry_lines(text, "events", count)[-1] == text.count("\n") - 1
    assert sum(parsed) < 8 * len(text)


def test_a_long_list_hides_nothing() -> None:
    text = "a = [\n" + "0,\n" * 20_000 + "]\n[[events]]\nlast = 1"
    assert locate(text, ("events", 0, "last")) == 20_004


@pytest.mark.parametrize(
    "text",
    [
        'a = """\n' + "]\n" * 100_000 + '"""\n[[events]]\nlast = 1',
        "a = [\n" + "[]\n,\n" * 40_000 + "]\n[[events]]\nlast = 1",
        'a = """\n' + "]\n" * 500 + '"""\n[[events]]\nlast = 1',
    ],
    ids=["text", "list", "small text"],
)
def test_a_file_made_to_be_hard_gets_a_line_soon(text: str, parsed: list[int]) -> None:
    line, lines = locate(text, ("events", 0, "last")), entry_lines(text, "events", 1)
    assert sum(parsed) < 8 * _MOST_TRIED
    if len(text) < 10_000:
        assert (line, *lines) == (504, 503)
    else:
        assert (line, *lines) == (1, 1), "too early, but there"
