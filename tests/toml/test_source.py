"""Reading a file and its tables; what is wrong is said with the file, the line and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pagereel.errors import StoryError, WorkloadError
from pagereel.toml.source import Source, read_source
from pagereel.toml.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = """name = "x"
on = true
rate = 0.5
count = 3
frames = [1, 2]
[inner]
deep = 1
[[rows]]
a = 1
[[rows]]
b = 2
"""


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "file.toml"
    path.write_text(TEXT)
    return read_source(path, WorkloadError)


def test_errors_are_of_the_kind_that_was_asked_for(tmp_path: Path, source: Source) -> None:
    error = source.error("is wrong; fix it", ("rows", 1, "b"))
    assert isinstance(error, WorkloadError)
    assert (str(error), error.line) == (f"{source.path}:11: is wrong; fix it", 11)
    assert str(source.error("is wrong")) == f"{source.path}: is wrong"
    with pytest.raises(StoryError, match="there is no such file"):
        read_source(tmp_path / "none.toml", StoryError)
    with pytest.raises(WorkloadError, match="this is a folder; name a file in it"):
        read_source(tmp_path, WorkloadError)


def test_lines(source: Source) -> None:
    assert [source.line(path) for path in (("name",), ("inner", "deep"), ("none",), ())] == [
        *(1, 7, None, None)
    ]


def test_values_are_read_by_their_types(source: Source) -> None:
    top = Table(source, source.data)
    assert (top.name("name"), top.text("name", longest=1)) == ("x", "x")
    assert (top.flag("on"), top.decimal("rate", least=0, most=1)) == (True, 0.5)
    assert top.decimal("count", least=0, most=3) == 3.0
    assert (top.number("count", least=3), top.numbers("frames")) == (3, (1, 2))
    inner, rows = top.table("inner"), top.tables("rows")
    assert inner is not None
    assert inner.number("deep", least=1) == 1
    assert rows is not None
    assert [dict(row.values) for row in rows] == [{"a": 1}, {"b": 2}]
    assert str(rows[1].error("no", "b")) == f"{source.path}:11: no"


@pytest.mark.parametrize(
    "read",
    [Table.name, Table.flag, Table.numbers, Table.table, Table.tables],
    ids=lambda f: f.__name__,
)
def test_what_is_not_written_is_none(source: Source, read: Callable[[Table, str], Any]) -> None:
    assert read(Table(source, source.data), "none") is None


@pytest.mark.parametrize(
    ("read", "line", "message"),
    [
        (lambda top: top.name("on"), 2, "name 7: on must be text in quotes, not true"),
        (lambda top: top.flag("count"), 4, "name 7: count must be true or false, not 3"),
        (lambda top: top.number("on", least=0), 2, "name 7: on must be a whole number, not true"),
        (lambda top: top.number("count", least=4), 4, "name 7: count must be 4 or more, not 3"),
        (lambda top: top.number("count", least=0, most=2), 4, "name 7: count must be from 0 to 2"),
        (lambda top: top.decimal("name", least=0, most=1), 1, "name 7: name must be a number, not"),
        (lambda top: top.decimal("rate", least=1, most=2), 3, "name 7: rate must be from 1 to 2"),
        (lambda top: top.numbers("rows"), 8, "name 7: rows must be a list of whole numbers, but"),
        (lambda top: top.table("frames"), 5, "name 7: frames must be a table, not a list"),
        (lambda top: top.tables("frames"), 5, "name 7: frames must be tables; begin each with [["),
        (lambda top: top.allow(("name", "one")), 2, "name 7: unknown key 'on'; did you mean one?"),
    ],
)
def test_what_is_wrong(
    source: Source, read: Callable[[Table], Any], line: int, message: str
) -> None:
    with pytest.raises(WorkloadError) as caught:
        read(Table(source, source.data, label="name 7"))
    assert str(caught.value).startswith(f"{source.path}:{line}: {message}")


DEEP = ".".join("a" * 17)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{DEEP} = 1", 1),
        (f"[{DEEP}]", 1),
        (f"[[{DEEP}]]", 1),
        (f"x = 1\ny = [1, {{ {DEEP} = 1 }}]", 2),
        (".".join(["'a.'", '"\\"" . b'] * 9) + " = 1", 1),
        (f"x = '''\n''''\n{DEEP} = 1", 3),
        (f'x = """"q""""\n{DEEP} = 1', 2),
    ],
)
def test_a_key_of_many_parts_is_refused_before_it_is_parsed(
    tmp_path: Path, text: str, line: int
) -> None:
    path = tmp_path / "deep.toml"
    path.write_text(text)
    with pytest.raises(WorkloadError) as caught:
        read_source(path, WorkloadError)
    assert str(caught.value).startswith(f"{path}:{line}: a key has more than 16 parts; ")


def test_dots_in_texts_and_comments_are_not_a_key(tmp_path: Path) -> None:
    path = tmp_path / "dots.toml"
    texts = (f'"{DEEP}"', f"'{DEEP}'", f'"""\n{DEEP}\\""" "" {DEEP}"""', f"'''{DEEP} '' {DEEP}'''")
    path.write_text(
        "".join(f"{key} = {text} # {DEEP}\n" for key, text in zip("abcd", texts, strict=True))
    )
    assert len(read_source(path, WorkloadError).data) == 4


@pytest.mark.parametrize("text", ['"\\', '\\"""\n', "'''", '"""""x', "'x'.\"\\"])
def test_what_is_not_closed_is_looked_through_once(tmp_path: Path, text: str) -> None:
    path = tmp_path / "open.toml"  # it would take minutes otherwise
    path.write_text((text * 90_000)[:260_000])
    with pytest.raises(WorkloadError, match="this is not TOML"):
        read_source(path, WorkloadError)
