"""What the page shows of beats, from run to run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from pagereel.discovery import choose_scenes
from pagereel.request import SceneOptions
from pagereel.watch.drawing.order import Spot
from pagereel.watch.shown import Beats
from pagereel.watch.studio import LiveStudio

if TYPE_CHECKING:
    import pytest

    from pagereel.watch.drawer import Drawer
    from pagereel.watch.drawing.order import Order


def run(beats: Beats, *names: str, upto: int | None = None) -> None:
    beats.begin_anew()
    for number, name in enumerate(names[:upto]):
        beats.begin(number, name, 2.0 * number, "story.toml", 10 + number)
        beats.pass_by(number, 2.0, [])
    if upto is None:
        beats.complete()


def drawn(*names: str) -> Beats:
    beats = Beats()
    run(beats, *names)
    for beat in beats:
        beat.take_film(f"{beat.name}.mp4")
    return beats


def seen(beats: Beats) -> list[tuple[int, str, str | None, bool]]:
    return [(beat.number, beat.name, beat.film, beat.stale) for beat in beats]


def test_what_was_drawn_before_a_save_is_stale_until_it_is_drawn_again() -> None:
    beats = drawn("a", "b")
    run(beats, "a", "b")
    assert seen(beats) == [(0, "a", "a.mp4", True), (1, "b", "b.mp4", True)]
    beats.get(1).take_film("new.mp4")  # type: ignore[union-attr]
    assert seen(beats) == [(0, "a", "a.mp4", True), (1, "b", "new.mp4", False)]


def test_a_beat_without_any_picture_is_not_stale() -> None:
    beats = Beats()
    run(beats, "a")
    run(beats, "a")
    assert seen(beats) == [(0, "a", None, False)]


def test_beats_that_the_run_has_not_come_to_stay() -> None:
    beats = drawn("a", "b", "c")
    run(beats, "a", "new", "b", "c", upto=2)
    assert seen(beats) == [
        (0, "a", "a.mp4", True),
        (1, "new", None, False),
        (2, "b", "b.mp4", True),
        (3, "c", "c.mp4", True),
    ]


def test_a_beat_keeps_its_pictures_where_others_come_or_go_before_it() -> None:
    beats = drawn("a", "b", "c")
    run(beats, "c", "d")
    assert seen(beats) == [(0, "c", "c.mp4", True), (1, "d", None, False)]


def test_a_new_still_is_not_shown_with_an_older_film_nor_a_new_film_with_an_older_still() -> None:
    beats = drawn("a")
    run(beats, "a")
    (beat,) = beats
    beat.take_still(0.5, "new.png")
    assert (beat.film, beat.stale) == (None, False)
    beat.take_film("new.mp4")
    assert beat.still == {"at": 0.5, "media": "new.png"}
    run(beats, "a")
    beat.take_film("newer.mp4")
    assert beat.still is None


def test_findings_belong_to_the_beat_in_whose_time_they_are_seen() -> None:
    beats = drawn("a", "b")
    for at in (0.5, 2.0, 2.5):
        beats.find({"rule": "r", "message": "m", "at": at, "box": None})
    assert [[found["at"] for found in beat.findings] for beat in beats] == [[0.5, 2.0], [0.5]]


def test_beats_are_checked_one_after_another() -> None:
    beats = drawn("a", "b")
    assert not beats.check(1.0)
    assert beats.check(2.0)
    assert [beat.checked for beat in beats] == [True, False]
    assert not beats.check(3.0)
    assert beats.check(None)
    assert [beat.checked for beat in beats] == [True, True]
    run(beats, "a", "b")
    assert [beat.checked for beat in beats] == [False, False]


def test_a_shorter_beat_moves_those_after_it() -> None:
    beats = drawn("a", "b", "c")
    beats.begin_anew()
    beats.begin(0, "a", 0.0, "story.toml", 1)
    beats.pass_by(0, 1.5, [])
    assert [beat.start for beat in beats] == [0.0, 1.5, 3.5]
    assert beats.seconds == 5.5


def shapes(studio: LiveStudio) -> tuple[str, list[str]]:
    state = studio.state()
    return state["shape"], state["shapes"]


def test_shapes_stand_where_they_stood_when_another_is_chosen() -> None:
    studio = LiveStudio([], SceneOptions())
    assert shapes(studio) == ("16:9", ["16:9", "9:16", "1:1"])
    studio.choose(shape="1:1")
    assert shapes(studio) == ("1:1", ["16:9", "9:16", "1:1"])


def test_the_shape_that_was_asked_for_can_be_chosen_again() -> None:
    studio = LiveStudio([], SceneOptions(), (800, 600))
    for shape, size in (("9:16", (600, 1066)), ("800:600", (800, 600))):
        studio.choose(shape=shape)
        state = studio.state()
        assert shapes(studio) == (shape, ["16:9", "9:16", "1:1", "800:600"])
        assert (state["width"], state["height"]) == size


def test_a_scene_whose_file_sets_its_shape_has_no_other() -> None:
    studio = LiveStudio([], SceneOptions())
    studio._hear({"event": "size", "width": 540, "height": 960})
    assert shapes(studio) == ("9:16", ["9:16"])
    studio._hear({"event": "size", "width": 960, "height": 540})  # it does so no longer
    assert shapes(studio) == ("16:9", ["16:9", "9:16", "1:1"])


def test_pictures_have_the_shape_that_manim_cfg_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the video has that `pagereel render` makes."""
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / "manim.cfg"
    settings.write_text("[CLI]\npixel_width = 1080\npixel_height = 1920\n")
    studio = LiveStudio([], SceneOptions())
    assert shapes(studio) == ("9:16", ["16:9", "9:16", "1:1"])
    assert (studio.state()["width"], studio.state()["height"]) == (540, 960)
    settings.write_text("[CLI]\npixel_width = 1080\npixel_height = 1080\n")
    studio._saved({settings})
    assert studio._size == (540, 540)
    studio.choose(shape="16:9")
    settings.write_text("[CLI\n")
    studio._saved({settings})
    studio._hear({"event": "lost"})
    assert "manim.cfg: this is not a file of settings" in studio.state()["error"]["message"]
    settings.write_text("[CLI]\npixel_width = 1080\npixel_height = 1920\n")
    studio._saved({settings})
    assert studio._size == (960, 540)  # as the reader has chosen


