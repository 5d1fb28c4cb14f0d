"""A scene plays some beats by its own movements, reads tables of its own, and refuses others'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from told import play_scene, scene_class

from pagereel.errors import StoryError
from pagereel.stage.layout.arrangement import Arrangement, framed, rows
from pagereel.stage.part import Parts
from pagereel.stage.parts.pool import FramePool
from pagereel.stage.parts.text import CaptionBar, FreeMask
from pagereel.stage.scene import StoryScene
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from manim import Animation

    from pagereel.story import Beat
    from pagereel.toml.table import Table

STORY = """\
title = "T"
scene = "Mine"
opening = "They enter."
tagline = "Over."
[pool]
frames = 4
[[events]]
arrive = "A"
pages = 2
[[events]]
arrive = "B"
pages = 1
[size]
most = 3
[stop]
word = "roof"
[[beats]]
caption = "Both have arrived."
through = 2
late = true
[[beats]]
key = "halt"
caption = "One stops."
act = "stop"
rest = 3.2
[[beats]]
act = "stop"
rest = 0
"""


def read_size(table: Table) -> int | None:
    table.allow(("most",))
    return table.number("most", least=1)


class Mine(StoryScene):
    default_story = "paged_cache.toml"
    parts = Parts(pool=FramePool, mask=FreeMask, caption=CaptionBar)
    arrangement = Arrangement(framed(rows("pool", "mask")))
    tables = {"size": read_size, "stop": lambda table: table.name("word")}  # noqa: RUF012

    def construct(self) -> None:
        self.told_by_act: list[Any] = []
        self.opening("Not this.")
        for beat in self.story.beats:
            self.tell(beat)
        self.closing({Phase.FLIP: self.last})

    def last(self) -> list[Animation]:
        self.told_by_act.append("closing")
        return []

    def act_stop(self, beat: Beat) -> None:
        self.told_by_act.append((beat.key, self.own["stop"]))


Run = "Callable[..., StoryScene]"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Any]:
    def play(text: str = STORY, kind: type[StoryScene] = Mine, **how: Any) -> StoryScene:
        path = tmp_path / "my.toml"
        path.write_text(text)
        return play_scene(kind, size=(192, 108), story=path, **how)

    return play


def test_a_beat_is_played_by_its_act(run: Callable[..., Any]) -> None:
    scene = run()
    assert scene.told_by_act == [("halt", "roof"), ("03-stop", "roof"), "closing"]
    assert scene.own == {"size": 3, "stop": "roof"}
    assert scene.stage.parts["mask"].told.own is scene.own
    said = [caption.content for caption in scene.renderer.file_writer.subcaptions]
    assert said == ["They enter.", "Both have arrived.", "One stops.", "Over."]


def test_a_caption_can_come_after_the_movement(run: Callable[..., Any]) -> None:
    masks: dict[str, set[str]] = {}

    def look(scene: StoryScene) -> None:
        there = {*map(id, scene.mobjects)}
        for beat in scene.story.beats[:1]:
            if id(scene.make_caption(beat.caption)) in there:
                said = masks.setdefault(beat.caption, set())
                said.add(scene.stage.parts["mask"].shown)

    run(at_rest=look)
    assert masks == {"Both have arrived.": {"1000"}}
    masks.clear()
    run(STORY.replace("late = true\n", ""), at_rest=look)
    assert masks == {"Both have arrived.": {"1111", "1100", "1000"}}


def test_a_beat_rests_as_long_as_the_story_says(run: Callable[..., Any]) -> None:
    times: dict[str, list[float]] = {}

    def look(scene: StoryScene) -> None:
        times.setdefault(scene.renderer.file_writer.sections[-1].name, []).append(scene.time)

    run(at_rest=look)
    halt = times["halt"]
    assert halt[-1] - halt[-2] == pytest.approx(0.4)  # the caption leaves
    assert halt[-2] - halt[-3] == pytest.approx(3.2)
    assert "03-stop" not in times  # nothing moves, and it does not rest


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            'scene = "Mine"',
            'scene = "Yours"',
            2,
            "this story is for Yours, not for Mine; render Yours",
        ),
        ("[size]", "[sizes]", 13, "Mine reads no table 'sizes'; did you mean size? known: size"),
        ("[size]\nmost = 3\n", "", 2, "Mine needs the table [size]; add it"),
        ('[stop]\nword = "roof"\n', "", 19, "Mine needs the table [stop]; add it"),
        ("most = 3", "more = 3", 14, "unknown key 'more'; known: most"),
        ('act = "stop"\nrest = 3.2', 'act = "stopp"', 21, "beat 2 (halt): Mine has no act 'stopp'"),
    ],
)
def test_what_the_scene_cannot_tell(
    run: Callable[..., Any], old: str, new: str, line: int | None, says: str
) -> None:
    assert old in STORY
    with pytest.raises(StoryError) as caught:
        run(STORY.replace(old, new, 1))
    place = f"my.toml:{line}: " if line else "my.toml: "
    assert f"{place}{says}" in str(caught.value)


def test_a_table_is_needed_only_for_the_act_that_it_is_of(run: Callable[..., Any]) -> None:
    text = STORY[: STORY.index("[[beats]]\nkey")].replace('[stop]\nword = "roof"\n', "")
    assert run(text).own == {"size": 3}


def test_another_scene_refuses_it(run: Callable[..., Any]) -> None:
    with pytest.raises(StoryError, match=r"my\.toml:2: this story is for Mine, not for PagedCache"):
        run(STORY, scene_class("PagedCache"))


def test_a_scene_refuses_events_that_it_does_not_show(run: Callable[..., Any]) -> None:
    arrive, release = 'arrive = "A"\nframes = [0, 1]', 'release = "A"\nframes = [0]'
    text = f'title = "T"\n[pool]\nframes = 4\n[[events]]\n{arrive}\n[[events]]\n{release}\n'
    says = r"my\.toml:7: event 2 \(release A\): Mine does not show this; PagedCache does"
    with pytest.raises(StoryError, match=says):
        run(text)


def test_what_was_there_before_the_story_begins(run: Callable[..., Any]) -> None:
    text = STORY.replace('title = "T"', 'title = "T"\nbegins_after = 1')
    shown: list[Any] = []
    run(text, at_rest=lambda scene: shown.append(scene.stage.parts["pool"].shown))
    looks, bits = shown[0]
    assert bits == "1100"
    assert [look.tasks for look in looks] == [("A",), ("A",), (), ()]
    others = text[: text.index("[size]")].replace('scene = "Mine"\n', "")
    rows: list[Any] = []
    run(
        others,
        scene_class("PagedCache"),
        at_rest=lambda scene: rows.append(scene.stage.parts["rows"].shown),
    )
    assert {"A": (0, 1)} in rows
    assert rows[-1] == {"A": (0, 1), "B": (2,)}
