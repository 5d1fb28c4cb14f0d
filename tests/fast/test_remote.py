"""Shards drawn elsewhere: here by forks that know nothing of each other."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import pytest
from heard import Heard
from manim import RIGHT, UP, Circle, Create, Scene, Square

from pagereel.errors import RenderError
from pagereel.fast import Drawings, FastWriter, RenderSettings, render_scene
from pagereel.fast.shards import cutter as cuts
from pagereel.fast.shards.remote import ChosenCutter, Send, SendingCutter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SETTINGS = RenderSettings(192, 108, 10)


class Simple(Scene):
    def construct(self) -> None:
        self.next_section("squares")
        for index in range(2):
            self.play(Create(Square().shift(index * RIGHT)), run_time=1)
        self.next_section("a circle")
        self.add(Circle().add_updater(lambda mob, dt: mob.shift(dt * UP)))
        self.wait(1)


@pytest.fixture(autouse=True)
def short_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 1)


def by_forks(folder: Path, told: list[list[str]], settings: RenderSettings = SETTINGS) -> Send:
    """Have each shard drawn by a process that runs through the scene for itself."""

    def send(
        shown: Sequence[str], todo: Sequence[int], sounds: Sequence[Path]
    ) -> Iterator[tuple[int, bytes]]:
        assert not sounds
        told.append([*shown])
        for index in reversed(todo):  # in any order
            process = os.fork()
            if not process:
                draw(index, folder, settings)
            assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
            yield index, (folder / f"{index}").read_bytes()

    return send


def draw(index: int, folder: Path, settings: RenderSettings) -> NoReturn:
    def end(writer: FastWriter, shown: list[str]) -> NoReturn:
        there = [number for number in range(9) if writer.shard_path(number).exists()]
        writer.shard_path(index).replace(folder / f"{index}")
        (folder / f"{index}.shown").write_text("\n".join(shown))
        os._exit(0 if there == [index] and len(shown) == index + 1 else 1)

    try:
        render_scene(Simple, folder / "video.mp4", settings, cutter=ChosenCutter([index], end))
    finally:
        os._exit(2)


def test_shards_drawn_elsewhere_make_the_same_video(target: Path, tmp_path: Path) -> None:
    whole = render_scene(Simple, target, SETTINGS)
    data = target.read_bytes()
    told: list[list[str]] = []
    heard = Heard()
    cutter = SendingCutter(by_forks(tmp_path, told))
    parts = render_scene(Simple, target, SETTINGS, heard, cutter=cutter)
    assert parts.plan.counts == whole.plan.counts
    assert target.read_bytes() == data
    [shown] = told
    assert [int(each.split()[0]) for each in shown] == whole.plan.counts
    assert len({*shown}) == 3
    for index in range(3):
        assert (tmp_path / f"{index}.shown").read_text() == "\n".join(shown[: index + 1])
    assert len(whole.plan.counts) == 3
    assert heard.counts == sorted(heard.counts)
    assert (len(heard.counts), heard.counts[-1]) == (3, whole.plan.length)
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_images_of_a_section_drawn_elsewhere_are_the_same(target: Path, tmp_path: Path) -> None:
    settings = replace(SETTINGS, keep_images=True, sections=("a circle",))
    seen: list[list[tuple[str, bytes]]] = []
    heard = Heard()

    def look(drawings: Drawings) -> None:
        shards = [shard for section in drawings.sections for shard in section.shards]
        seen.append([(shard.name, shard.read_bytes()) for shard in shards])

    told: list[list[str]] = []
    cutter = SendingCutter(by_forks(tmp_path, told, settings))
    render_scene(Simple, target, settings, encode=look)
    render_scene(Simple, target, settings, heard, cutter=cutter, encode=look)
    assert seen[0] == seen[1]
    assert [name for name, _ in seen[0]] == ["00002.images"]
    assert [each.split()[0] for each in told[0]] == ["10", "10", "10"]
    assert heard.counts == [10], "the section has ten images"


def test_who_cannot_draw_leaves_nothing(target: Path) -> None:
    def send(*_: object, **__: object) -> NoReturn:
        raise RenderError("nobody is there")

    with pytest.raises(RenderError, match="nobody is there"):
        render_scene(Simple, target, SETTINGS, cutter=SendingCutter(send))
    assert [*target.parent.iterdir()] == []
