"""A scene takes its story, its theme and its picture from outside, and says what is wrong."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from manim import CairoRenderer, Create, Square, config, tempconfig
from manim.utils.exceptions import EndSceneEarlyException
from traces import event, header, text_of

from pagereel.errors import PagereelError, StageError, StoryError
from pagereel.fast import FastRenderer, RenderSettings, render_scene
from pagereel.fast.draw.painter import Painter
from pagereel.glyphs import no_font_has
from pagereel.request import SceneOptions
from pagereel.stage.parts.rows import TaskRows, fitting_names
from pagereel.stage.text import fonts
from pagereel.stage.timing import Pace

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pagereel.stage.scene import StoryScene

    Play = Callable[..., StoryScene]

ROOT = Path(__file__).parents[2]
HEAD = 'title = "T"\n[pool]\nframes = {frames}\n'


def story(tmp_path: Path, events: list[str], *, frames: int | str = 16) -> Path:
    path = tmp_path / "my.toml"
    blocks = "".join(f"[[events]]\n{event}\n" for event in events)
    path.write_text(HEAD.format(frames=frames) + blocks, encoding="utf-8")
    return path


def arrivals(tasks: int, pages: int = 1) -> list[str]:
    return [f'arrive = "{name}"\npages = {pages}' for name in "ABCDEFGH"[:tasks]]


@pytest.mark.parametrize(
    ("events", "frames", "line", "says"),
    [
        (arrivals(1), 4096, 3, "a pool of 4096 frames"),
        (arrivals(1), 17, 3, "a pool of 17 frames"),
        (arrivals(6), 16, 19, "event 6 (arrive F): 6 tasks at once"),
        ([*arrivals(1, 8), 'expand = "A"'], 16, 7, "event 2 (expand A): A has 9 pages"),
    ],
)
def test_more_than_the_scene_shows(
    play: Play, tmp_path: Path, events: list[str], frames: int, line: int, says: str
) -> None:
    path = story(tmp_path, events, frames=frames)
    with pytest.raises(StoryError) as caught:
        play(story=path)
    can = "PagedCache shows pools of up to 16 frames, 5 tasks at once, 8 pages a task"
    assert str(caught.value) == f"{path}:{line}: {says}; {can}"


def test_more_slots_of_a_tier_than_the_scene_shows(play: Play, tmp_path: Path) -> None:
    events = [*arrivals(1), 'offload = "host"\nslots = [40]\nframes = [0]']
    events += [event.replace("40", f"{slot}") for slot in range(16) for event in events[1:2]]
    path = story(tmp_path, events, frames="8\ntiers = {host = 64}")
    with pytest.raises(StoryError) as caught:
        play(story=path)
    says = "17 slots of the tier host are used, but at most 16 can be drawn"
    assert str(caught.value).startswith(f"{path}:4: {says}; PagedCache shows pools of up to 16")


def test_a_trace_with_more_than_the_scene_shows(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    path.write_text(text_of(header(frames=17), event(1, "arrive", "A", frames=[16])))
    with pytest.raises(StoryError) as caught:
        play(story=path)
    assert str(caught.value) == (
        f"{path}:1: a pool of 17 frames; "
        "PagedCache shows pools of up to 16 frames, 5 tasks at once, 8 pages a task; "
        "take a part with pagereel trace cut, or show all of it with pagereel replay"
    )


@pytest.mark.slow
def test_names_for_which_there_is_no_room_are_cut_and_explained(play: Play, tmp_path: Path) -> None:
    names = [f"conversation-{letter}42" for letter in "abcde"]
    events = [
        *(f'arrive = "{name}"\nframes = [{frame}]' for frame, name in enumerate(names)),
        *[f'expand = "{names[0]}"'] * 7,
    ]
    path = story(tmp_path, events)
    wide = play(story=path, aspect="16:9").stage.part(TaskRows)
    scene = play(story=path, aspect="1:1")
    square = scene.stage.part(TaskRows)
    said = [caption.content for caption in scene.renderer.file_writer.subcaptions]
    assert wide.shortened == {}
    assert [*square.shortened.values()] == names
    assert [*square.shortened] == ["#1", "#2", "#3", "#4", "#5"], "cut, they would be alike"
    explained = "".join(
        caption for caption in said if "conversation" in caption and " is " in caption
    )
    assert all(f"{short} is {name}" in explained for short, name in square.shortened.items())


def test_names_keep_their_beginning_and_their_end() -> None:
    tasks = ["request-7", "r", "request-42"]
    assert [*fitting_names(tasks, 99).values()] == tasks
    assert fitting_names(tasks, 4.5) == dict(zip(tasks, ["req…7", "r", "req…2"], strict=True))
    assert fitting_names(tasks[::2], 1) == {"request-7": "#1", "request-42": "#2"}


def test_a_caption_that_is_too_wide(play: Play, tmp_path: Path) -> None:
    path = story(tmp_path, [f'arrive = "A"\npages = 1\ncaption = "{"W" * 100}"'])
    with pytest.raises(StoryError) as caught:
        play(story=path)
    assert str(caught.value).startswith(f"{path}:4: event 1 (arrive A): the text 'WWW")
    assert str(caught.value).endswith("is too wide for this picture; shorten it")


@pytest.mark.parametrize(("key", "length"), [("title", 40), ("tagline", 80)])
def test_a_title_that_is_too_wide(play: Play, tmp_path: Path, key: str, length: int) -> None:
    path = story(tmp_path, arrivals(1))
    text = path.read_text(encoding="utf-8").replace('title = "T"\n', "")
    title = "" if key == "title" else 'title = "T"\n'
    path.write_text(f'# a comment\n{key} = "{"W" * length}"\n{title}{text}', encoding="utf-8")
    with pytest.raises(StoryError, match=r"my\.toml:2: the text 'W+' is too wide"):
        play("1:1", story=path)


# Scripts for which few systems have a font.
RARE = (
    "\N{KHITAN SMALL SCRIPT CHARACTER-18B01}\N{LINEAR A SIGN AB001}\N{SIGNWRITING HAND-FIST INDEX}"
)


@pytest.mark.parametrize(
    ("key", "place"), [("title", "1:"), ("caption", "8: event 2 (expand A):"), ("tagline", "2:")]
)
def test_a_character_that_no_font_has(play: Play, tmp_path: Path, key: str, place: str) -> None:
    rare = next(each for each in RARE if no_font_has(each))
    path = story(tmp_path, [*arrivals(1), 'expand = "A"\ncaption = "T"'])
    text = 'title = "T"\ntagline = "T"' + path.read_text(encoding="utf-8").removeprefix(
        'title = "T"'
    )
    path.write_text(text.replace(f'{key} = "T"', f'{key} = "a {rare}"'), encoding="utf-8")
    with pytest.raises(StoryError) as caught:
        play(story=path)
    assert str(caught.value) == (
        f"{path}:{place} no font here has {rare!r} (U+{ord(rare):04X}) for 'Liberation Serif'; "
        "write it otherwise, or install a font that has it"
    )


def test_a_chinese_letter_that_no_font_has(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: {"Pagereel CJK"})
    path = story(tmp_path, [*arrivals(1), 'expand = "A"\ncaption = "页框龘"'])
    with pytest.raises(StoryError) as caught:
        play(story=path)
    assert str(caught.value) == (
        f"{path}:7: event 2 (expand A): no font here has '龘' (U+9F98) for a text in Chinese; "
        "install Noto Serif CJK, or write it otherwise"
    )
    text = path.read_text(encoding="utf-8").replace("页框龘", "").replace('caption = ""', "")
    path.write_text(text.replace('"A"', '"龘"'), encoding="utf-8")
    with pytest.raises(
        StoryError, match=r"my\.toml:4: event 1 \(arrive 龘\): no font here has '龘'"
    ):
        play(story=path)


def test_an_unknown_theme(play: Play) -> None:
    with pytest.raises(StageError, match="no theme 'sepia'"):
        play(theme="sepia")


@pytest.mark.parametrize("pixels", [(1920, 1080), (1080, 1920), (1000, 1000), (854, 480)])
def test_nothing_is_stretched(paged_cache: ModuleType, pixels: tuple[int, int]) -> None:
    """manim keeps 14.2 x 8 units whatever the pixels are (manim #949)."""
    width, height = pixels
    with tempconfig({"pixel_width": width, "pixel_height": height, "format": "none"}):
        camera = paged_cache.PagedCache().camera
        assert camera.frame_width / camera.frame_height == pytest.approx(width / height)
        assert (config.frame_width, config.frame_height) == (
            camera.frame_width,
            camera.frame_height,
        )


def test_render_ends_with_one_line(
    paged_cache: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PAGEREEL_STORY", str(tmp_path / "none.toml"))
    with tempconfig({"format": "none"}), pytest.raises(SystemExit) as ended:
        paged_cache.PagedCache().render()
    assert ended.value.code == 2
    assert isinstance(ended.value.__cause__, PagereelError)
    error = capsys.readouterr().err
    assert error.startswith("pagereel: ")
    assert error.count("\n") == 1


def test_a_finished_tasks_row_is_used_again(play: Play, tmp_path: Path) -> None:
    rows: dict[str, int] = {}

    def keep(scene: StoryScene) -> None:
        for task, row in scene.stage.part(TaskRows).rows.items():
            rows[task] = row.index

    events = [*arrivals(2), 'finish = "A"', 'arrive = "C"\npages = 1', 'arrive = "D"\npages = 1']
    play(story=story(tmp_path, events), at_rest=keep)
    assert rows == {"A": 0, "B": 1, "C": 0, "D": 2}


@pytest.mark.parametrize(("opener", "opens"), [("true", True), ("no-such-program", False)])
def test_preview_needs_a_program(paged_cache: ModuleType, opener: str, opens: bool) -> None:  # noqa: FBT001
    """`manim -p` on a machine without a desktop renders all the same."""
    with tempconfig({"format": "mp4", "preview": True, "preview_command": opener}):
        scene = paged_cache.PagedCache()
    assert scene.session_spec.presentation.open_after_render is opens


def test_it_is_drawn_fast_unless_told_otherwise(
    paged_cache: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command `manim` makes a scene without arguments, its magic for notebooks with None."""
    with tempconfig({"format": "none"}):
        for scene in (paged_cache.PagedCache(), paged_cache.PagedCache(renderer=None)):
            assert type(scene.renderer) is FastRenderer
        mine = CairoRenderer()
        assert paged_cache.PagedCache(renderer=mine).renderer is mine
        monkeypatch.setenv("PAGEREEL_STOCK", "1")
        assert type(paged_cache.PagedCache().renderer) is CairoRenderer


@pytest.mark.parametrize("skips", [True, False])
def test_plays_can_be_skipped(
    paged_cache: ModuleType, monkeypatch: pytest.MonkeyPatch, *, skips: bool
) -> None:
    drawn: list[object] = []

    def draw(_: Painter, shown: object) -> NoReturn:
        drawn.append(shown)
        raise EndSceneEarlyException

    monkeypatch.setattr(Painter, "draw", draw)
    with tempconfig({"format": "none", "pixel_width": 192, "pixel_height": 108, "frame_rate": 5}):
        scene = paged_cache.PagedCache(skip_animations=skips)
        scene.setup()
        with suppress(EndSceneEarlyException):
            scene.wait()
    assert bool(drawn) != skips


@pytest.mark.parametrize("fps", [1, 2, 7, 23.976, 24, 60])
def test_rounding_to_whole_images_does_not_add_up(fps: float) -> None:
    pace, seconds = Pace(fps), [0.4, 0.2, 0.6, 0.8, 0.6, 1.4] * 9
    images = [pace.images(each) for each in seconds]
    assert sum(images) == pytest.approx(sum(seconds) * fps, abs=0.501)
    assert all(abs(each * fps - shown) <= 1 for each, shown in zip(seconds, images, strict=True))
    if fps == 60:
        assert images == [round(each * fps) for each in seconds]
        assert pace.ahead == 0


@pytest.mark.parametrize("fps", [2, 3, 23.976, 24])
def test_a_movement_of_one_image_is_not_too_short_for_manim(
    paged_cache: ModuleType, caplog: pytest.LogCaptureFixture, fps: float
) -> None:
    with tempconfig({"format": "none", "pixel_width": 96, "pixel_height": 54, "frame_rate": fps}):
        scene = paged_cache.PagedCache()
        for _ in range(3):
            scene.move(Create(Square()), seconds=0.7 / fps)
        assert scene.time * fps == pytest.approx(2)
    assert not caplog.records


@pytest.mark.slow
@pytest.mark.parametrize("scene", ["paged_cache.PagedCache", "replay.Replay"])
def test_a_story_is_equally_long_at_every_rate(tmp_path: Path, scene: str) -> None:
    """At 2 images a second many movements have none; at 24, few have a whole number of them."""
    file, name = scene.split(".")
    lengths = []
    for fps in (2, 15, 24):
        settings = RenderSettings(
            width=96, height=54, fps=fps, keep_images=True, sections=("opening",)
        )
        with SceneOptions(seconds=15).in_environment():
            writer = render_scene(
                (ROOT / f"scenes/{file}.py", name),
                tmp_path / "a.mp4",
                settings,
                encode=lambda _: None,
            )
        lengths.append(writer.plan.length / fps)
    assert lengths == pytest.approx([lengths[1]] * 3, abs=1 / 2)
    assert lengths[2] == pytest.approx(lengths[1], abs=1 / 24)
