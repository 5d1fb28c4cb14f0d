"""The file: complete, in order, the same however many draw it, and what is said about it."""

from __future__ import annotations

import re
import subprocess
import sys
import wave
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
import zoo
from collected import collect
from heard import Heard
from manim import (
    RIGHT,
    CairoRenderer,
    Create,
    Dot,
    FadeIn,
    Paragraph,
    Rotate,
    Scene,
    Square,
    Text,
    Transform,
    tempconfig,
)
from manim.utils.module_ops import get_module
from PIL import Image

from pagereel.errors import RenderError, RequestError
from pagereel.fast import FastRenderer, FastWriter, NothingMoves, RenderSettings, render_scene
from pagereel.fast.shards import cutter as cuts
from pagereel.fast.shards.crew import Crew
from pagereel.files import Scratch

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


class Long(Scene):
    """Several shards: jumped over, stepped through, cut in the middle of a play."""

    def construct(self) -> None:
        square = Square().shift(RIGHT)
        self.play(Create(square), run_time=1)
        self.next_section("second")
        self.wait(1.5)
        self.next_section("third")
        self.play(square.animate.rotate(1), run_time=1)
        dot = Dot().add_updater(lambda mob, dt: mob.shift(dt * RIGHT))
        self.add(dot)
        self.wait(3)
        dot.clear_updaters()
        self.play(Rotate(square), run_time=1)
        self.wait(0.5)


class Broken(Scene):
    def construct(self) -> None:
        self.play(Create(Square()), run_time=1.5)
        self.wait(0.5)
        raise LookupError("the scene's own")


class Hidden(Scene):
    def construct(self) -> None:
        self.next_section("left out", skip_animations=True)
        self.wait()


@pytest.fixture(autouse=True)
def short_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "SECTION_SECONDS", 0.5)
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 1)


def render(scene: type[Scene], target: Path, **options: Any) -> FastWriter:
    return render_scene(scene, target, RenderSettings(192, 108, 10, **options))


def left_over(target: Path) -> list[Path]:
    return [path for path in target.parent.glob("*") if path != target]


def images_of(path: Path) -> list[NDArray[Any]]:
    with av.open(str(path)) as container:
        return [image.to_ndarray(format="gray") for image in container.decode(video=0)]


def packets_of(path: Path) -> list[tuple[Fraction, Fraction, bool]]:
    with av.open(str(path)) as container:
        return [
            (packet.pts * packet.time_base, packet.dts * packet.time_base, packet.is_keyframe)
            for packet in container.demux(video=0)
            if packet.pts is not None and packet.dts is not None
        ]


def test_images_come_at_a_constant_rate_and_each_shard_begins_with_a_key_frame(
    target: Path,
) -> None:
    rendered = render(Long, target)
    packets = packets_of(target)
    length = rendered.plan.length
    assert sorted(shown for shown, _, _ in packets) == [Fraction(i, 10) for i in range(length)]
    assert [came for _, came, _ in packets] == [Fraction(i - 1, 10) for i in range(length)]
    assert all(shown >= came for shown, came, _ in packets)
    firsts = [sum(rendered.plan.counts[:index]) for index in range(len(rendered.plan.counts))]
    assert {index for index, (_, _, key) in enumerate(packets) if key} >= set(firsts)
    assert rendered.plan.length == 80
    assert max(rendered.plan.counts) < 20
    assert left_over(target) == []


def test_there_are_no_b_frames_where_detail_counts_more_unless_a_camera_may_move(
    target: Path,
) -> None:
    late = []
    for scene in (Long, zoo.Zooming):
        for detailed in (False, True):
            render(type(scene.__name__, (scene,), {"detailed": detailed}), target)
            late.append(any(shown != decoded for shown, decoded, _ in packets_of(target)))
    assert late == [True, False, True, True]


def test_what_is_seen_is_what_was_drawn(target: Path) -> None:
    drawn = collect(Long, CairoRenderer)
    render(Long, target)
    for image, seen in zip(drawn, images_of(target), strict=True):
        luma = 16 + image[:, :, :3] @ np.array([0.2126, 0.7152, 0.0722]) * 219 / 255
        assert np.abs((luma - 16) * 255 / 219 - seen).mean() < 1.5


