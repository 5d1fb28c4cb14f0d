"""Folders of shards that were kept: which are gone on from, and which are removed."""

from __future__ import annotations

import fcntl
import json
import os
import time
from typing import TYPE_CHECKING

import pytest

from pagereel import checkpoints as kept
from pagereel.checkpoints import clean, folder_of, images_in, remove_soon
from pagereel.files import read_facts, remove_if_unlocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW, BEFORE = "a" * 64, "b" * 64


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "A.mp4"


def leave(target: Path, inputs: str) -> Path:
    folder = folder_of(target, inputs)
    folder.mkdir()
    (folder / "00000.mp4").write_text("a shard")
    return folder


def test_it_is_hidden_and_named_after_what_it_is_made_of(target: Path) -> None:
    folder = folder_of(target, NOW)
    assert folder.parent == target.parent
    assert folder.name == ".A.mp4.shards-aaaaaaaaaaaaaaaa"


def test_what_was_made_of_the_same_stays_and_nothing_else(target: Path) -> None:
    same, other = leave(target, NOW), leave(target, BEFORE)
    neighbour = leave(target.with_name("B.mp4"), BEFORE)
    clean(target, NOW)
    assert (same.exists(), other.exists(), neighbour.exists()) == (True, False, True)


def test_nothing_stays_where_nothing_is_wanted(target: Path) -> None:
    same, neighbour = leave(target, NOW), leave(target.with_name("AA.mp4"), NOW)
    clean(target, None)
    assert (same.exists(), neighbour.exists()) == (False, True)


def test_what_is_old_is_removed_whosever_it_is(target: Path) -> None:
    same, neighbour = leave(target, NOW), leave(target.with_name("B.mp4"), NOW)
    day = 24 * 3600
    for folder, days in ((same, 6.9), (neighbour, 7.1)):
        os.utime(folder, (time.time() - days * day,) * 2)
    clean(target, NOW)
    assert (same.exists(), neighbour.exists()) == (True, False)


def test_without_a_folder_there_is_nothing_to_clean(tmp_path: Path) -> None:
    clean(tmp_path / "none" / "A.mp4", NOW)


@pytest.fixture
def used(target: Path) -> Iterator[Path]:
    """Give a folder that somebody has locked."""
    folder = leave(target, NOW)
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    yield folder
    os.close(lock)


def test_what_is_used_stays(target: Path, used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean(target, None)
    monkeypatch.setattr(kept, "_DYING", 0.1)
    remove_soon(used)
    assert not remove_if_unlocked(used)
    assert used.exists()


def test_what_is_not_used_goes_at_once(target: Path) -> None:
    folder = leave(target, NOW)
    remove_soon(folder)
    remove_soon(folder)
    assert not folder.exists()


def test_images_are_counted_by_the_notes(target: Path) -> None:
    folder = leave(target, NOW)
    assert images_in(folder) == 0, "whether the shard is complete, no note says"
    notes = ['{"images": 30}', '{"images": 12}', '{"images": "x"}', "[]", "{", ""]
    for index, note in enumerate(notes):
        (folder / f"{index:05}.note").write_text(note)
    assert images_in(folder) == 42
    assert images_in(target) == 0
    assert json.loads(notes[0]) == read_facts(folder / "00000.note")
