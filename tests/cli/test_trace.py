"""`pagereel trace`: what its commands print, write and return."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from traces import TRACES, event, header, text_of

from pagereel import cli

Output = pytest.CaptureFixture[str]

TRACE = [
    header(page_size=4),
    event(1, "arrive", "a", tokens=8, frames=[0, 1], mask="11111100"),
    event(2, "arrive", "b", tokens=4, frames=[2], tables={"a": [0, 1], "b": [2]}),
    event(3, "finish", "a", freed=[0], cached=[1], evictable=[1]),
]
DISAGREES = [*TRACE[:2], {**TRACE[2], "mask": "11111111"}, TRACE[3]]
IMPOSSIBLE = [*TRACE[:2], {**TRACE[2], "frames": [1]}, TRACE[3]]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("t.jsonl")
    path.write_text(text_of(*TRACE))
    return path


@pytest.mark.parametrize(
    "trace", [path for path in TRACES if '"mask"' in path.read_text()], ids=lambda trace: trace.name
)
def test_check_passes_what_a_real_engine_did(trace: Path, capsys: Output) -> None:
    assert cli.main(["trace", "check", str(trace)]) == 0
    assert capsys.readouterr().out.endswith(" checks: all agree\n")


def test_check_counts_what_agrees(path: Path, capsys: Output) -> None:
    assert cli.main(["trace", "check", str(path)]) == 0
    assert capsys.readouterr().out == "t.jsonl: 3 events, 3 checks: all agree\n"


def test_check_takes_the_parts_of_a_recording(path: Path, capsys: Output) -> None:
    """It says something of each; the exit code is that of the worst."""
    Path("u.jsonl").write_text(text_of(*DISAGREES))
    assert cli.main(["trace", "check", str(path), "u.jsonl", str(path)]) == 1
    output = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in output if line[0] != " "] == [
        *("t.jsonl", "u.jsonl", "t.jsonl")
    ]


def test_check_says_when_nothing_was_compared(path: Path, capsys: Output) -> None:
    path.write_text(text_of(header(), event(1, "arrive", "a", frames=[0])))
    assert cli.main(["trace", "check", str(path)]) == 0
    said = "t.jsonl: 1 events, all possible; it has no checks, so no state was compared\n"
    assert capsys.readouterr().out == said


def test_check_names_the_first_disagreement(path: Path, capsys: Output) -> None:
    path.write_text(text_of(*DISAGREES))
    assert cli.main(["trace", "check", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[:4] == [
        "t.jsonl:3: event 2 (arrive b): mask says 11111111, but the cache has 11111000",
        "  expected  11111000",
        "  found     11111111",
        "  means     frame 0 was freed while a names it",
    ]


def test_check_names_the_first_impossible_event(path: Path, capsys: Output) -> None:
    path.write_text(text_of(*IMPOSSIBLE))
    assert cli.main(["trace", "check", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[:3] == [
        "t.jsonl:3: event 2 (arrive b) cannot happen",
        "  expected  an event that the cache can carry out (frames 2, 3, 4, 5, 6 and 7 are free)",
        "  found     frame 1 is held by a as its page 1",
    ]


@pytest.mark.parametrize("lines", [DISAGREES, IMPOSSIBLE])
@pytest.mark.parametrize("command", ["stats", "show", "cut"])
def test_the_others_stop_there_with_one_line(
    path: Path, capsys: Output, command: str, lines: list[dict[str, object]]
) -> None:
    path.write_text(text_of(*lines))
    assert (
        cli.main(["trace", command, str(path), *(["-o", "part"] if command == "cut" else [])]) == 2
    )
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("pagereel: t.jsonl:3: event 2 (arrive b): ")
    assert output.err.count("\n") == 1
    assert [path.name for path in Path().iterdir()] == ["t.jsonl"]


@pytest.mark.parametrize("command", ["check", "stats", "show", "cut"])
def test_what_is_no_trace_is_one_line_and_exit_code_2(
    path: Path, capsys: Output, command: str
) -> None:
    path.write_text(text_of(*TRACE[:2], "{"))
    assert cli.main(["trace", command, str(path)]) == 2
    assert capsys.readouterr().err == (
        "pagereel: t.jsonl:3: event 2: this is not JSON: Expecting property name enclosed in "
        "double quotes (column 2); correct this line\n"
    )
    assert cli.main(["trace", command, "none\n.jsonl"]) == 2
    expected = "pagereel: none\\n.jsonl: there is no such file; check the path\n"
    assert capsys.readouterr().err == expected


def test_stats_are_a_table_json_and_a_chart(path: Path, capsys: Output) -> None:
    assert cli.main(["trace", "stats", str(path), "--plot", "chart.svg"]) == 0
    table = capsys.readouterr().out
    assert "use            peak 3 frames (37.5 %) after event 2" in table
    assert Path("chart.svg").read_text().startswith("<svg ")
    assert cli.main(["trace", "stats", str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["held"]["peak"], report["engine"]) == (3, "toy")
    assert cli.main(["trace", "stats", str(path), "--plot", "none/chart.svg"]) == 2
    output = capsys.readouterr()
    assert (output.out, "none/chart.svg: the file cannot be wri" in output.err) == ("", True)


def test_show_draws_the_state_after_an_event(path: Path, capsys: Output) -> None:
    assert cli.main(["trace", "show", str(path), "--at", "2"]) == 0
    assert "\n0  aab.....\na  a: 2 pages: 0, 1\n" in capsys.readouterr().out
    assert cli.main(["trace", "show", str(path), "--at", "0"]) == 0
    assert "\n0  ........\n" in capsys.readouterr().out
    assert cli.main(["trace", "show", str(path)]) == 0
    assert "after event 3\n8 frames: 1 held, 1 cached, 6 free\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "t.jsonl", "--at", "4"), "t.jsonl: the trace ends with event 3; choose that or"),
        (("show", "t.jsonl", "--at", "-1"), "argument --at"),
        (("show", "t.jsonl", "--at", "9" * 5000), "is not the number of an event"),
        (("cut", "t.jsonl", "--from", "3", "--to", "2"), "there are no events 3 to 2; choose"),
        (("cut", "t.jsonl", "--from", "0"), "there are no events 0 to the end; choose"),
        (("cut", "t.jsonl", "--from", "4"), "the trace ends with event 3, so events 4 to the"),
        (
            ("cut", "t.jsonl", "-o", "none/part.jsonl"),
            "none/part.jsonl: the file cannot be written",
        ),
        (("chekc", "t.jsonl"), "invalid choice: 'chekc'"),
        ((), "the following arguments are required: COMMAND; see pagereel trace --help"),
    ],
)
@pytest.mark.usefixtures("path")
def test_a_wrong_argument_is_one_line(
    capsys: Output, arguments: tuple[str, ...], message: str
) -> None:
    try:
        code: object = cli.main(["trace", *arguments])
    except SystemExit as ended:
        code = ended.code
    error = capsys.readouterr().err
    assert (code, error.count("\n"), message in error) == (2, 1, True), error


def test_cut_writes_a_part_that_can_be_checked(path: Path, capsys: Output) -> None:
    assert cli.main(["trace", "cut", str(path), "--from", "3", "-o", "part.jsonl"]) == 0
    assert capsys.readouterr().out == ""
    assert cli.main(["trace", "check", "part.jsonl"]) == 0
    assert capsys.readouterr().out == "part.jsonl: 5 events, 5 checks: all agree\n"
    # What is there is replaced.
    assert cli.main(["trace", "cut", str(path), "--to", "2", "-o", "part.jsonl"]) == 0
    assert cli.main(["trace", "check", "part.jsonl"]) == 0
    assert capsys.readouterr().out == "part.jsonl: 2 events, 2 checks: all agree\n"
    assert sorted(path.name for path in Path().iterdir()) == ["part.jsonl", "t.jsonl"]


@pytest.mark.parametrize("kind", ["trace", "storyboard", "film"])
def test_schemas_are_printed(capsys: Output, kind: str) -> None:
    assert cli.main(["schema", kind]) == 0
    assert json.loads(capsys.readouterr().out)["title"].endswith(kind)


def test_traces_come_from_standard_input_and_no_heavy_library_is_loaded(path: Path) -> None:
    code = (
        "import sys; from pagereel.cli import main; main(['trace', 'check', '-']); "
        "print({'manim', 'numpy', 'av', 'cairo', 'PIL'} & set(sys.modules))"
    )
    ran = subprocess.run(
        (sys.executable, "-W", "error", "-c", code),
        input=gzip.compress(path.read_bytes()),
        capture_output=True,
        check=True,
    )
    expected = ["standard input: 3 events, 3 checks: all agree", "set()"]
    assert (ran.stdout.decode().splitlines(), ran.stderr) == (expected, b"")


WORKLOAD = """
[pool]
frames = 8
page_size = 4
[[tasks]]
task = "A"
prompt = 6
output = 3
"""


def test_simulate_writes_a_trace_that_passes_the_check(path: Path, capsys: Output) -> None:
    Path("w.toml").write_text(WORKLOAD)
    assert cli.main(["trace", "simulate", "w.toml", "-o", str(path)]) == 0
    assert cli.main(["trace", "check", str(path)]) == 0
    assert capsys.readouterr().out.startswith("t.jsonl: 4 events, all possible; ")
    assert cli.main(["trace", "simulate", "w.toml"]) == 0
    printed = capsys.readouterr().out
    assert printed == path.read_text()
    kinds = [json.loads(line)["ev"] for line in printed.splitlines()]
    assert kinds == ["init", "submit", "arrive", "expand", "finish"]


def test_simulate_refuses_a_mistake_in_one_line(path: Path, capsys: Output) -> None:
    before = path.read_text()
    Path("w.toml").write_text(WORKLOAD.replace("frames = 8", "frames = 0"))
    assert cli.main(["trace", "simulate", "w.toml", "-o", str(path)]) == 2
    assert capsys.readouterr().err.startswith("pagereel: w.toml:3: frames must be from 1 to ")
    assert path.read_text() == before
