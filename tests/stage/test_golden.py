"""Every beat of PagedCache looks as it did when somebody looked at it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from golden import compare
from manim import Camera
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable

    from pagereel.stage.scene import StoryScene

    Play = Callable[..., StoryScene]

GOLDEN = Path(__file__).parent / "golden"
BEATS = {
    "opening",
    "a-arrives",
    "a-expands",
    "b-arrives",
    "c-arrives",
    "a-expands-again",
    "a-finishes",
    "b-expands",
    "closing",
}
FULLEST = {"a-expands-again"}
LOOKS = {
    "wide": ((960, 540), "dark", BEATS),
    "tall": ((540, 960), "dark", FULLEST),
    "square": ((540, 540), "dark", FULLEST),
    "light": ((960, 540), "light", FULLEST),
}


@pytest.mark.parametrize("look", LOOKS)
def test_beats(play: Play, look: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    size, theme, beats = LOOKS[look]
    stills: dict[str, Image.Image] = {}

    def keep(scene: StoryScene) -> None:
        # The last rest of a beat, before its caption leaves, is the one to look at.
        beat = scene.renderer.file_writer.sections[-1].name
        if beat in beats and "Wait" in str(scene.animations):
            stills[beat] = still(scene)

    play(size=size, theme=theme, at_rest=keep)
    assert set(stills) == beats
    wrong = []
    for beat, picture in stills.items():
        golden = GOLDEN / f"{look}-{beat}.png"
        if pytestconfig.getoption("update_golden"):
            picture.save(golden, optimize=True)
        wrong.append(compare(picture, golden, tmp_path / golden.name))
    assert not [*filter(None, wrong)]


def still(scene: StoryScene) -> Image.Image:
    camera = scene.camera
    assert isinstance(camera, Camera)
    camera.reset()
    Camera.capture_mobjects(camera, scene.mobjects)  # the tests' own camera is blind
    return camera.get_image().convert("RGB")


def test_a_missing_golden_picture_fails(tmp_path: Path) -> None:
    wrong = compare(Image.new("RGB", (8, 8)), tmp_path / "none.png", tmp_path / "failed.png")
    assert wrong is not None
    assert "missing" in wrong


@pytest.mark.parametrize(
    ("box", "verdict"), [((30, 30, 30, 31), "same"), ((30, 30, 32, 40), "other")]
)
def test_a_stroke_of_a_digit_is_seen(
    tmp_path: Path, box: tuple[int, int, int, int], verdict: str
) -> None:
    golden = Image.new("RGB", (64, 64), "#0F1218")
    golden.save(tmp_path / "golden.png")
    ImageDraw.Draw(golden).rectangle(box, fill="#9AA4B2")
    wrong = compare(golden, tmp_path / "golden.png", tmp_path / "failed.png")
    assert (wrong is None) == (verdict == "same")
    assert (tmp_path / "failed.png").is_file() == (verdict == "other")
