"""`pagereel watch` and `render --watch` as processes: what they print, and how they end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from queue import Queue
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from pagereel.watch.terminal import without_watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PATIENCE = 240  # seconds; nothing waits so long but on a machine that is very busy

SCENE = """
from manim import RIGHT, Create, Scene, Square

class Mini(Scene):
    def construct(self):
        self.play(Create(Square()), run_time=0.2)
"""


@contextmanager
def started(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], Queue[str]]]:
    (folder / "mini.py").write_text(SCENE)
    process = subprocess.Popen(
        (sys.executable, "-P", "-u", "-m", "pagereel", *words),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lines: Queue[str] = Queue()

    def listen() -> None:
        assert process.stdout is not None
        with process.stdout as out:
            for line in out:
                lines.put(line)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield process, lines
    finally:
        process.kill()
        process.wait()
        thread.join()


def left_of(session: int) -> list[str]:
    ps = shutil.which("ps") or "ps"
    listed = subprocess.run(
        (ps, "-A", "-o", "sess=,stat=,args="), capture_output=True, text=True, check=True
    ).stdout
    rows = (row.split(None, 2) for row in listed.splitlines())
    return [row[-1] for row in rows if row[0] == str(session) and not row[1].startswith("Z")]


def test_a_command_line_that_renders_once_does_not_watch() -> None:
    """`argparse` takes the beginning of an option for it; each process would start another."""
    for word in ("--watch", "--wat", "--w"):
        words = ["render", "X", word, "--json", "--", "w"]
        assert without_watch(words) == ["render", "X", "--json", "--", "w"]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_that_watch_has_started(
    tmp_path: Path, number: signal.Signals
) -> None:
    words = ("watch", "mini.py", "Mini", "--port", "0", "--no-open")
    with started(tmp_path, *words) as (process, lines):
        said = lines.get(timeout=_PATIENCE)
        found = re.fullmatch(r"watching Mini at (http://127\.0\.0\.1:\d+/)\n", said)
        assert found
        with urlopen(found[1] + "events", timeout=_PATIENCE) as events:  # noqa: S310 (it is http)
            assert events.readline() == b"event: state\n"
            process.send_signal(number)
            assert process.wait(_PATIENCE) == 128 + number
        assert left_of(process.pid) == []


@pytest.mark.slow
def test_render_watch_renders_on_every_save(tmp_path: Path) -> None:
    with started(tmp_path, "render", "mini.py", "-q", "l", "--watch") as (process, lines):
        made = r"\d\d:\d\d:\d\d  media/videos/mini/480p15/Mini.mp4  0.0 MB  made in [\d.]+ s\n"
        assert re.fullmatch(made, lines.get(timeout=_PATIENCE))
        (tmp_path / "mini.py").write_text(f"{SCENE}        self.wait(x")
        assert "mini.py:7: this is not valid Python" in lines.get(timeout=_PATIENCE)
        (tmp_path / "mini.py").write_text(f"{SCENE}        self.wait(0.2)\n")
        assert re.fullmatch(made, lines.get(timeout=_PATIENCE))
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
        assert process.wait(_PATIENCE) == 130
        assert left_of(process.pid) == []
