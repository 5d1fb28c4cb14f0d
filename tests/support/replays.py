"""Replays of traces without encoding, and their pictures."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from manim import Camera, ManimColor, tempconfig

from pagereel.film.tape import read_tape
from pagereel.film.timelapse import make_film
from pagereel.stage.film.board import Board
from pagereel.stage.film.scene import TIMES
from pagereel.stage.layout.places import picture_size
from pagereel.stage.theme import theme_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from manim import Mobject
    from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]


@contextmanager
def board_of(
    trace: Path, size: tuple[int, int], media: Path, *, seconds: float = 45, theme: str = "dark"
) -> Iterator[Board]:
    """Give the board of a trace, all frames laid out."""
    width, height = picture_size(*size)
    settings: dict[str, Any] = {
        "pixel_width": size[0],
        "pixel_height": size[1],
        "frame_width": width,
        "frame_height": height,
        "frame_rate": 20,
        "media_dir": str(media),
    }
    with tempconfig(settings), pytest.MonkeyPatch.context() as patch:
        patch.setattr("manim.logger.disabled", True)
        board = Board(
            make_film(read_tape(trace), seconds, TIMES), (width, height), theme=theme_named(theme)
        )
        board.lay_out(1)
        yield board


def photograph(*mobjects: Mobject, theme: str = "dark") -> NDArray[np.uint8]:
    """Return what manim draws of mobjects; shape (height, width, 3)."""
    camera = Camera(background_color=ManimColor(theme_named(theme).background))
    camera.capture_mobjects(mobjects)
    return np.array(camera.pixel_array[..., :3], np.uint8)
