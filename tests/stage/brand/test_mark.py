"""Logos that manim cannot draw: one message says it, and nothing is printed besides."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import pytest

from pagereel.errors import BrandError
from pagereel.stage.brand.load import load_brand
from pagereel.stage.brand.mark import draw_mark
from pagereel.stage.layout.places import Spot
from pagereel.stage.theme import DARK

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("M0 0h1e308v1e308h-1e400z", "this logo draws nothing; draw it with filled paths"),
        ('M0 0h1v1z" transform="scale(1e308)', "this logo draws nothing"),
        ('M0 0h1v1z" transform="rotate(1e999)', "this logo "),
    ],
)
def test_what_cannot_be_drawn(
    path: str, says: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><path fill="#F00" d="{path}"/></svg>'
    (tmp_path / "l.svg").write_text(svg)
    (tmp_path / "b.toml").write_text('name = "B"\nlogo = "l.svg"\n')
    brand = load_brand(tmp_path / "b.toml")
    with (
        warnings.catch_warnings(action="error"),
        pytest.raises(BrandError, match=re.escape(says)) as caught,
    ):
        draw_mark(brand, DARK, Spot.at(0, 0, 1, width=4, align=0))
    assert len(str(caught.value)) < 300
    assert capfd.readouterr() == ("", "")
