"""The studio for real: scenes are drawn, edited, broken and mended."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from PIL import Image

from pagereel.assets import STORIES
from pagereel.discovery import choose_scenes
from pagereel.request import SceneOptions
from pagereel.watch.studio import LiveStudio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PATIENCE = 240  # seconds; nothing waits so long but on a machine that is very busy
_SIZE = 192, 108

SCENE = """
from manim import BLUE, RED, RIGHT, Create, Scene, Square

COLOR = BLUE

class Mini(Scene):
    def construct(self):
        print("begins")
        square = Square(color=COLOR, fill_opacity=1)
        self.next_section("comes")
        self.play(Create(square), run_time=0.5)
        self.wait(0.5)
        self.next_section("goes")
        self.play(square.animate.shift(RIGHT), run_time=0.5)
        self.add_subcaption("It went.", duration=0.2, offset=-0.2)
"""


class Watched:
    """A studio, and what its page would see."""

    def __init__(self, file: Path, scene: str, options: SceneOptions) -> None:
        self.studio = LiveStudio(choose_scenes([str(file), scene]), options, _SIZE)
        self._turn = Condition()
        self._news = 0
        self.studio.subscribe(self._note)
        self.seen: list[dict[str, Any]] = []

    def _note(self) -> None:
        with self._turn:
            self._news += 1
            self._turn.notify()

    def until(self, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until the state is as it should be."""
        end = time.monotonic() + _PATIENCE
        while True:
            with self._turn:
                self._news = 0
            state = self.studio.state()
            self.seen.append(state)
            if reached(state):
                return state
            with self._turn:
                while not self._news:
                    if not self._turn.wait(end - time.monotonic()):
                        raise TimeoutError(str(state)[:3000])

    def drawn(self) -> dict[str, Any]:
        """Wait until all is drawn."""
        return self.until(_is_drawn)

    def image(self, name: str) -> np.ndarray[Any, Any]:
        """Return the picture of a still, or the last one of a film."""
        path = self.studio.media(name)
        assert path is not None
        if path.suffix == ".png":
            return np.asarray(Image.open(path).convert("RGB"))
        with av.open(str(path)) as film:
            *_, last = film.decode(video=0)
        return np.asarray(last.to_ndarray(format="rgb24"))


def _is_drawn(state: dict[str, Any]) -> bool:
    beats = state["beats"]
    is_through = not state["busy"] or state["busy"].startswith("checks")
    return bool(beats) and is_through and all(b["film"] and not b["stale"] for b in beats)


def _shows_error(state: dict[str, Any]) -> bool:
    return bool(state["error"])


@contextmanager
def watched(file: Path, scene: str = "Mini", story: Path | None = None) -> Iterator[Watched]:
    made = Watched(file, scene, SceneOptions(story=story))
    made.studio.start()
    try:
        yield made
    finally:
        made.studio.close()


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "mini.py"
    file.write_text(SCENE)
    return file


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.slow
def test_a_scene_is_drawn_beat_by_beat_and_again_when_it_is_saved(scene: Path) -> None:
    with watched(scene) as page:
        state = page.drawn()
        comes, goes = state["beats"]
        assert (comes["name"], comes["start"], comes["seconds"]) == ("comes", 0.0, 1.0)
        assert (goes["name"], goes["start"], goes["seconds"]) == ("goes", 1.0, 0.5)
        assert [caption["text"] for caption in goes["captions"]] == ["It went."]
        assert (comes["file"], comes["line"]) == ("mini.py", 11)
        state = page.until(lambda state: not state["busy"])
        assert state["printed"] == "begins\n"  # and the check has not printed it again
        assert page.image(comes["film"])[54, 96].argmax() == 2  # blue
        before = {beat["name"]: beat["film"] for beat in state["beats"]}

        page.studio.look(1, 0.25)
        edit(scene, "COLOR = BLUE", "COLOR = RED")
        page.until(lambda state: state["version"] == 2 and state["beats"][1]["stale"])
        still = page.until(lambda state: state["beats"][1]["still"] is not None)
        _, goes = still["beats"]
        assert goes["still"]["at"] == 0.25
        assert not goes["stale"]
        assert page.image(goes["still"]["media"])[54, 108].argmax() == 0  # red
        state = page.drawn()
        for beat in state["beats"]:
            assert beat["film"] != before[beat["name"]]
            assert page.studio.media(before[beat["name"]]) is None
        assert not any(_is_old_but_not_stale(state, before) for state in page.seen)


def _is_old_but_not_stale(state: dict[str, Any], before: dict[str, str]) -> bool:
    is_new = state["version"] == 2
    return is_new and any(b["film"] == before[b["name"]] and not b["stale"] for b in state["beats"])


