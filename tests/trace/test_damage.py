"""A trace damaged in any one field is refused, unless what it says then is valid, too.

What is valid says `judge`, which shares no code with pagereel.
"""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judge import is_valid
from traces import TRACES, event, header, replay, text_of

from pagereel.errors import TraceError
from pagereel.trace import open_trace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Values = dict[str, Any]

# What the recorded traces lack.
EVERYTHING = [
    header(page_size=4, reserved=[7], note="every verb"),
    event(1, "submit", "a", tokens=8, step=0),
    event(2, "arrive", "a", tokens=8, frames=[0, 1], step=1, mask="01111100"),
    event(3, "arrive", "b", tokens=9, shared=[0, 1], frames=[2], evictable=[]),
    event(4, "copy", "b", page=1, src=1, dst=3, tables={"a": [0, 1], "b": [0, 3, 2]}),
    event(5, "expand", "b", pos=12, frames=[4], refcounts=[2, 1, 1, 1, 1, 0, 0, 0]),
    event(6, "preempt", "b", freed=[4], cached=[3, 2], step=4, evictable=[3, 2]),
    event(7, "defer", "b", need=2),
    event(8, "evict", frames=[3, 2]),
    event(9, "arrive", "c", shared=[0], frames=[3, 2], mask="0x70"),
    event(10, "abort", "b", step=7),
    event(11, "finish", "a", freed=[1], cached=[]),
    event(12, "abort", "c", freed=[0, 3], cached=[2], mask="01111011", evictable=[2]),
]
STRANGE: tuple[Any, ...] = (
    None,
    True,
    False,
    -1,
    0,
    1,
    2,
    7,
    8,
    10**20,
    1.0,
    float("nan"),
    "",
    "x",
    "0x0",
    [],
    {},
)


def damages(chance: random.Random, value: Any, names: list[str]) -> Iterator[Any]:
    """Yield what a value may become."""
    yield chance.choice(STRANGE)
    if type(value) is int:
        yield from (value + 1, value - 1, str(value), float(value))
    elif isinstance(value, str):
        yield chance.choice(names)
        at = chance.randrange(len(value) + 1)
        yield value[:at] + value[at + 1 :]
        yield value[:at] + chance.choice("01ax\n") + value[at:]
        yield value[:at] + chance.choice("01ax") + value[at + 1 :]
    elif isinstance(value, list):
        yield [*value, chance.choice([chance.randrange(20), *value])]
        if value:
            at = chance.randrange(len(value))
            yield value[:at] + value[at + 1 :]
            yield chance.sample(value, len(value))
            new = chance.choice(list(damages(chance, value[at], names)))
            yield [*value[:at], new, *value[at + 1 :]]
    elif isinstance(value, dict) and value:
        key = chance.choice(list(value))
        yield {**value, key: chance.choice(list(damages(chance, value[key], names)))}
        yield {other: table for other, table in value.items() if other != key}
        yield {chance.choice(names) if other == key else other: t for other, t in value.items()}


def damaged(chance: random.Random, lines: list[Values]) -> tuple[list[Values], str]:
    """Damage one field of one line; return the lines and the field's name."""
    lines = copy.copy(lines)
    at = chance.randrange(len(lines))
    line = copy.deepcopy(lines[at])
    key = chance.choice(list(line))
    names = sorted({other["task"] for other in lines if "task" in other} | {"new"})
    how = chance.randrange(8)
    if how == 0:
        del line[key]
    elif how == 1:
        line[key + chance.choice(("x", "_"))] = line.pop(key)
    else:
        verbs = ["submit", "defer", "arrive", "expand", "finish", "abort", "preempt", "evict"]
        line[key] = chance.choice(list(damages(chance, line[key], verbs if key == "ev" else names)))
    lines[at] = line
    return lines, key


def refusal(path: Path) -> str | None:
    """Return what pagereel says against a trace; None, if it replays."""
    try:
        replay(path)
    except TraceError as error:
        return str(error)
    return None


def is_accepted(path: Path, text: str) -> bool:
    path.write_text(text)
    message = refusal(path)
    if message is not None:
        assert message.startswith(f"{path}:")
        assert "\n" not in message
        assert len(message) < 1000
    return message is None


def fixtures() -> dict[str, list[Values]]:
    told = {path.name: path.read_text().splitlines() for path in TRACES}
    return {"everything": EVERYTHING} | {
        name: [json.loads(line) for line in lines] for name, lines in told.items()
    }


@pytest.mark.parametrize(
    ("name", "times"),
    [(name, 3 if len(lines) > 300 else 40) for name, lines in fixtures().items()],
)
def test_a_damaged_field_is_refused_unless_it_says_something_valid(
    tmp_path: Path, name: str, times: int
) -> None:
    path, chance, lines = tmp_path / "t.jsonl", random.Random(name), fixtures()[name]  # noqa: S311
    assert is_valid(text_of(*lines))
    assert is_accepted(path, text_of(*lines))
    seen = Counter[bool]()
    while seen.total() < times:
        other, key = damaged(chance, lines)
        if json.dumps(other) == json.dumps(lines):
            continue
        text = text_of(*other)
        valid = is_valid(text)
        assert is_accepted(path, text) == valid, (key, [a for a in other if a not in lines])
        seen[valid] += 1
    assert seen[False]


@pytest.mark.slow
@pytest.mark.parametrize("name", fixtures())
def test_many_more_damaged_fields(tmp_path: Path, name: str) -> None:
    path, lines = tmp_path / "t.jsonl", fixtures()[name]
    for seed in range(30 if len(lines) > 500 else 600):
        other, _ = damaged(random.Random(seed), lines)  # noqa: S311 (the same each time)
        text = text_of(*other)
        assert is_accepted(path, text) == is_valid(text), (seed, text)


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "t.jsonl"


# What breaks parsers, and what breaks readers of traces.
pieces = st.sampled_from(
    [
        *b"\n\r\0\"'[]{}:,.-8e\xff\xc3",
        *(b"", b"null", b"1e9", b"NaN", b"\\u0000", b"\\ud800", b"[" * 99),
    ]
).map(lambda piece: bytes([piece]) if isinstance(piece, int) else piece)
cuts = st.tuples(st.floats(0, 1), st.integers(0, 12), pieces)


@given(
    st.sampled_from([path for path in TRACES if path.stat().st_size < 5000]),
    st.lists(cuts, min_size=1, max_size=3),
)
def test_a_damaged_file_is_an_error_and_never_a_crash(
    file: Path, path: Path, changes: list[tuple[float, int, bytes]]
) -> None:
    raw = path.read_bytes()
    for place, length, piece in changes:
        at = int(place * len(raw))
        raw = raw[:at] + piece + raw[at + length :]
    file.write_bytes(raw)
    message = refusal(file)
    assert message is None or message.startswith(f"{file}:")
    assert message is None or "\n" not in message


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_an_error(file: Path, raw: bytes, packed: bool) -> None:  # noqa: FBT001
    file.write_bytes((b"\x1f\x8b\x08" if packed else b"") + raw)
    with pytest.raises(TraceError):
        open_trace(file)
