from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pagereel.files import (
    UNFINISHED,
    FolderLock,
    NewFile,
    checksum,
    locked,
    read_facts,
    remove_if_unlocked,
    replacing,
    write_facts,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_takes_the_place_of_another_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_text("before")
    with replacing(path, durable=True) as partial:
        partial.write_text("after")
        assert path.read_text() == "before"
        assert [*tmp_path.glob(UNFINISHED)] == [partial]
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]
    assert path.read_text() == "after"


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_text("before")
    with pytest.raises(ZeroDivisionError), replacing(path) as partial:
        partial.write_text(str(1 / 0))
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "none" / "b") as partial:
        partial.write_text("")
    new = NewFile(path)
    new.partial.write_text("half")
    new.discard()
    new.discard()
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]
    assert path.read_text() == "before"


def test_facts_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "facts"
    write_facts(path, {"images": 3, "name": "\udcff"})
    assert read_facts(path) == {"images": 3, "name": "\udcff"}
    for damaged in (b"", b"{", b"[1]", b"\xff"):
        path.write_bytes(damaged)
        assert read_facts(path) == {}
    assert read_facts(tmp_path / "none") == {}


def test_checksums_are_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert checksum(tmp_path / "a") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert checksum(tmp_path) is checksum(tmp_path / "none") is None


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with locked(folder):
        other = FolderLock(folder)
        assert not other.take()
        assert not remove_if_unlocked(folder)
    assert other.take()
    other.close()
    late = FolderLock(folder)
    assert remove_if_unlocked(folder)
    assert not folder.exists()
    assert not remove_if_unlocked(folder)
    assert not late.take(), "the folder has been removed"
    folder.mkdir()
    assert not late.take(), "it is another folder"
    late.close()


def test_a_forked_process_keeps_the_lock(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    assert lock.take()
    until, end = os.pipe()
    child = os.fork()
    if not child:
        os.close(end)
        os.read(until, 1)
        os._exit(0)
    os.close(until)
    lock.close()
    assert not FolderLock(tmp_path).take()
    os.close(end)
    os.waitpid(child, 0)
    assert FolderLock(tmp_path).take()
