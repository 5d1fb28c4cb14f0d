"""Scenes are rendered small."""

from __future__ import annotations

from logging import LogRecord
from typing import TYPE_CHECKING

import pytest
from manim import tempconfig

from pagereel.fast.shards import forked
from pagereel.fast.shards.share import Beginning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SMALL = {"pixel_width": 192, "pixel_height": 108, "frame_rate": 10}


@pytest.fixture(autouse=True)
def small(tmp_path: Path) -> Iterator[None]:
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


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork behind the first play or image, however short it is, and however small."""
    monkeypatch.setattr(Beginning, "is_long", True)
    monkeypatch.setattr(forked, "_SMALL", 0)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out" / "scene.mp4"


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what goes to manim's log, whatever other tests have made of its level."""
    lines: list[str] = []

    def info(text: str, *values: object, **_: object) -> None:
        lines.append(LogRecord("manim", 0, "", 0, text, values, None).getMessage())

    monkeypatch.setattr("pagereel.fast.report.logger.info", info)
    return lines
