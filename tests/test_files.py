from __future__ import annotations

import errno
import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from pagereel.files import (
    FolderLock,
    NewFile,
    Scratch,
    Taking,
    checksum,
    locked,
    read_facts,
    remove_if_unlocked,
    replacing,
    temporary_folder,
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
        assert [*tmp_path.glob(".*/*")] == [partial]
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
        assert other.take() is Taking.HELD
        assert not remove_if_unlocked(folder)
    assert other.take() is Taking.DONE
    other.close()
    late = FolderLock(folder)
    assert remove_if_unlocked(folder)
    assert not folder.exists()
    assert not remove_if_unlocked(folder)
    assert late.take() is Taking.GONE, "the folder has been removed"
    folder.mkdir()
    assert late.take() is Taking.GONE, "it is another folder"
    late.close()


def test_a_forked_process_keeps_the_lock(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    assert lock.take() is Taking.DONE
    until, end = os.pipe()
    child = os.fork()
    if not child:
        os.close(end)
        os.read(until, 1)
        os._exit(0)
    os.close(until)
    lock.close()
    assert FolderLock(tmp_path).take() is Taking.HELD
    os.close(end)
    os.waitpid(child, 0)
    assert FolderLock(tmp_path).take() is Taking.DONE


def test_what_a_killed_process_left_is_removed_by_the_next_to_write_the_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.[mp4]"
    left = [NewFile(path) for _ in range(3)]
    for new in left:
        new.partial.write_text("half")
    assert len({new.partial for new in left}) == 3, "each that lives has its own"
    with replacing(path) as partial:
        partial.write_text("whole")
    assert sorted(tmp_path.glob(".*/*")) == sorted(new.partial for new in left)
    for new in left:
        new._scratch.lock.close()  # as if its process were killed
    with replacing(path) as partial:
        assert [*tmp_path.glob(".*/*")] == [], "what they left is gone before anything is written"
        partial.write_text("whole")
    assert [file.name for file in tmp_path.iterdir()] == ["a.[mp4]"]


def test_what_a_forked_process_still_writes_is_left_to_it(tmp_path: Path) -> None:
    until, end = os.pipe()
    new = NewFile(tmp_path / "a")
    new.partial.write_text("half")
    child = os.fork()
    if not child:
        os.close(end)
        os.read(until, 1)
        os._exit(0)
    os.close(until)
    new._scratch.lock.close()
    with replacing(tmp_path / "a") as partial:
        assert partial != new.partial
        partial.write_text("whole")
    assert new.partial.read_text() == "half"
    os.close(end)
    os.waitpid(child, 0)
    write_facts(tmp_path / "a", {})
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_vanishes_as_it_is_claimed_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner removes it between the steps of the next one to claim it."""

    class Late(FolderLock):
        def __init__(self, folder: Path) -> None:
            if removals and removals.pop() == "before it is opened":
                folder.rmdir()
            super().__init__(folder)

        def take(self) -> Taking:
            if removals and removals.pop() == "before it is locked":
                self._folder.rmdir()
            return super().take()

    removals = ["before it is locked", "", "before it is opened"]
    monkeypatch.setattr("pagereel.files.FolderLock", Late)
    found = Scratch.claim(tmp_path / "a")
    assert removals == []
    assert found is not None
    assert found.is_there()
    assert Scratch.claim(tmp_path / "a") is None, "a living process has it"
    found.remove()
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_vanishes_as_it_is_found_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner removes it right after the next one could not make it, as it was there."""
    make, there = os.mkdir, tmp_path / ".a.partial"

    def late(path: Path, mode: int = 0o777) -> None:
        try:
            make(path, mode)
        except FileExistsError:
            there.rmdir()
            raise

    there.mkdir()
    monkeypatch.setattr("os.mkdir", late)
    found = Scratch.claim(tmp_path / "a")
    assert found is not None
    assert found.is_there()


def test_a_file_in_the_place_of_the_folder_is_an_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / ".a.partial").write_text("mine")
    with pytest.raises(NotADirectoryError):
        Scratch.claim(tmp_path / "a")
    assert (tmp_path / ".a.partial").read_text() == "mine"


def test_where_there_are_no_locks_each_has_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    first, second = Scratch.beside(tmp_path / "a"), Scratch.beside(tmp_path / "a")
    assert first.path != second.path
    first.remove()
    assert [*tmp_path.iterdir()] == [second.path]
    with replacing(tmp_path / "a") as partial:
        partial.write_text("whole")
    assert sorted(tmp_path.iterdir()) == sorted([second.path, tmp_path / "a"])


def test_temporary_folders_of_the_dead_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = tmp_path / "pagereel-dead"
    (dead / "texts").mkdir(parents=True)
    with temporary_folder() as alive:
        (dead / next(alive.iterdir()).name).touch()  # by which it is known
    with temporary_folder() as first, temporary_folder() as second:
        (first / "a").touch()
        assert {*tmp_path.iterdir()} == {first, second}
    assert [*tmp_path.iterdir()] == []


def test_a_users_folder_with_such_a_name_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    clone, empty = tmp_path / "pagereel-main" / "src", tmp_path / "pagereel-2"
    clone.mkdir(parents=True)
    empty.mkdir()
    with temporary_folder():
        pass
    assert clone.is_dir()
    assert empty.is_dir()
