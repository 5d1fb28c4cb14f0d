"""An output never takes the place of its input, nor of a folder, a pipe or a device."""

from __future__ import annotations

import os
import socket
import stat
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from traces import event, header, text_of

from pagereel import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

Output = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch

WORKLOAD = "[pool]\nframes = 16\npage_size = 16\n[[tasks]]\ntask = 'a'\nprompt = 3\noutput = 3\n"
# What is read, and a command that would write OUT.
COMMANDS = {
    "plot": ("t.jsonl", "trace stats t.jsonl --plot OUT"),
    "cut": ("t.jsonl", "trace cut t.jsonl -o OUT"),
    "simulate": ("w.toml", "trace simulate w.toml -o OUT"),
    "replay": ("t.jsonl", "replay t.jsonl -o OUT"),
    "replay beside": ("x/out.jsonl", "replay x/out.jsonl"),  # it writes out.mp4
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x").mkdir()
    Path("w.toml").write_text(WORKLOAD)
    for name in ("t.jsonl", "x/out.jsonl"):
        Path(name).write_text(text_of(header(), event(1, "submit", "a")))


@pytest.fixture(params=["folder", "pipe", "socket", "device"])
def odd(request: pytest.FixtureRequest) -> Iterator[str]:
    """Make something that is not a file, called ``out.mp4``."""
    kind = str(request.param)
    server = socket.socket(socket.AF_UNIX)
    if kind == "folder":
        Path("out.mp4").mkdir()
    elif kind == "pipe":
        os.mkfifo("out.mp4")
    elif kind == "socket":
        server.bind("out.mp4")
    else:
        Path("out.mp4").symlink_to("/dev/null")
    yield kind
    server.close()


@pytest.mark.parametrize("name", COMMANDS)
def test_only_a_file_is_replaced(odd: str, name: str, capsys: Output) -> None:
    before = _what_is_there()
    source, command = COMMANDS[name]
    Path(source).write_text("broken: nothing may be read before this is seen")
    assert cli.main(command.replace("OUT", "out.mp4").split()) == 2
    output = capsys.readouterr()
    told = f"this is a {odd}; name a file{' in it' if odd == 'folder' else ''}"
    assert (output.out, output.err) == ("", f"pagereel: out.mp4: {told}\n")
    assert _what_is_there() == before


def _what_is_there() -> tuple[int, int]:
    found = os.lstat("out.mp4")
    return found.st_ino, stat.S_IFMT(found.st_mode)


@pytest.mark.parametrize(
    ("name", "link"),
    [
        *product(("plot", "cut", "simulate", "replay"), ("hard", "symbolic", "folder")),
        *product(("plot", "cut", "simulate"), ("itself", "longer")),  # films end with .mp4
    ],
)
def test_an_input_is_not_replaced(name: str, link: str, capsys: Output) -> None:
    source, command = COMMANDS[name]
    out = Path("out.mp4")  # what a film has to be called
    Path(source).rename("x/in")
    Path(source).symlink_to("x/in")
    content = Path(source).read_bytes()
    if link == "hard":
        os.link("x/in", out)
    elif link == "symbolic":
        out.symlink_to(source)
    elif link == "folder":
        Path("y").symlink_to("x")
        os.link("x/in", "x/out.mp4")
        out = Path("y/out.mp4")
    else:
        out = Path("./x/../" if link == "longer" else "") / source
    assert cli.main(command.replace("OUT", str(out)).split()) == 2
    output = capsys.readouterr()
    told = f"pagereel: {out}: this is the file that is read; name another\n"
    assert (output.out, output.err) == ("", told)
    assert Path(source).read_bytes() == Path("x/in").read_bytes() == content


def test_standard_input_is_not_replaced(capsys: Output) -> None:
    content = Path("t.jsonl").read_bytes()
    kept = os.dup(0)
    file = os.open("t.jsonl", os.O_RDONLY)
    try:
        os.dup2(file, 0)
        assert cli.main(["trace", "cut", "-", "-o", "t.jsonl"]) == 2
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(file)
    assert "t.jsonl: this is the file that is read; name another" in capsys.readouterr().err
    assert Path("t.jsonl").read_bytes() == content
