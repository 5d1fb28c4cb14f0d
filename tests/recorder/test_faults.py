"""Whatever happens, the engine goes on, and what is written can be read."""

from __future__ import annotations

import errno
import logging
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from recorded import read

from pagereel import recorder
from pagereel.recorder import TraceWriter
from pagereel.trace import open_trace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Tells one event after another, each with the time at which it was told as its step (ms).
ENDLESS = """
import sys, time
from pagereel.recorder import TraceWriter
writer = TraceWriter(sys.argv[1], 64)
print(flush=True)
while True:
    writer.step = time.monotonic_ns() // 1_000_000
    writer.arrive("A", [1, 2, 3], tokens=48)
    writer.finish("A", [1, 2, 3])
    time.sleep(float(sys.argv[2]))
"""


def engine(program: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        (sys.executable, "-c", program, *map(str, arguments)), stdout=subprocess.PIPE
    )


def until(true: Callable[[], object]) -> None:
    """Wait, as long as even the busiest machine may need."""
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it never happened")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["trace.jsonl", "trace.jsonl.gz"])
def test_a_killed_process_leaves_whole_lines(tmp_path: Path, name: str) -> None:
    """Only a kill within a write may cut the last one: Linux then ends the write early."""
    path, cut = tmp_path / name, 0
    for turn in range(10):
        process = engine(ENDLESS, path, 0)
        assert process.stdout
        process.stdout.readline()
        time.sleep(0.3 + 0.06 * turn)
        process.kill()
        process.communicate()
        data = path.read_bytes()
        if name.endswith(".jsonl") and not data.endswith(b"\n"):
            path.write_bytes(data[: data.rindex(b"\n") + 1])
            cut += 1
        _, records, _ = read(path)
        assert records
    assert cut <= 1


def test_a_killed_process_loses_no_more_than_its_last_second(tmp_path: Path) -> None:
    """It waits between its events, so that nothing but time makes it write."""
    path = tmp_path / "trace.jsonl"
    process = engine(ENDLESS, path, 0.05)
    until(lambda: path.exists() and path.read_bytes().count(b"\n") > 20)
    time.sleep(0.3)
    killed = time.monotonic_ns() // 1_000_000
    process.kill()
    process.communicate()
    last = read(path)[1][-1].step
    assert last
    # Half a second is the plan, one the promise; more is what a busy machine adds.
    assert killed - last < 3000


def test_what_an_idle_engine_told_is_written_without_it(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, 4) as writer:
        writer.arrive("A", [0])
        until(lambda: path.read_bytes().count(b"\n") == 2)


