"""The project's own scene, small: drawn as manim draws it, in as many processes as wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from collected import collect
from manim import CairoRenderer, tempconfig
from manim.utils.module_ops import get_module

from pagereel.fast import FastRenderer, RenderSettings, render_scene

if TYPE_CHECKING:
    from manim import Scene

FILE = Path(__file__).parents[2] / "scenes" / "paged_cache.py"

pytestmark = pytest.mark.slow


def test_images_are_manims() -> None:
    size = {"pixel_width": 480, "pixel_height": 270, "frame_rate": 5}
    with tempconfig({**size, "input_file": str(FILE)}):
        scene: type[Scene] = get_module(FILE).PagedCache
        theirs = collect(scene, CairoRenderer)
        exact = collect(scene, FastRenderer, exact=True)
        close = collect(scene, FastRenderer)
    for their, same, near in zip(theirs, exact, close, strict=True):
        assert np.array_equal(their, same)
        apart = np.abs(their.astype(int) - near).max(axis=2)
        assert apart.max() <= 1
        assert np.count_nonzero(apart) <= 4


def test_jobs_change_no_byte(target: Path) -> None:
    data = set()
    for jobs in (1, 3):
        rendered = render_scene((FILE, "PagedCache"), target, RenderSettings(320, 180, 5, jobs))
        data.add(target.read_bytes())
        assert len([*rendered.plan.spans()]) >= 7
        assert len(rendered.subcaptions) >= 7
    assert len(data) == 1