def test_scenes_are_named_in_the_order_of_their_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    text = "from manim import Scene\n" + "".join(
        f"class {name}(Scene):\n    def construct(self): pass\n" for name in "ABC"
    )
    file.write_text(text)
    studio = LiveStudio(choose_scenes([str(file)]), SceneOptions())
    studio._scene = "B"
    studio._read_scenes()
    assert studio.state()["scenes"] == ["A", "B", "C"]
    file.write_text(text.replace("class B", "class D"))
    studio._read_scenes()
    assert studio.state()["scenes"] == ["A", "D", "C", "B"]


def test_what_was_drawn_before_a_failure_leaves_the_error() -> None:
    """Processes may have said something before they were ended."""
    studio = LiveStudio([], SceneOptions())
    fault = {"message": "frame 2 is not free", "file": "a.toml", "line": 5, "text": "frames = [2]"}
    studio._hear({"event": "failed", "fault": fault})
    studio._hear({"event": "film", "beat": 0, "media": "a.mp4"})
    assert (studio.state()["error"], studio.state()["busy"]) == (fault, "")


def test_a_scene_is_drawn_by_one_process_until_its_code_is_saved() -> None:
    studio = LiveStudio([], SceneOptions())
    studio._alone.add("Mine")
    studio._saved({Path("story.toml")})
    assert studio._alone == {"Mine"}
    studio._saved({Path("mine.py")})
    assert studio._alone == set()


def beats_that_get_a_still(after: list[str], beat: int, *before: str) -> list[str]:
    """Return which beats are taken for the reader's, who stood in one before the save."""
    studio = LiveStudio([], SceneOptions())
    run(studio._beats, *before)
    studio.look(beat, 0.5)
    assert studio._spot.name == before[beat]
    studio._settle_spot()
    spot = studio._spot
    return [name for number, name in enumerate(after) if spot.is_in(number, name)]


