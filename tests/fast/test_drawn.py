"""What is kept for encoders is what would have been encoded; sections are drawn on their own."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
import zoo
from collected import collect
from manim import DOWN, RIGHT, CairoRenderer, Create, Dot, Scene, Square

from pagereel.errors import RenderError
from pagereel.fast import Drawings, Drawn, RenderSettings, render_scene, write_mp4
from pagereel.fast.shards import cutter as cuts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray


class Told(Scene):
    """Four sections, one of them without images, and dice that all of them throw."""

    def construct(self) -> None:
        square = Square()
        self.play(Create(square), run_time=0.3)
        self.next_section("two")
        self.add_subcaption("It turns.", duration=0.9)
        self.play(square.animate.rotate(1), run_time=0.5)
        self.next_section("left out", skip_animations=True)
        self.wait()
        self.next_section("three")
        dot = Dot().add_updater(lambda dot, dt: dot.shift(dt * RIGHT))
        self.add(dot)
        self.wait(0.7)
        self.next_section("three")
        dot.clear_updaters()
        self.play(dot.animate.shift(DOWN), run_time=0.4)


@pytest.fixture(autouse=True)
def short_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "SECTION_SECONDS", 0.5)
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 1)


def render(
    scene: type[Scene], target: Path, encode: Callable[[Drawings], None] | None, **options: Any
) -> None:
    render_scene(scene, target, RenderSettings(192, 108, 10, **options), encode=encode)


def images_of(drawn: Drawn) -> list[NDArray[Any]]:
    return [
        image for picture in drawn.pictures() for image in [picture.pixels.copy()] * picture.repeat
    ]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("scene", [zoo.Diced, zoo.Sectioned, Told])
def test_kept_images_are_those_drawn(scene: type[Scene], target: Path, jobs: int) -> None:
    kept: list[NDArray[Any]] = []

    def look(drawings: Drawings) -> None:
        assert drawings.whole
        kept.extend(images_of(drawings.whole))

    render(scene, target, look, keep_images=True, exact=True, jobs=jobs)
    for image, drawn in zip(kept, collect(scene, CairoRenderer), strict=True):
        assert (image[:, :, :3] == drawn[:, :, :3]).all()
    assert [*target.parent.iterdir()] == []


@pytest.mark.parametrize("scene", [zoo.Chained, Told])
def test_a_video_of_kept_images_is_the_same(scene: type[Scene], target: Path) -> None:
    def write(drawings: Drawings) -> None:
        assert drawings.whole
        write_mp4(drawings.whole, target)

    render(scene, target, write, keep_images=True)
    kept = target.read_bytes()
    render(scene, target, None)
    assert target.read_bytes() == kept


def test_what_is_missing_is_noticed(target: Path) -> None:
    def damage(drawings: Drawings) -> None:
        assert drawings.whole
        drawings.whole.shards[-1].write_bytes(b"")
        images_of(drawings.whole)

    with pytest.raises(RenderError, match=r"scene: \d+ images instead of 19; the scene does not"):
        render(Told, target, damage, keep_images=True)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("kept", [False, True])
def test_sections(target: Path, jobs: int, *, kept: bool) -> None:
    found: list[tuple[str, str, int]] = []

    def look(drawings: Drawings) -> None:
        assert drawings.whole
        assert drawings.whole.images == 19
        for each in drawings.sections:
            assert sum(shard.exists() for shard in each.shards) == len(each.shards) > 0
            found.append((each.stem, each.name, each.images))

    render(Told, target, look, keep_images=kept, jobs=jobs, sections=("*",))
    assert found == [
        ("scene_0000_autocreated", "autocreated", 3),
        ("scene_0001_two", "two", 5),
        ("scene_0003_three", "three", 7),
        ("scene_0004_three", "three", 4),
    ]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("wanted", ["two", "t[h]*"])
def test_only_what_is_asked_for_is_drawn(target: Path, jobs: int, wanted: str) -> None:
    """And it looks as it does in the whole."""
    span = {"two": slice(3, 8), "t[h]*": slice(8, 19)}[wanted]
    kept: list[NDArray[Any]] = []

    def look(drawings: Drawings) -> None:
        assert drawings.whole is None
        shards = drawings.sections[0].shards[0].parent
        drawn = {shard for each in drawings.sections for shard in each.shards}
        assert {*shards.glob("*.images")} == drawn
        for each in drawings.sections:
            kept.extend(images_of(each))

    render(Told, target, look, keep_images=True, exact=True, jobs=jobs, sections=(wanted,))
    for image, drawn in zip(kept, collect(Told, CairoRenderer)[span], strict=True):
        assert (image[:, :, :3] == drawn[:, :, :3]).all()


def test_an_unknown_section(target: Path) -> None:
    for jobs in (1, 2):
        with pytest.raises(RenderError, match="no section 'five'; sections are autocreated, two, "):
            render(Told, target, None, jobs=jobs, sections=("two", "five"))
    assert [*target.parent.iterdir()] == []


def test_captions_are_cut(target: Path) -> None:
    captions: dict[str, list[tuple[float, float, str]]] = {}

    def look(drawings: Drawings) -> None:
        for each in drawings.sections:
            captions[each.stem[-3:]] = [
                (cut.start.total_seconds(), cut.end.total_seconds(), cut.content)
                for cut in each.subcaptions
            ]

    render(Told, target, look, sections=("two", "t*"))
    assert captions["two"] == [(0, 0.5, "It turns.")]
    assert captions["ree"] == []


# manim leaves the sound file to the garbage collector.
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_sounds_are_cut(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "click.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 44100, 0, "NONE", ""))
        sound.writeframes(np.full(4410, 20000, np.int16).tobytes())

    class Clicking(Scene):
        def construct(self) -> None:
            self.play(Create(Square()), run_time=1)
            self.next_section("loud")
            self.add_sound(str(file), time_offset=0.5)
            self.wait(1)

    def write(drawings: Drawings) -> None:
        write_mp4(drawings.sections[0], target)

    render(Clicking, target, write, jobs=2, sections=("loud",))
    with av.open(str(target)) as container:
        assert container.streams.video[0].frames == 10
        loud = np.concatenate([np.abs(f.to_ndarray()).max(0) for f in container.decode(audio=0)])
        rate = container.streams.audio[0].rate
    assert np.flatnonzero(loud > 0.3)[0] / rate == pytest.approx(0.5, abs=0.05)
