"""Replays of traces without encoding, and their pictures."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from manim import Camera, ManimColor, tempconfig
from told import MEDIA

from pagereel.film.tape import read_tape
from pagereel.film.timelapse import make_film
from pagereel.stage.film.chart import PoolChart
from pagereel.stage.film.counters import Counters
from pagereel.stage.film.film_part import Clock, Heading
from pagereel.stage.film.grid import PoolGrid
from pagereel.stage.film.scene import TIMES, Board
from pagereel.stage.film.strip import TaskStrip
from pagereel.stage.film.tiers import Tiers
from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.grid_over_chart import grid_over_chart
from pagereel.stage.layout.places import picture_size
from pagereel.stage.part import Parts, Stage
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.theme import theme_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from manim import Mobject
    from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
PARTS = Parts(
    heading=Heading,
    caption=CaptionBar,
    grid=PoolGrid,
    tiers=Tiers,
    chart=PoolChart,
    clock=Clock,
    strip=TaskStrip,
    counters=Counters,
)


@contextmanager
def board_of(
    trace: Path, size: tuple[int, int], *, seconds: float = 45, theme: str = "dark"
) -> Iterator[Board]:
    """Give the board of a trace, all frames laid out."""
    width, height = picture_size(*size)
    settings: dict[str, Any] = {
        "pixel_width": size[0],
        "pixel_height": size[1],
        "frame_width": width,
        "frame_height": height,
        "frame_rate": 20,
        "media_dir": str(MEDIA),
    }
    with tempconfig(settings), pytest.MonkeyPatch.context() as patch:
        patch.setattr("manim.logger.disabled", True)
        film = make_film(read_tape(trace), seconds, TIMES)
        stage = Stage(
            PARTS,
            film,
            size=(width, height),
            theme=theme_named(theme),
            arrangement=Arrangement(grid_over_chart),
        )
        stage.part(PoolGrid).grid.lay_out(1)
        yield Board(film, stage)


def photograph(*mobjects: Mobject, theme: str = "dark") -> NDArray[np.uint8]:
    """Return what manim draws of mobjects; shape (height, width, 3)."""
    camera = Camera(background_color=ManimColor(theme_named(theme).background))
    camera.capture_mobjects(mobjects)
    return np.array(camera.pixel_array[..., :3], np.uint8)