@pytest.mark.slow
def test_what_was_drawn_before_is_taken(scene: Path) -> None:
    with watched(scene) as page:
        before = [beat["film"] for beat in page.drawn()["beats"]]
        cache = scene.parent / "media" / "cache"
        kept = {*cache.iterdir()}
        assert len(kept) == len(before)
        edit(scene, "COLOR = BLUE", "COLOR = RED")
        page.until(lambda state: state["version"] == 2)
        page.drawn()
    for file in kept:
        os.utime(file, (0, 0))
    edit(scene, "COLOR = RED", "COLOR = BLUE")
    with watched(scene) as page:
        assert [beat["film"] for beat in page.drawn()["beats"]] == before
    assert all(file.stat().st_mtime > 0 for file in kept)  # which they get when they are taken


@pytest.mark.slow
def test_of_many_quick_saves_the_last_is_drawn(
    scene: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pagereel.watch.files._BURST", 60.0)  # the machine may be busy
    monkeypatch.setattr("pagereel.watch.files._FOLLOWING", 2.0)
    with watched(scene) as page:
        page.drawn()
        for count in range(50):
            if count == 1:
                page.until(lambda state: state["version"] == 2)
            color = "RED" if count == 49 else f"'#0000{count:02}'"
            scene.write_text(SCENE.replace("COLOR = BLUE", f"COLOR = {color}"))
        page.until(lambda state: state["version"] == 3)
        assert page.image(page.drawn()["beats"][1]["film"])[54, 108].argmax() == 0  # red
        assert page.seen[-1]["version"] == 3


@pytest.mark.slow
def test_a_still_is_the_image_of_the_film_at_that_moment(scene: Path) -> None:
    with watched(scene) as page:
        page.drawn()
        page.studio.look(1, 0.5)  # its last image, and beyond
        edit(scene, "COLOR = BLUE", "COLOR = RED")
        page.until(lambda state: state["version"] == 2)
        goes = page.drawn()["beats"][1]
        still, film = (page.image(name) for name in (goes["still"]["media"], goes["film"]))
        assert np.abs(still.astype(int) - film).mean() < 2  # colours of 2 x 2 pixels are one


@pytest.mark.slow
def test_errors_are_shown_over_the_last_good_picture_and_go(scene: Path) -> None:
    with watched(scene) as page:
        before = page.drawn()["beats"]
        edit(scene, "self.wait(0.5)", "self.wait(0.5")
        state = page.until(_shows_error)
        assert state["error"]["file"] == "mini.py"
        assert state["error"]["line"] == 12
        assert state["error"]["text"] == "self.wait(0.5"
        assert "never closed" in state["error"]["message"]
        assert [(b["film"], b["stale"]) for b in state["beats"]] == [
            (beat["film"], True) for beat in before
        ]
        edit(scene, "self.wait(0.5", "self.wait(None + 1)")
        state = page.until(lambda state: "unsupported" in str(state["error"]))
        assert state["error"]["line"] == 12
        edit(scene, "self.wait(None + 1)", "self.wait(0.5)")
        assert page.drawn()["error"] is None


@pytest.mark.slow
def test_a_module_is_missing_written_and_edited(scene: Path) -> None:
    edit(scene, "COLOR = BLUE", "from colors import COLOR")
    helper = scene.with_name("colors.py")
    with watched(scene) as page:
        assert "No module" in page.until(_shows_error)["error"]["message"]
        helper.write_text("COLOR = '#0000FF'\n")
        page.drawn()
        helper.write_text("COLOR = '#FF0000'\n")
        page.until(lambda state: any(beat["stale"] for beat in state["beats"]))
        state = page.drawn()
        assert page.image(state["beats"][0]["film"])[54, 96].argmax() == 0


@pytest.mark.slow
def test_a_scene_that_never_ends_is_stopped_by_the_next_save(scene: Path) -> None:
    with watched(scene) as page:
        page.drawn()
        edit(scene, "self.wait(0.5)", "while True: pass")
        state = page.until(lambda state: "no end of" in state["busy"])
        assert "the code after play 1 (Create) at mini.py:11" in state["busy"]
        edit(scene, "while True: pass", "self.wait(0.5)")
        page.until(lambda state: state["version"] == 3)
        page.drawn()


@pytest.mark.slow
def test_a_scene_that_ends_its_process_is_an_error(scene: Path) -> None:
    edit(scene, 'self.next_section("goes")', "__import__('os')._exit(3)")
    with watched(scene) as page:
        message = page.until(_shows_error)["error"]["message"]
        assert "exit code 3" in message
        assert "mini.py:12" in message
        edit(
            scene,
            "__import__('os')._exit(3)",
            "__import__('os').kill(__import__('os').getpid(), 9)",
        )
        page.until(lambda s: "SIGKILL, out of memory?" in str(s["error"]))
        edit(scene, "__import__('os').kill(__import__('os').getpid(), 9)", "")
        page.drawn()


@pytest.mark.slow
def test_a_file_that_a_scene_writes_is_written_once_and_whole(scene: Path) -> None:
    log = scene.with_name("log.txt")
    edit(
        scene,
        'self.next_section("goes")',
        f"self.log = open({str(log)!r}, 'a'); self.log.write('x')",
    )
    with watched(scene) as page:
        state = page.drawn()
        assert "one process" in state["printed"]
        assert log.read_text() == "x"
        assert state["version"] == 2  # and its own output has not had it drawn again


@pytest.mark.slow
def test_a_scene_whose_file_has_threads_is_drawn_by_one_process(scene: Path) -> None:
    edit(
        scene,
        "COLOR = BLUE",
        "from concurrent.futures import *\nPOOL = ThreadPoolExecutor(1)\n"
        "COLOR = POOL.submit(lambda: BLUE).result(60)",
    )
    edit(scene, 'self.next_section("goes")', "POOL.submit(int).result(60)")
    with watched(scene) as page:
        assert "the scene's file has threads" in page.drawn()["printed"]


@pytest.mark.slow
def test_a_story_is_told_edited_removed_and_put_back(scene: Path) -> None:
    story = scene.with_name("story.toml")
    text = (STORIES / "paged_cache.toml").read_text()
    story.write_text(text)
    file = STORIES.parents[1] / "scenes" / "paged_cache.py"
    if not file.exists():
        file = STORIES.parent / "scenes" / "paged_cache.py"
    with watched(file, "PagedCache", story) as page:
        beats = page.drawn()["beats"]
        assert [beat["name"] for beat in beats][:2] == ["opening", "a-arrives"]
        assert (beats[1]["file"], beats[1]["line"]) == ("story.toml", 32)
        before = {beat["name"]: beat["film"] for beat in beats}
        edit(story, "fits into the gap", "fits in the gap")
        page.until(lambda state: state["version"] == 2)
        after = {beat["name"]: beat["film"] for beat in page.drawn()["beats"]}
        # What has not changed is known by its name, so that the page need not load it again.
        assert {name for name in after if after[name] != before[name]} == {"b-arrives"}
        story.unlink()
        assert "story.toml" in str(page.until(_shows_error)["error"])
        story.write_text(text)
        assert page.drawn()["error"] is None


@pytest.mark.slow
def test_a_long_section_goes_on_in_another_beat_with_the_next_play(scene: Path) -> None:
    edit(scene, "self.wait(0.5)", "self.wait(10.2)\n        self.wait(0.5)")
    edit(
        scene,
        "square = ",
        "self.add_updater(lambda dt: 0)  # so that nothing stands still\n        square = ",
    )
    with watched(scene) as page:
        found = [(beat["name"], beat["start"], beat["seconds"]) for beat in page.drawn()["beats"]]
    assert found[:2] == [("comes", 0.0, 10.7), ("comes (2)", 10.7, 0.5)]


@pytest.mark.slow
def test_settings_with_which_manim_does_not_start_are_mended(scene: Path) -> None:
    settings = scene.with_name("manim.cfg")
    settings.write_text("[CLI]\nbackground_color = #00FF00\n")
    with watched(scene) as page:
        page.drawn()
        edit(settings, "#00FF00", "nothing like a colour")
        page.until(lambda state: "does not start" in str(state["error"]))
        edit(settings, "nothing like a colour", "#FF0000")
        state = page.until(lambda state: not state["error"] and _is_drawn(state))
        assert page.image(state["beats"][0]["film"])[2, 2].argmax() == 0  # red


@pytest.mark.slow
def test_another_shape_and_theme_are_chosen(scene: Path) -> None:
    with watched(scene) as page:
        page.drawn()
        page.studio.choose(shape="9:16")
        state = page.drawn()
        assert (state["shape"], state["width"], state["height"]) == ("9:16", 108, 192)
        assert page.image(state["beats"][0]["film"]).shape == (192, 108, 3)
        with pytest.raises(ValueError, match="there is no scene 'Other'"):
            page.studio.choose(scene="Other")


@pytest.mark.slow
def test_nothing_is_left_when_it_is_closed(scene: Path) -> None:
    edit(scene, "self.wait(0.5)", "while True: pass")
    with watched(scene) as page:
        page.until(lambda state: len(state["beats"]) == 1)
        folder = page.studio._drawer.folder
        worker = page.studio._drawer._worker
        assert worker is not None
        group = os.getpgid(worker.pid)
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.killpg(group, signal.SIGCONT)
