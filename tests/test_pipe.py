"""Events of several processes in one pipe."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pagereel.pipe import read_event, write_event
from pagereel.watch.drawing.events import Events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_EVENTS = 60
LONG = "\N{SNOWMAN}" * 2_000


@contextmanager
def leaving() -> Iterator[None]:
    """End a forked process with what is done in it, whatever happens."""
    try:
        yield
        os._exit(0)
    finally:
        os._exit(1)


def test_no_event_is_torn_by_another_however_long_it_is(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    processes = []
    for number in range(4):
        process = os.fork()
        if not process:
            with leaving():
                os.close(reading)
                for count in range(_EVENTS):
                    event = {"process": number, "count": count, "text": LONG * (count % 2)}
                    write_event(writing, event, tmp_path)
        processes.append(process)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        events = [read_event(line) for line in pipe]
    assert [os.waitpid(process, 0)[1] for process in processes] == [0] * 4
    for number in range(4):
        own = [event for event in events if event["process"] == number]
        assert [event["count"] for event in own] == [*range(_EVENTS)]
        assert [len(event["text"]) for event in own] == [0, 2_000] * (_EVENTS // 2)
    assert [*tmp_path.iterdir()] == []


def test_a_long_event_arrives_even_if_its_file_cannot_be_written(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe:
        with os.fdopen(writing, "wb"):
            write_event(writing, {"text": "x" * 10_000}, tmp_path / "gone")
        assert read_event(pipe.readline()) == {"text": "x" * 10_000}


def test_a_long_event_of_an_older_order_is_gone(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb"):
        write_event(writing, {"text": "x" * 10_000}, tmp_path)
        for file in tmp_path.iterdir():
            file.unlink()
        with pytest.raises(FileNotFoundError):
            read_event(pipe.readline())


def test_who_has_no_order_yet_may_report() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb"):
        Events(writing).tell("ready")
        assert read_event(pipe.readline()) == {"event": "ready", "order": 0}


def test_a_scene_may_replace_what_writes_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr(json, "dumps", lambda _: "{}")
    write_event(writing, {"event": "done"}, tmp_path)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert read_event(pipe.readline()) == {"event": "done"}
