"""Settings for all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from pagereel.languages import ENGLISH
from pagereel.stage.text.fonts import register_fonts, speak

if TYPE_CHECKING:
    from collections.abc import Iterator

# The same examples in every run, and no time limit on machines that are busy with other things.
settings.register_profile("pagereel", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("pagereel")


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "fail rather than skip where there is no browser"
    parser.addoption("--browser", action="store_true", help=words)


@pytest.fixture(autouse=True, scope="session")
def fonts() -> None:
    """Let Pango know our fonts before any test draws a text: afterwards it takes no new ones."""
    register_fonts()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Let parts speak English again after a film in another language."""
    yield
    speak(ENGLISH)
