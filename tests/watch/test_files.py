"""Saves as editors make them, and what is none."""

from __future__ import annotations

import os
import time
from queue import Queue
from typing import TYPE_CHECKING

import pytest

from pagereel.watch.files import Files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from watchdog.events import FileSystemEvent

_PATIENCE = 60  # seconds; nothing waits so long but on a machine that is very busy


class Saves:
    """Follows files, and says what was reported."""

    def __init__(self) -> None:
        self.reported: Queue[set[Path]] = Queue()
        self.following: list[None] = []
        self.files = Files(self.reported.put, lambda: self.following.append(None))
        self.files.start()

    def next(self) -> set[Path]:
        return self.reported.get(timeout=_PATIENCE)


@pytest.fixture
def saves() -> Iterator[Saves]:
    made = Saves()
    yield made
    made.files.close()


@pytest.fixture
def story(tmp_path: Path) -> Path:
    file = tmp_path / "stories" / "story.toml"
    file.parent.mkdir()
    file.write_text("one")
    return file


def test_a_file_is_saved_in_place(saves: Saves, story: Path) -> None:
    saves.files.follow([story])
    story.write_text("two")
    assert saves.next() == {story}


def test_a_file_is_saved_by_renaming_another(saves: Saves, story: Path) -> None:
    saves.files.follow([story])
    other = story.with_name(".story.toml.swp")
    for text in ("two", "three"):  # what is watched is the name, and not the file that had it
        other.write_text(text)
        other.rename(story)
        assert saves.next() == {story}


def test_a_file_is_saved_after_it_was_put_aside(saves: Saves, story: Path) -> None:
    saves.files.follow([story])
    story.rename(story.with_name("story.toml~"))
    story.write_text("two")
    assert saves.next() == {story}
    assert saves.reported.empty()


def test_what_is_half_written_is_not_read(saves: Saves, story: Path) -> None:
    saves.files.follow([story])
    with story.open("w") as file:
        file.write("tw")
        file.flush()
        os.fsync(file.fileno())
        file.write("o")
    assert saves.next() == {story}
    assert saves.reported.empty()


def test_what_is_written_as_it_was_is_no_save(saves: Saves, story: Path) -> None:
    other = story.with_name("other.toml")
    other.write_text("one")
    saves.files.follow([story, other])
    story.write_text("one")
    other.write_text("two")
    assert saves.next() == {other}


def test_other_files_beside_it_are_no_saves(saves: Saves, story: Path) -> None:
    saves.files.follow([story])
    (story.parent / "media").mkdir()
    (story.parent / "media" / "film.mp4").write_text("our own output")
    (story.parent / "film.mp4").write_text("our own output")
    story.write_text("two")
    assert saves.next() == {story}
    assert saves.reported.empty()


def test_a_burst_is_one_save_at_its_begin_and_one_at_its_end(
    saves: Saves, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pagereel.watch.files._FOLLOWING", 2.0)  # the machine may be busy
    last = story.with_name("last.toml")
    saves.files.follow([story, last])
    story.write_text("two")
    found = [saves.next()]
    for number in range(200):
        story.write_text(f"text {number}")
    last.write_text("the end")
    while last not in found[-1]:
        found.append(saves.next())
    assert found == [{story}, {story, last}]
    assert len(saves.following) == 1


def test_what_is_undone_in_a_burst_is_reported(
    saves: Saves, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pagereel.watch.files._BURST", 60.0)
    saves.files.follow([story])
    story.write_text("two")
    assert saves.next() == {story}
    story.write_text("three")
    while not saves.following:
        time.sleep(0.01)
    story.write_text("two")
    assert saves.next() <= {story}


def test_a_save_is_announced_that_comes_while_another_one_may_follow(
    saves: Saves, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A redraw follows files anew, so it is awaited whether more is saved, before anything is."""
    monkeypatch.setattr("pagereel.watch.files._BURST", 60.0)
    monkeypatch.setattr("pagereel.watch.files._FOLLOWING", 3.0)
    saves.files.follow([story])
    story.write_text("two")
    assert saves.next() == {story}
    saves.files.follow([story])
    time.sleep(0.3)
    story.write_text("three")
    while not saves.following:
        assert saves.reported.empty()
        time.sleep(0.01)
    assert saves.next() == {story}
    assert len(saves.following) == 1


def test_a_file_is_removed_and_put_back(saves: Saves, story: Path) -> None:
    saves.files.follow([story])
    story.unlink()
    assert saves.next() == {story}
    story.write_text("one")
    assert saves.next() == {story}


def test_a_folder_is_renamed_and_put_back(saves: Saves, story: Path) -> None:
    saves.files.follow([story])
    away = story.parent.with_name("away")
    story.parent.rename(away)
    assert saves.next() == {story}
    away.rename(story.parent)
    assert saves.next() == {story}
    story.write_text("two")
    assert saves.next() == {story}


def test_above_its_folder_nothing_but_folders_is_noted(
    saves: Saves, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is above may be the folder of all temporary files, where much is written."""
    noted = []
    dispatch = saves.files.dispatch

    def note(event: FileSystemEvent) -> None:
        noted.append(event.src_path)
        dispatch(event)

    monkeypatch.setattr(saves.files, "dispatch", note)
    saves.files.follow([story])
    story.write_text("two")
    assert saves.next() == {story}
    assert os.sep not in saves.files._watches
    (story.parent.with_name("other.toml")).write_text("of somebody else")
    (story.parent.with_name("folder")).mkdir()
    story.write_text("three")
    assert saves.next() == {story}
    assert {*noted} == {str(story), str(story.parent.with_name("folder"))}


def test_a_file_that_is_not_there_yet_is_waited_for(saves: Saves, tmp_path: Path) -> None:
    missing = tmp_path / "data" / "missing.json"
    saves.files.follow([missing])
    missing.parent.mkdir()
    missing.write_text("{}")
    assert saves.next() == {missing}


def test_files_that_are_no_longer_followed_are_no_saves(saves: Saves, story: Path) -> None:
    other = story.with_name("other.toml")
    other.write_text("one")
    saves.files.follow([other])
    saves.files.follow([story])
    other.write_text("two")
    story.write_text("two")
    assert saves.next() == {story}


def test_a_save_is_reported_though_files_are_followed_anew(saves: Saves, story: Path) -> None:
    saves.files.follow([story])
    for number in range(3):
        story.write_text(f"text {number}")
        saves.files.follow([story, story.with_name(f"{number}.toml")])
        assert saves.next() == {story}


def test_a_link_counts_as_what_it_leads_to(saves: Saves, story: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(story)
    saves.files.follow([link])
    story.write_text("two")
    assert link in saves.next()


def test_a_module_that_was_missing_counts_beside_a_scene(saves: Saves, story: Path) -> None:
    saves.files.follow([story], beside=story.parent)
    (story.parent / "notes.txt").write_text("not Python")
    (story.parent / "helper.py").write_text("x = 1")
    assert saves.next() == {story.parent / "helper.py"}
