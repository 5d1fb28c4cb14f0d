"""What the page says of an error."""

from __future__ import annotations

from pathlib import Path

from pagereel.errors import StockNeeded
from pagereel.watch.drawing.faults import fault_of


def test_a_scene_that_only_manim_draws_is_said_to_be_so() -> None:
    fault = fault_of(StockNeeded("it brings a renderer of its own, Mine"), Path("mine.py"))
    assert fault == {
        "message": "this scene cannot be watched: it brings a renderer of its own, Mine; "
        "`pagereel render` has manim draw it",
        "file": None,
        "line": None,
        "text": "",
    }
