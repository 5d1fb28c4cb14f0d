"""Settings for all tests.

xdist's main process runs none: it starts the workers sooner as nothing here imports manim at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from manim._config.utils import ManimConfig


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "fail rather than skip where there is no browser"
    parser.addoption("--browser", action="store_true", help=words)


def pytest_configure(config: pytest.Config) -> None:
    """Let hypothesis try the same examples in every run, with no time limit on busy machines."""
    if not config.getoption("numprocesses", None):
        from hypothesis import settings  # noqa: PLC0415

        settings.register_profile("pagereel", deadline=None, derandomize=True, max_examples=60)
        settings.load_profile("pagereel")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was compared of real engines, as the table in docs/recording.md does."""
    engines: dict[str, list[int]] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            noted = dict(report.user_properties)
            if "engine" in noted:
                totals = engines.setdefault(noted["engine"], [0, 0, 0])
                for at, what in enumerate(("events", "snapshots", "differences")):
                    totals[at] += noted[what]
    if engines:
        terminalreporter.section("real engines")
        terminalreporter.line("| engine | events | snapshots | differences |")
        terminalreporter.line("| --- | --- | --- | --- |")
    for engine, totals in sorted(engines.items()):
        terminalreporter.line(f"| {engine} | {' | '.join(f'{total:,}' for total in totals)} |")


@pytest.fixture(autouse=True, scope="session")
def fonts() -> None:
    """Let Pango know our fonts before any test draws a text: afterwards it takes no new ones."""
    from pagereel.stage.text.fonts import register_fonts  # noqa: PLC0415

    register_fonts()


@pytest.fixture(autouse=True, scope="session")
def own_texts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Lay texts out where no other worker does, and where none that was killed has left half."""
    from manim import config  # noqa: PLC0415

    config.text_dir = str(tmp_path_factory.mktemp("texts"))


@pytest.fixture(autouse=True, scope="session")
def own_files() -> Iterator[None]:
    """Let pytest close its files at the end, where a guard has taken them for ours."""
    from pagereel.fast.shards.guard import _Watch  # noqa: PLC0415

    yield
    _Watch.ours = {}


@pytest.fixture(autouse=True, scope="session")
def same_renderer() -> Iterator[None]:
    """Let manim's settings be put back quickly, as `tempconfig` does about 2,500 times.

    At the end of each, manim sets the renderer again, and with it the base classes of all classes
    of mobjects: 25 ms, as Python then has to forget what it knows of them. Here it does so only if
    the renderer is another one.
    """
    from manim import RendererType  # noqa: PLC0415
    from manim._config.utils import ManimConfig  # noqa: PLC0415

    whole: Any = ManimConfig.renderer
    now = RendererType.CAIRO

    def change(config: ManimConfig, value: str | RendererType) -> None:
        nonlocal now
        wanted = RendererType(value.lower() if isinstance(value, str) else value)
        if wanted is not now:
            whole.fset(config, wanted)
            now = wanted
        config._d["renderer"] = wanted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ManimConfig, "renderer", whole.setter(change))
        yield


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Let parts speak English again after a film in another language."""
    from pagereel.languages import ENGLISH  # noqa: PLC0415
    from pagereel.stage.text.fonts import speak  # noqa: PLC0415

    yield
    speak(ENGLISH)
