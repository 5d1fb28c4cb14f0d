"""Settings for all tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

from pagereel.stage.text.fonts import register_fonts

# The same examples in every run, and no time limit on machines that are busy with other things.
settings.register_profile("pagereel", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("pagereel")


@pytest.fixture(autouse=True, scope="session")
def fonts() -> None:
    """Let Pango know our fonts before any test draws a text: afterwards it takes no new ones."""
    register_fonts()
