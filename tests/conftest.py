"""Settings for all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings

if TYPE_CHECKING:
    import pytest

# The same examples in every run, and no time limit on machines that are busy with other things.
settings.register_profile("pagereel", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("pagereel")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="make the golden pictures anew; look at them"
    )
