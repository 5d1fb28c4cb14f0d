"""What a scene does outside of its process is seen before it happens; what manim does is not."""
# ruff: noqa: PLW0108 (a function that is replaced is looked up when it is called)

from __future__ import annotations

import ctypes
import faulthandler
import logging
import mmap
import os
import pickle
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from multiprocessing import current_process
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from unseen import unseen

from pagereel.errors import StockNeeded
from pagereel.fast.shards.guard import Guard, arm, disarm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Stopped(BaseException):
    pass


@pytest.fixture
def seen() -> Iterator[list[str]]:
    yield []
    disarm()
    faulthandler.cancel_dump_traceback_later()


def _stopping(acts: list[str]) -> Callable[[str], None]:
    def stop(act: str) -> None:
        acts.append(act)
        raise Stopped

    return stop


ACTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "write": (lambda path: path.write_text("1"), "writes the file it"),
    "append": (lambda path: open(path, "a"), "writes the file it"),  # noqa: PTH123, SIM115
    "update": (lambda path: open(path, "r+b"), "writes the file it"),  # noqa: PTH123, SIM115
    "remove": (lambda path: path.unlink(), "changes the file it"),
    "rename": (lambda path: path.rename(path.with_name("other")), "changes the file it"),
    "folder": (lambda path: path.with_name("folder").mkdir(), "changes the file folder"),
    "owner": (lambda path: os.chown(path, os.getuid(), -1), "changes the file it"),
    "attribute": (lambda path: os.setxattr(path, "user.a", b"1"), "changes the file it"),
    "temporary": (lambda _: tempfile.mkstemp(), "writes the file"),
    "database": (sqlite3.connect, "opens the database it"),
    "program": (lambda _: subprocess.run([sys.executable, "-V"], check=True), "starts the program"),
    "shell": (lambda _: os.system("true"), "starts a program"),  # noqa: S605, S607
    "connection": (lambda _: socket.socket(), "opens a connection"),
    "memory": (lambda _: mmap.mmap(-1, 8), "shares memory"),
    "process": (lambda _: os.fork(), "starts a process"),
    "wait": (lambda _: os.waitpid(-1, os.WNOHANG), "calls os.waitpid"),
}
# What a fork answers otherwise, or does not take over.
ASKS: dict[str, tuple[Callable[[], object], str]] = {
    "number": (lambda: os.getpid(), "calls os.getpid"),
    "parent": (lambda: os.getppid(), "calls os.getppid"),
    "times": (lambda: os.times(), "calls os.times"),
    "work": (lambda: time.process_time(), "calls time.process_time"),
    "clock": (lambda: time.clock_gettime(2), "calls time.clock_gettime"),
    "usage": (lambda: resource.getrusage(resource.RUSAGE_SELF), "calls resource.getrusage"),
    "thread": (lambda: threading.get_native_id(), "calls threading.get_native_id"),
    "multiprocessing": (lambda: current_process().pid, "calls os.getpid"),
    "C": (lambda: ctypes.CDLL(None).getpid(), "calls a library in C"),
    "watchdog": (
        lambda: faulthandler.dump_traceback_later(600),
        "calls faulthandler.dump_traceback_later",
    ),
    "alarm": (lambda: signal.alarm(0), "calls signal.alarm"),
    "signal": (lambda: signal.signal(signal.SIGUSR2, signal.SIG_DFL), "calls signal.signal"),
    "proc": (lambda: Path("/proc/self/stat").read_text(), "reads /proc/self/stat"),
    "other": (lambda: Path("/proc/1/stat").read_text(), "reads /proc/1/stat"),
    "link": (lambda: Path("/proc/self").resolve(), "reads /proc/self"),
    "folder": (lambda: os.listdir("/proc/thread-self"), "reads /proc/thread-self"),  # noqa: PTH208
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_seen_before_it_happens(name: str, tmp_path: Path, seen: list[str]) -> None:
    path = tmp_path / "it"
    path.write_text("0")
    act, said = ACTS[name]
    if name == "attribute" and not hasattr(os, "setxattr"):
        pytest.skip("this system has no such attributes")
    arm(_stopping(seen))
    with pytest.raises(Stopped):
        act(path)
    disarm()
    assert seen[0].startswith(said)
    assert path.read_text() == "0"
    assert [each.name for each in tmp_path.iterdir()] == ["it"]


@pytest.mark.parametrize("name", ASKS)
def test_what_a_fork_answers_otherwise_is_seen_and_ties(name: str, seen: list[str]) -> None:
    ask, said = ASKS[name]
    if said.startswith("reads") and not Path("/proc/self").exists():
        pytest.skip("this system has no such folder")
    guard = Guard()
    ask()
    assert guard.ties() == said
    assert Guard().ties() == ""
    arm(_stopping(seen))
    with pytest.raises(Stopped):
        ask()
    assert seen == [said]


def test_what_is_done_for_the_scene_is_not_its_act(tmp_path: Path, seen: list[str]) -> None:
    guard = Guard()
    arm(_stopping(seen))
    unseen(lambda: os.getpid())()
    logging.getLogger("mine").error("each record has the ID of its process")
    unseen(lambda: (tmp_path / "text.svg").write_text(""))()
    (tmp_path / "text.svg").read_text()
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        nowhere.write("nothing")
    sys.path.insert(0, str(tmp_path))
    unseen(lambda: (tmp_path / "module_of_the_scene.py").write_text(""))()
    __import__("module_of_the_scene")  # Python writes what it has compiled
    sys.path.remove(str(tmp_path))
    assert seen == []
    assert guard.ties() == ""


def _close_all(numbers: Iterable[int]) -> None:
    for number in numbers:
        with suppress(OSError):
            os.close(number)


@pytest.mark.parametrize("at_once", [False, True])
def test_a_scene_closes_no_files_of_ours(at_once: bool) -> None:  # noqa: FBT001
    ours = os.pipe()
    Guard()
    theirs = os.pipe()
    try:
        if at_once:
            os.closerange(ours[0], theirs[1] + 1)
        else:
            _close_all(range(ours[0], theirs[1] + 1))
        assert [_is_there(end) for end in (*ours, *theirs)] == [True, True, False, False]
    finally:
        unseen(_close_all)([*ours, *theirs])
    assert not any(map(_is_there, ours)), "we may close them"


def test_a_scene_that_replaces_files_of_ours_is_left_to_manim() -> None:
    ours = os.pipe()
    Guard()  # what is open before is ours
    theirs = os.pipe()
    try:
        os.dup2(theirs[0], theirs[1])  # between its own it may
        with pytest.raises(StockNeeded, match="it replaces open files"):
            os.dup2(theirs[0], ours[0])
        assert not os.path.samestat(os.fstat(theirs[0]), os.fstat(ours[0]))
    finally:
        unseen(_close_all)([*ours, *theirs])


@pytest.mark.parametrize("name", ["close", "dup2"])
def test_a_scene_that_closes_files_unseen_is_left_to_manim(name: str) -> None:
    Guard()
    library = ctypes.CDLL(None)
    with pytest.raises(StockNeeded, match="by a library in C"):
        getattr(library, name)
    assert library.getpid() == os.getpid()


def test_a_number_that_a_scene_has_got_since_is_the_scenes() -> None:
    ours = os.pipe()
    Guard()
    unseen(_close_all)(ours)
    theirs = os.pipe()
    assert theirs == ours
    for end in theirs:
        os.close(end)
    assert not any(map(_is_there, theirs))


def _is_there(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_what_is_replaced_may_be_sent_to_other_processes() -> None:
    Guard()
    assert pickle.loads(pickle.dumps(os.getpid)) is os.getpid  # noqa: S301 (our own)


def test_threads_and_open_files_tie_a_process(tmp_path: Path) -> None:
    guard = Guard()
    assert guard.ties() == ""
    with (tmp_path / "log").open("w"):
        assert guard.ties() == "has open files or connections"
    with socket.socket():
        assert guard.ties() == "has open files or connections"
    event = threading.Event()
    thread = threading.Thread(target=event.wait)
    thread.start()
    assert guard.ties() == "has threads"
    event.set()
    thread.join()
    ours: Any = os.pipe()
    guard.has_opened()
    assert guard.ties() == ""
    unseen(_close_all)(ours)


def test_memory_that_forks_would_write_to_ties_a_process(tmp_path: Path) -> None:
    guard = Guard()
    unseen(lambda: mmap.mmap(-1, 8))()
    assert guard.ties() == ""
    (tmp_path / "it").write_text("0")
    with (tmp_path / "it").open("r+b") as file:
        mapped = mmap.mmap(file.fileno(), 1)
    assert guard.ties() == "has open files or connections"
    mapped.close()
    assert guard.ties() == ""
    mmap.mmap(-1, 8).close()
    assert guard.ties() == "shares memory"
    assert Guard().ties() == ""


def test_what_ties_already_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scene may ask a million times."""
    Guard()
    os.getpid()
    monkeypatch.setattr("pagereel.fast.shards.guard._is_scenes", None)
    assert os.getpid() > 0
