"""What manim itself is asked for, and how a scene's file changes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from manim import Scene, Square, config, tempconfig
from PIL import Image
from planning import video_job

from pagereel.fast import NothingMoves
from pagereel.render.manims import _render, keep_still, placed, read_scene, typed
from pagereel.request import Asked, Video

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.discovery import SceneSource

SMALL = Video(64, 36, 10, stock=True)
RED: Any = np.full((36, 64, 4), (255, 0, 0, 255), dtype=np.uint8)


class Still(Scene):
    def construct(self) -> None:
        self.add(Square(fill_opacity=1))


def test_manims_settings_are_those_of_its_command_line(scene: SceneSource) -> None:
    request = video_job(scene, SMALL).request
    size = {"pixel_width": 64, "pixel_height": 36, "frame_rate": 10}
    file = {"input_file": str(scene.file)}
    assert typed(request) == {**file, **size, "format": "auto"}
    assert typed(replace(request, asked=Asked(), seed=7)) == {**file, **size, "seed": 7}


def test_what_the_scenes_file_sets_counts(scene: SceneSource) -> None:
    job = video_job(scene, SMALL, asked=Asked(size=(64, 36), stock=True))
    scene.file.write_text(
        "from manim import *\nconfig.frame_rate = 5\n"
        "class SomeScene(Scene):\n    def construct(self): self.wait()\n"
    )
    with tempconfig({}):
        found, changed = read_scene(job)
        assert config.frame_rate == 5
    assert found.__name__ == "SomeScene"
    assert changed.request.video == Video(64, 36, 5, stock=True)


def test_a_scene_in_which_nothing_moves_is_a_still(scene: SceneSource, tmp_path: Path) -> None:
    settings = placed(video_job(scene, SMALL), "mp4", tmp_path) | {"progress_bar": "none"}
    says = "Still: nothing plays or waits"
    with tempconfig(settings), pytest.raises(NothingMoves, match=says) as caught:
        _render(Still)
    assert caught.value.pixels[18, 32].tolist() == [255, 255, 255, 255]


def test_a_still_is_kept_unless_a_video_was_asked_for(scene: SceneSource, tmp_path: Path) -> None:
    nothing = NothingMoves("SomeScene", RED)
    job = video_job(scene, SMALL, asked=Asked(), sections=("*",))
    kept = keep_still(nothing, job, tmp_path)
    assert (kept.request.formats, kept.request.sections) == (("png",), ())
    with Image.open(tmp_path / "SomeScene.png") as picture:
        assert np.array_equal(np.asarray(picture), RED)
    asked = replace(job, request=replace(job.request, asked=Asked(formats=("mp4",))))
    with pytest.raises(NothingMoves):
        keep_still(nothing, asked, tmp_path)
