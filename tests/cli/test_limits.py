"""No small input takes long, much memory or a long message to be refused, whatever it is."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from traces import event, header, text_of

from pagereel import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMITS = Path(__file__).parents[1] / "support" / "limits.py"
Output = pytest.CaptureFixture[str]

POOL = "[pool]\nframes = 16\npage_size = 16\n"
TASK = "[[tasks]]\ntask = 'a'\nprompt = 3\noutput = 3\n"
STORY = f"title = 'T'\n{POOL}[[events]]\narrive = 'A'\n"
PREFIXES = "".join(f"{'p' * 33}{number} = 3\n" for number in range(5_000))
HUGE = header(frames=2**24)
LARGE = {
    "dotted.toml": ".".join("a" * 40_000) + " = 1\n",
    "headers.toml": "".join(f"[k{number}.a.b.c.d.e.f.g.h.i.j.k.l]\n" for number in range(8_000)),
    "inline.toml": "x = " + "{ a = [" * 20_000,
    "prefix.toml": f"{POOL}[prefixes]\n{PREFIXES}{TASK}prefix = '{'p' * 30}'\n",
    "pages.toml": f"{STORY.replace('16', '4096')}pages = 3500\n"
    + "[[events]]\nexpand = 'A'\n" * 498,
    "pool.toml": f"{POOL.replace('16', '16777216')}{TASK}",
    "frames.jsonl": text_of(HUGE, event(1, "arrive", "a", frames=[2**24])),
    "mask.jsonl": text_of(HUGE, event(1, "submit", "a", mask="0x0")),
    "refcounts.jsonl": text_of(HUGE, event(1, "submit", "a", refcounts=[0])),
    "tasks.jsonl": text_of(
        header(frames=9),
        *(event(n, "submit", f"{n:0256}") for n in range(1, 500)),
        event(500, "finish", "x" * 256),
    ),
    "table.jsonl": text_of(
        header(frames=65_536),
        event(1, "arrive", "a", frames=[*range(65_536)]),
        *(event(n, "submit", f"t{n}") for n in range(2, 500)),
        event(500, "submit", "a"),
    ),
    "nested.jsonl": json.dumps(header()) + "\n" + '{"a": [' * 90_000,
    "dense.py": "a=1\n" * 200_000 + "(",
    "unary.py": "class S(Scene):\n    x = " + "-" * 200_000 + "1\n",
    "bases.py": "class S(" + "a." * 60_000 + "Scene):\n    pass\n",
}


SLOW = {"headers.toml", "pages.toml", "pool.toml", "table.jsonl"}


@pytest.mark.parametrize(
    "names", [sorted({*LARGE} - SLOW), pytest.param(sorted(SLOW), marks=pytest.mark.slow)]
)
def test_what_is_large_is_read_or_refused_within_limits(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text(LARGE[name])
    _judge(*(str(tmp_path / name) for name in names))


def test_whatever_is_changed_in_an_input_it_is_read_or_refused_within_limits() -> None:
    _judge("150", "0")


@pytest.mark.slow
def test_many_changes_in_inputs() -> None:
    _judge("4000", "1")


def _judge(*arguments: str) -> None:
    # The limit is 2 s; other processes slow this one down.
    command = [sys.executable, str(LIMITS), "10", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(params=["pipe", "socket", "device", "folder", "sparse"])
def odd(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Make a file that is not a file, called ``odd``; reading it must not take for ever."""
    monkeypatch.chdir(tmp_path)
    kind = str(request.param)
    path = Path("odd")
    server = socket.socket(socket.AF_UNIX)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        server.bind("odd")
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        with path.open("w") as file:
            file.truncate(2**40)
    signal.alarm(60)
    yield kind
    signal.alarm(0)
    server.close()


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("odd.toml", "check --story odd.toml"),
        ("odd.jsonl", "check --story odd.jsonl"),
        ("odd.jsonl", "replay odd.jsonl"),
        ("odd.jsonl", "trace check odd.jsonl"),
        ("odd.jsonl", "trace stats odd.jsonl"),
        ("odd.toml", "trace simulate odd.toml"),
        ("odd.py", "render odd.py S"),
        ("odd.py", "check odd.py"),
        ("pyproject.toml", "check scene.py S"),
    ],
)
def test_what_is_not_a_file_is_refused_before_it_is_read(
    odd: str, name: str, command: str, capsys: Output
) -> None:
    Path("scene.py").write_text("from manim import Scene\nclass S(Scene): ...\n")
    Path("odd").rename(name)
    assert cli.main(command.split()) == 2
    output = capsys.readouterr()
    why = (
        "the (file|line) is larger|the line is longer"
        if odd == "sparse"
        else f"this is a {odd}; name a"
    )
    assert re.fullmatch(rf"pagereel: {name}(:1)?: ({why}).*\n", output.err)
    assert output.out == ""


def test_a_pipe_that_a_shell_opened_is_read(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "t.jsonl").write_text(text_of(header(), event(1, "submit", "a")))
    reading, writing = os.pipe()
    os.write(writing, (tmp_path / "t.jsonl").read_bytes())
    os.close(writing)
    assert cli.main(["trace", "check", f"/dev/fd/{reading}"]) == 0
    os.close(reading)
    assert "1 events" in capsys.readouterr().out