def test_the_file_starts_fast_and_says_its_colours(target: Path) -> None:
    render(zoo.Morphed, target)
    data = target.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(target)) as container:
        context = container.streams.video[0].codec_context
        assert context.pix_fmt == "yuv420p"
        tags = context.color_range, context.colorspace, context.color_primaries, context.color_trc
        assert tags == (1, 1, 1, 1)


@pytest.mark.parametrize("scene", [Long, zoo.Sectioned, zoo.Diced, zoo.Chained, zoo.Zooming])
def test_jobs_change_no_byte(scene: type[Scene], target: Path) -> None:
    one = render(scene, target)
    data = target.read_bytes()
    many = render(scene, target, jobs=3)
    assert target.read_bytes() == data
    assert many.plan.counts == one.plan.counts
    assert (many.subcaptions, many.sounds) == (one.subcaptions, one.sounds)
    assert left_over(target) == []


def test_sections_and_subcaptions_are_kept(target: Path) -> None:
    rendered = render(zoo.Sectioned, target, jobs=2)
    spans = [(span.section.name, span.first, span.end) for span in rendered.plan.spans()]
    assert spans == [("one", 0, 4), ("three", 4, 10)]
    assert [subcaption.content for subcaption in rendered.subcaptions] == [
        "It comes.",
        "It is red.",
    ]


def test_named_sections_are_chapters_of_the_file(target: Path) -> None:
    render(zoo.Sectioned, target, jobs=2)
    with av.open(str(target)) as container:
        chapters = [
            (
                chapter["metadata"]["title"],
                float(chapter["start"] * (chapter["time_base"] or 0)),
                float(chapter["end"] * (chapter["time_base"] or 0)),
            )
            for chapter in container.chapters()
        ]
    assert chapters == [("one", 0, 0.4), ("three", 0.4, 1)]
    render(zoo.Morphed, target)
    with av.open(str(target)) as container:
        assert container.chapters() == []


def test_an_error_of_the_scene_comes_as_it_is_and_leaves_nothing(target: Path) -> None:
    for jobs in (1, 2):
        with pytest.raises(LookupError, match="own"):
            render(Broken, target, jobs=jobs)
        assert list(target.parent.glob("*")) == []