def test_the_readers_beat_is_known_by_its_name_or_else_by_its_number() -> None:
    assert beats_that_get_a_still(["a", "b", "c", "d"], 2, "a", "b", "c", "d") == ["c"]
    assert beats_that_get_a_still(["new", "a", "b", "c"], 2, "a", "b", "c") == ["c"]
    assert beats_that_get_a_still(["b", "c", "d"], 2, "a", "b", "c", "d") == ["c"]
    assert beats_that_get_a_still(["a", "b", "renamed", "d"], 2, "a", "b", "c", "d") == ["renamed"]
    # A beat that is new may be the reader's, renamed.
    assert beats_that_get_a_still(["a", "b", "new", "c"], 2, "a", "b", "c") == ["new", "c"]


def test_the_readers_beat_has_another_number_once_one_was_inserted() -> None:
    studio = LiveStudio([], SceneOptions())
    run(studio._beats, "a", "b")
    studio.look(1, 0.5)
    run(studio._beats, "a", "new", "b")
    studio._settle_spot()
    assert studio._spot == Spot(2, "b", 0.5, frozenset({"a", "new"}))
    run(studio._beats, "a", "new", "renamed")
    studio._settle_spot()
    assert studio._spot.name == "renamed"


def test_a_reader_who_has_not_looked_yet_stands_in_the_first_beat() -> None:
    studio = LiveStudio([], SceneOptions())
    for before in ((), ("a", "b")):
        run(studio._beats, *before)
        studio._settle_spot()
        assert [studio._spot.is_in(*beat) for beat in ((0, "a"), (1, "b"))] == [True, False]


class ToldDrawer:
    """Draws nothing, and notes what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.orders: list[Order] = []
        self.drawn: list[int] = []

    def carry_out(self, order: Order) -> None:
        self.orders.append(order)

    def draw(self, process: int) -> None:
        self.drawn.append(process)

    def stop(self) -> None:
        pass

    begin_anew = stop


def told(tmp_path: Path, options: SceneOptions | None = None) -> tuple[LiveStudio, ToldDrawer]:
    """Return a studio with a scene, and what has its orders carried out."""
    file = tmp_path / "mine.py"
    file.write_text("from manim import Scene\nclass Mine(Scene):\n    def construct(self): pass\n")
    studio = LiveStudio(choose_scenes([str(file)]), options or SceneOptions())
    drawer = ToldDrawer(tmp_path)
    (tmp_path / "media").mkdir()
    studio._drawer = cast("Drawer", drawer)
    return studio, drawer


def test_the_readers_beat_is_drawn_first_then_those_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pagereel.watch.studio.cores", lambda: 1)
    studio, drawer = told(tmp_path)
    run(studio._beats, *"abcd")
    studio.look(2, 0.5)
    studio._redraw()
    run(studio._beats, *"abcd")
    for beat in (3, 0, 2, 1):  # as their processes come to wait, each with the beat's number
        studio._hear({"event": "waits", "beat": beat, "process": beat})
    studio._hear({"event": "through"})
    for beat in (2, 3, 0, 1):
        assert drawer.drawn[-1] == beat
        studio._hear({"event": "film", "beat": beat, "media": f"{beat}.mp4"})
    assert drawer.drawn == [2, 3, 0, 1]


def test_a_theme_that_is_chosen_reaches_the_scene(tmp_path: Path) -> None:
    studio, drawer = told(tmp_path)
    studio.choose(theme="light")
    assert [order.options.theme for order in drawer.orders] == ["light"]


def test_all_that_a_scene_depends_on_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file, what it has read, story and trace, brand and logo, fonts, settings, our code."""
    monkeypatch.chdir(tmp_path)
    written = {
        "story.toml": 'trace = "trace.jsonl"\n',
        "trace.jsonl": "",
        "brand.toml": 'logo = "logo.svg"\n',
        "logo.svg": "",
        "helper.py": "",
    }
    for name, text in written.items():
        (tmp_path / name).write_text(text)
    options = SceneOptions(story=tmp_path / "story.toml", brand=tmp_path / "brand.toml")
    studio, _ = told(tmp_path, options)
    studio._redraw()
    studio._hear({"event": "inputs", "files": [str(tmp_path / "helper.py")], "modules": []})
    names = {*written, "mine.py", "manim.cfg", "LiberationSerif-Regular.ttf", "studio.py"}
    assert names <= {Path(path).name for path in studio._files._known}
