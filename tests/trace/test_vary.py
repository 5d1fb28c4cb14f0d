"""One workload, several traces: `pagereel trace simulate --vary`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pagereel import cli
from pagereel.trace.simulate.engine import simulated
from pagereel.trace.simulate.workload import load_workload

WORKLOAD = """
note = "two tasks"
[pool]
frames = 4
page_size = 4
{more}
[prefixes]
p = 4
[[tasks]]
task = "A"
prompt = 2
output = 7
prefix = "p"
[[tasks]]
task = "B"
prompt = 3
output = 6
prefix = "p"
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("w.toml").write_text(WORKLOAD.format(more=""))


def vary(variation: str, *more: str) -> int:
    return cli.main(["trace", "simulate", "w.toml", "--vary", variation, *more])


def lines(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


@pytest.mark.parametrize(
    ("variation", "written", "more"),
    [
        ("prefix_index=off,on", "on", "prefix_index = true"),
        ("out_of_frames=preempt,abort", "abort", 'out_of_frames = "abort"'),
        ("page_size=4,2", "4", ""),
        (
            "reservation=paged,contiguous",
            "contiguous",
            'reservation = "contiguous"\nlongest = 16',
        ),
    ],
)
def test_each_trace_is_that_of_a_workload_that_says_so(
    variation: str, written: str, more: str
) -> None:
    assert vary(variation, "-o", "t.jsonl") == 0
    Path("said.toml").write_text(WORKLOAD.format(more=more))
    expected = [*simulated(load_workload("said.toml"))]
    key = variation.partition("=")[0]
    found = Path(f"t-{key}-{written}.jsonl").read_text().splitlines(keepends=True)
    assert found[1:] == expected[1:]
    header, plain = json.loads(found[0]), json.loads(expected[0])
    assert header.pop("note").startswith(f"{plain.pop('note')}, ")
    assert header == plain


def test_the_memory_stays_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert vary("page_size=2,8") == 0
    assert capsys.readouterr().out == "w-page_size-2.jsonl\nw-page_size-8.jsonl\n"
    small, large = lines("w-page_size-2.jsonl"), lines("w-page_size-8.jsonl")
    assert [(init[0]["frames"], init[0]["page_size"]) for init in (small, large)] == [
        (8, 2),
        (2, 8),
    ]
    said = [[line for line in trace if line["ev"] == "submit"] for trace in (small, large)]
    assert said[0] == said[1]
    assert cli.main(["compare", "w-page_size-2.jsonl", "w-page_size-8.jsonl"]) == 0
    assert "2 tokens a page" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variation", "says"),
    [
        ("page_size", "--vary 'page_size': write a variation as page_size=16,256"),
        ("pages=2,4", "--vary: 'pages' cannot vary; did you mean page_size?"),
        ("page_size=4", "--vary: give page_size two or more values, each once, not '4'"),
        ("page_size=4,4", "--vary: give page_size two or more values, each once, not '4,4'"),
        ("page_size=4,x", "--vary: page_size is a number of tokens, not 'x'"),
        ("page_size=4,04", "--vary: page_size is a number of tokens, not '04'"),
        ("page_size=4,3", "the pool's 16 tokens are not pages of 3 tokens; choose a divisor"),
        ("prefix_index=on,of", "--vary: unknown prefix_index 'of'; did you mean off?"),
        ("out_of_frames=abort,", "--vary: unknown out_of_frames ''; known: defer"),
    ],
)
def test_mistakes_write_nothing(
    variation: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vary(variation) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
    assert [path.name for path in Path().iterdir()] == ["w.toml"]


@pytest.mark.parametrize(
    ("more", "variation", "says"),
    [
        ("reserved = [0]", "page_size=4,8", "remove reserved from [pool]"),
        (
            'reservation = "contiguous"\nlongest = 16',
            "prefix_index=on,off",
            "the workload reserves contiguous memory; remove reservation and longest",
        ),
    ],
)
def test_what_cannot_vary(
    more: str, variation: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("w.toml").write_text(WORKLOAD.format(more=more))
    assert vary(variation) == 2
    assert says in capsys.readouterr().err


def test_a_reservation_that_does_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    text = WORKLOAD.format(more="").replace("frames = 4", "frames = 3")
    Path("w.toml").write_text(text)
    assert vary("reservation=paged,contiguous") == 2
    said = "the longest request needs 16 tokens, and the pool has 12; enlarge the pool"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("taken", "other"), [("4", "8"), ("8", "4")])
def test_all_traces_appear_or_none(
    taken: str, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(f"t-page_size-{taken}.jsonl").mkdir()
    assert vary("page_size=4,8", "-o", "t.jsonl") == 2
    assert f"t-page_size-{taken}.jsonl" in capsys.readouterr().err
    assert not Path(f"t-page_size-{other}.jsonl").exists()