def test_what_waits_is_written_at_the_end_of_the_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pagereel.recorder import TraceWriter;"
        "TraceWriter(sys.argv[1], 4).arrive('A', [0]); raise SystemExit(3)"
    )
    process = engine(program, tmp_path / "trace.jsonl")
    process.communicate()
    assert process.returncode == 3
    assert len(read(tmp_path / "trace.jsonl")[1]) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_writes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What waits in the parent would otherwise be written twice."""
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, 4) as writer:
        writer.arrive("A", [0])
        child = os.fork()
        if not child:
            writer.arrive("B", [1])
            writer.close()
            os._exit(7 if "is written by the process that opened it" in caplog.text else 8)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        writer.finish("A", [0])
    assert [record.event.label for record in read(path)[1]] == ["arrive A", "finish A"]


@pytest.mark.parametrize(
    "tell",
    [
        lambda writer: writer.arrive("A", [0.5]),
        lambda writer: writer.arrive("A", ["0"]),
        lambda writer: writer.arrive("A", None),
        lambda writer: writer.arrive("A", [2**70]),
        lambda writer: writer.arrive("A", [0], tokens="8"),
        lambda writer: writer.arrive("A", [0], masks=1),
    ],
)
def test_what_cannot_be_written_ends_the_recording_and_not_the_engine(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, tell: Callable[[TraceWriter], None]
) -> None:
    path = tmp_path / "trace.jsonl"
    writer = TraceWriter(path, 4)
    writer.arrive("before", [1])
    tell(writer)
    writer.arrive("after", [2])
    writer.close()
    assert [record.event.label for record in read(path)[1]] == ["arrive before"]
    assert caplog.text.count("trace.jsonl ends here: arrive: ") == 1
    with TraceWriter(path, 4, strict=True) as strict, pytest.raises((TypeError, OverflowError)):
        tell(strict)


def test_a_full_disk_ends_the_recording_and_leaves_whole_lines(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system writes a part of what it is given, then refuses."""
    path, room, real = tmp_path / "trace.jsonl", 5000, os.write

    def write(file: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = real(file, data[:room])
        room -= written
        return written

    writer = TraceWriter(path, 4)
    monkeypatch.setattr("pagereel.recorder.os.write", write)
    for _ in range(2000):
        writer.arrive("A", [0])
        writer.finish("A", [0])
    writer.close()
    assert caplog.text.count("No space left on device") == 1
    assert caplog.records[0].levelno == logging.WARNING
    assert path.read_bytes().endswith(b"\n")
    read(path)


@pytest.mark.parametrize("name", ["trace.jsonl", "trace.jsonl.gz", "parts.jsonl"])
def test_the_last_line_says_why_a_recording_ended(tmp_path: Path, name: str) -> None:
    """What did not fit is taken back, which leaves room for this line."""
    writer = TraceWriter(tmp_path / name, 4, part_bytes=2000 if name == "parts.jsonl" else None)
    for _ in range(30):
        writer.arrive("A", [0])
        writer.finish("A", [0])
    writer.stop("an engine of another\tshape" + "!" * 2000)
    writer.stop("once is enough")
    writer.arrive("A", [0])
    *_, last = sorted(tmp_path.iterdir())
    with open_trace(last) as trace:
        assert list(trace)
        assert trace.ended == ("an engine of another shape" + "!" * 2000)[:1000]


def test_a_disk_that_does_not_answer_ends_the_recording(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "_PATIENCE", 0.01)
    writer = TraceWriter(tmp_path / "trace.jsonl", 4)
    with writer._writing:  # as a write that hangs has it
        for _ in range(recorder._MOST):
            writer.submit("A")
    assert "the disk has not answered" in caplog.text
    assert not writer._waiting


def test_a_file_that_cannot_be_made_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        TraceWriter(tmp_path / "nowhere" / "trace.jsonl", 4)
    with pytest.raises(TypeError):
        TraceWriter(tmp_path / "trace.jsonl", 4.5)  # type: ignore[arg-type]


def test_nothing_is_written_after_the_end(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "trace.jsonl", 4)
    writer.close()
    writer.arrive("A", [0])
    writer.flush()
    writer.close()
    assert not read(tmp_path / "trace.jsonl")[1]


def test_an_interrupt_does_not_wait_for_the_recorder(tmp_path: Path) -> None:
    """Ctrl-C ends the engine as ever, and the trace with it."""
    process = engine(ENDLESS, tmp_path / "trace.jsonl", 0.001)
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    read(tmp_path / "trace.jsonl")


@pytest.mark.parametrize("frames", [None, 5])
def test_a_drop_of_nothing_that_is_a_list_is_not_raised(tmp_path: Path, frames: Any) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, 4) as writer:
        writer.arrive("before", [1])
        writer.drop(frames)
    with open_trace(path) as trace:
        assert len([*trace]) == 1
        assert (trace.ended or "").startswith("drop: ")


def test_a_first_line_that_cannot_be_rewritten_leaves_the_file_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a full disk whose file system copies what is overwritten."""
    path = tmp_path / "trace.jsonl"
    writer = TraceWriter(path, 4)
    writer.arrive("A", [0, 1])
    writer.flush()
    write, failures = os.write, [OSError(errno.ENOSPC, "No space left on device")]

    def fail_once(descriptor: int, data: bytes) -> int:
        if failures:
            raise failures.pop()
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", fail_once)
    writer.release("A", [0], freed=[0])
    writer.close()
    assert not failures
    with open_trace(path) as trace:
        assert [record.event.label for record in trace] == ["arrive A"]
        assert "No space left" in (trace.ended or "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_trace_may_go_into_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with TraceWriter(path, 4) as writer:
        writer.arrive("A", [0])
    lines = os.read(end, 1000).splitlines()
    os.close(end)
    assert len(lines) == 2