def test_workers_are_stopped_before_their_folder_is_removed(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    for owner, name in ((Crew, "kill"), (Scratch, "remove")):
        monkeypatch.setattr(owner, name, noting(order, getattr(owner, name)))
    with pytest.raises(LookupError, match="own"):
        render(Broken, target, jobs=2)
    assert order.index("kill") < order.index("remove")


def noting(order: list[str], function: Callable[..., Any]) -> Callable[..., Any]:
    def noted(*values: Any, **named: Any) -> Any:
        order.append(function.__name__)
        return function(*values, **named)

    return noted


class Silent(Scene):
    def construct(self) -> None:
        self.add(Square())


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_scene_without_images_is_refused(jobs: int, target: Path) -> None:
    with pytest.raises(RenderError, match="shows nothing"):
        render(Hidden, target, jobs=jobs)
    assert not target.exists()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_scene_that_neither_plays_nor_waits_is_a_still(
    jobs: int, target: Path, tmp_path: Path
) -> None:
    with pytest.raises(NothingMoves, match="so it is a still; take --format png") as caught:
        render(Silent, target, jobs=jobs)
    assert not target.exists()
    height, width, _ = caught.value.pixels.shape
    manims = {"pixel_width": width, "pixel_height": height, "media_dir": str(tmp_path)}
    with tempconfig({**manims, "format": "png", "preview": False}):
        scene = Silent()
        scene.render()
        file = scene.renderer.file_writer.image_file_path
    assert np.array_equal(np.asarray(Image.open(file)), caught.value.pixels)
    assert caught.value.pixels[..., :3].any()


class Refused(Scene):
    def construct(self) -> None:
        raise RuntimeError("the scene has no play calls")


def test_an_error_of_the_scene_is_not_taken_for_manims(target: Path) -> None:
    with pytest.raises(RuntimeError, match="the scene has no play calls"):
        render(Refused, target)


def test_a_scene_that_is_not_there_is_named(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "scenes.py"
    file.write_text("Scene = 3\n")
    with pytest.raises(RequestError, match="no scene 'Scene' in it; no class in it is a scene"):
        render_scene((file, "Scene"), target)


# Private-use characters of the last plane: no font has them.
ONE, TWO, THREE = "\U0010fa57", "\U0010fa58", "\U0010fa59"


class Boxed(Scene):
    """Characters that no font has: the first of them is there three times."""

    def construct(self) -> None:
        word = Text(f"{ONE}a")
        self.play(FadeIn(word), run_time=0.5)
        self.play(Transform(word, Text(f"a{TWO}{ONE}")), run_time=0.5)
        self.play(FadeIn(Paragraph("a", f"{THREE}{ONE}")), run_time=0.5)


def test_each_character_that_no_font_has_is_noted_once(target: Path) -> None:
    heard, first = Heard(), Boxed.construct.__code__.co_firstlineno
    render_scene(Boxed, target, RenderSettings(192, 108, 10, 1), heard)
    assert heard.notes == [
        f"test_render.py:{first + line}: no font here has {name!r} (U+{ord(name):X}) for the "
        "default font"
        for line, name in ((2, ONE), (3, TWO), (4, THREE))
    ]


def test_progress_is_told(target: Path) -> None:
    for jobs in (1, 2):
        heard = Heard()
        rendered = render_scene(Long, target, RenderSettings(192, 108, 10, jobs), heard)
        assert heard.counts[-1] == rendered.plan.length
        assert heard.counts == sorted(heard.counts)


def test_transparent_videos_are_left_to_manim(tmp_path: Path) -> None:
    with tempconfig({"transparent": True, "format": "mov"}):
        scene = zoo.Morphed(renderer=FastRenderer())
        scene.render()
        (video,) = (tmp_path / "media").rglob("Morphed.mov")
    with av.open(str(video)) as container:
        alpha = next(container.decode(video=0)).to_ndarray(format="rgba")[:, :, 3]
    assert alpha.min() == 0
    assert alpha.max() > 0


def test_alone_it_renders_where_manim_would(tmp_path: Path) -> None:
    with tempconfig({"format": "mp4"}):
        zoo.Sectioned(renderer=FastRenderer()).render()
    (video,) = (tmp_path / "media").rglob("*.mp4")
    assert len(packets_of(video)) == 10
    assert "It comes." in video.with_suffix(".srt").read_text()
    assert left_over(video) == [video.with_suffix(".srt")]


def test_a_scene_of_ones_own_can_ask_for_it(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As docs/render.md says; `manim` and we make the same of it."""
    page = (Path(__file__).parents[2] / "docs" / "render.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "mine.py"
    file.write_text(code, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [*sys.path])  # manim adds the file's folder
    render_scene((file, "Mine"), target, RenderSettings(192, 108, 10))
    with tempconfig({"input_file": str(file)}):
        get_module(file).Mine().render()
    (video,) = (tmp_path / "media").rglob("Mine.mp4")
    assert video.read_bytes() == target.read_bytes()


def test_alone_it_leaves_nothing_of_a_scene_with_an_error(tmp_path: Path) -> None:
    with tempconfig({"format": "mp4"}), pytest.raises(LookupError):
        Broken(renderer=FastRenderer()).render()
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


# manim leaves the sound file to the garbage collector.
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_sounds_are_heard_when_they_should_be(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "click.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 44100, 0, "NONE", ""))
        sound.writeframes(np.full(4410, 20000, np.int16).tobytes())

    class Clicking(Scene):
        def construct(self) -> None:
            self.play(Create(Square()), run_time=1)
            self.add_sound(str(file), time_offset=0.5)
            self.wait(2)

    rendered = render(Clicking, target, jobs=2)
    assert rendered.sounds == [str(file)]
    with av.open(str(target)) as container:
        loud = np.concatenate([np.abs(f.to_ndarray()).max(0) for f in container.decode(audio=0)])
        rate = container.streams.audio[0].rate
    assert np.flatnonzero(loud > 0.3)[0] / rate == pytest.approx(1.5, abs=0.05)
    assert len(packets_of(target)) == rendered.plan.length == 30


@pytest.mark.slow
def test_importing_it_starts_nothing() -> None:
    code = "import sys, pagereel.fast; print('pagereel.stage' in sys.modules)"
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
