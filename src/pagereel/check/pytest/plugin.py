"""Fixtures for pytest: `legible` checks a scene, `golden` compares it with kept pictures.

pytest loads this in every project that pagereel is installed for, so manim and all that draws is
imported only by a test that uses a fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.check.pytest.fixtures import CHANGED, Golden, Legible

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def legible(request: pytest.FixtureRequest, tmp_path: Path) -> Legible:
    """Check that the pictures of a scene can be read."""
    return Legible(request.config.rootpath, tmp_path / "stills")


@pytest.fixture
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Golden:
    """Compare a still of each section of a scene with golden pictures beside the test file."""
    return Golden(request.config.rootpath, request, tmp_path / "golden")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.getgroup("pagereel").addoption(
        "--update-golden", action="store_true", help="make the golden pictures anew; look at them"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which golden pictures are other ones now."""
    reports = (report for group in terminalreporter.stats.values() for report in group)
    calls = (report for report in reports if getattr(report, "when", None) == "call")
    changed = [
        f"{report.nodeid}: {line}"
        for report in calls
        for name, line in report.user_properties
        if name == CHANGED
    ]
    if changed:
        terminalreporter.section("golden pictures: look at every one of them")
        terminalreporter.write_line("\n".join(changed))
