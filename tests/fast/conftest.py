"""Scenes are rendered small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manim import tempconfig

from pagereel.stage.text.outline import _register_fonts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SMALL = {"pixel_width": 192, "pixel_height": 108, "frame_rate": 10}


@pytest.fixture(autouse=True, scope="session")
def fonts() -> None:
    """Let Pango know our fonts before it draws a text: tests of the stage may come after these."""
    _register_fonts()


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("manim.logger.disabled", False)  # boards of other tests may still be open
    settings = {
        **SMALL,
        "media_dir": str(tmp_path / "media"),
        "disable_caching": True,
        "progress_bar": "none",
        "verbosity": "ERROR",
        "seed": 7,
    }
    with tempconfig(settings):
        yield


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out" / "scene.mp4"
