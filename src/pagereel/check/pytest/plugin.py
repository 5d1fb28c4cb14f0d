"""Fixtures for pytest: `legible` checks a scene, `golden` compares it with golden pictures.

pytest loads this in every project that has pagereel installed, so what draws is imported only when
a test uses a fixture, and manim only in worker processes.
"""

from __future__ import annotations

from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

import pytest

from pagereel.check.output import parse_outputs
from pagereel.check.report import as_text, merge, summary
from pagereel.check.runner import Failed, do_all, run_checks
from pagereel.check.settings import read_settings
from pagereel.discovery import choose_scenes
from pagereel.errors import PagereelError, SceneFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PIL import Image

    from pagereel.check.output import Output

    Task: TypeAlias = tuple[Path, str, Output]

CHANGED = "pagereel-golden"  # a property of a test's report: a golden picture that it changed
_USUAL = "gif 16:9"


@pytest.fixture
def legible(request: pytest.FixtureRequest, tmp_path: Path) -> Legible:
    """Check that the pictures of a scene can be read."""
    return Legible(request.config.rootpath, tmp_path / "stills")


@pytest.fixture
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Golden:
    """Compare a picture of each section of a scene with golden pictures beside the test file."""
    return Golden(request.config.rootpath, request, tmp_path / "golden")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.getgroup("pagereel").addoption(
        "--update-golden", action="store_true", help="make the golden pictures anew; look at them"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the golden pictures that have changed."""
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


@dataclass(frozen=True, slots=True)
class Legible:
    """The value of the fixture `legible`.

    Attributes
    ----------
    root
        The folder that scene files are named from.
    stills
        The folder for pictures of findings.
    """

    root: Path
    stills: Path

    def __call__(
        self,
        file: str | Path,
        scene: str | None = None,
        *,
        at: str = "1080p",
        aspect: str | None = None,
        ignore: Sequence[str] = (),
        rules: Mapping[str, float] | None = None,
    ) -> None:
        """Fail the test if a scene shows anything that viewers could not read.

        Parameters
        ----------
        file
            The scene file, absolute or relative to pytest's root folder.
        scene
            The name of its class; all scenes of the file if not given.
        at, aspect
            Size and shape of the pictures, as for `pagereel check`; several with commas between.
        ignore
            The names of rules to leave out.
        rules
            Thresholds that go before those of `[tool.pagereel.check]` in pyproject.toml, by rule.
        """
        __tracebackhide__ = True
        with _running(self.root, file):
            asked = [
                f"{name}={('off', 'on')[value] if isinstance(value, bool) else value}"
                for name, value in (rules or {}).items()
            ]
            settings = read_settings(Path(file).parent, rules=asked, ignore=ignore)
            outputs = parse_outputs([at], [aspect] if aspect else [])
            scenes = choose_scenes([str(file), *filter(None, [scene])])
            verdict = run_checks(scenes, outputs, settings, stills=self.stills)
        if verdict.failures:
            _fail("\n".join(verdict.failures))
        if verdict.findings:
            found = merge(verdict.findings)
            lines = as_text(found, with_outputs=len(outputs) > 1)
            count = summary(found, scenes=verdict.scenes)
            _fail(f"{count}\n{lines}pictures with the spots outlined: {self.stills}")


@dataclass(frozen=True, slots=True)
class Golden:
    """The value of the fixture `golden`.

    Attributes
    ----------
    root
        The folder that scene files are named from.
    request
        The request of the test.
    failed
        The folder for pictures that show what is wrong.
    """

    root: Path
    request: pytest.FixtureRequest
    failed: Path

    def __call__(
        self,
        file: str | Path,
        scene: str,
        *,
        at: str = "gif",
        aspect: str | None = None,
        tolerance: float = 40,
    ) -> None:
        """Fail the test if a scene does not look as it did when its golden pictures were taken.

        There is one for each section of the scene (manim's `next_section`): the picture after its
        last play or wait, except those at its end that only take things away. It is the file
        `golden/SCENE/INDEX-SECTION.png` beside the test file; for another size or shape than the
        defaults, the folder is `golden/SCENE-SIZE-SHAPE/`.

        Parameters
        ----------
        file
            The scene file, absolute or relative to pytest's root folder.
        scene
            The name of its class.
        at, aspect
            Size and shape of the pictures, as for `pagereel check`; several with commas between.
        tolerance
            How much of 255 any channel of any pixel may differ.
        """
        __tracebackhide__ = True
        wrong = []
        with _running(self.root, file):
            outputs = parse_outputs([at], [aspect] if aspect else [])
            for output in outputs:
                pictures = draw_apart(Path(file), scene, output=output)
                wrong += self._compare(pictures, _folder(scene, output), tolerance)
        if wrong:
            _fail("\n".join((f"{file}: {scene} does not look as it did", *wrong)))

    def _compare(
        self, pictures: Mapping[str, Image.Image], folder: str, tolerance: float
    ) -> list[str]:
        """Compare pictures with the golden ones in a folder; return what is wrong."""
        from pagereel.check.pytest.golden import compare_all  # noqa: PLC0415 (imports numpy)

        found = compare_all(
            pictures,
            self.request.path.parent / "golden" / folder,
            failed=self.failed / folder,
            tolerance=tolerance,
            update=bool(self.request.config.getoption("update_golden")),
        )
        changed = [(CHANGED, f"golden/{folder}/{line}") for line in found.changed]
        self.request.node.user_properties += changed
        return [f"golden/{folder}/{line}" for line in found.wrong]


def draw_apart(file: Path, name: str, *, output: Output) -> dict[str, Image.Image]:
    """Call `pagereel.check.pytest.sections.draw_sections` in a process of its own.

    Raises
    ------
    CheckError
        If the scene raised, ended its process, draws nothing, or is not there.
    """
    sections = "pagereel.check.pytest.sections"
    (answer,) = do_all(_draw_sections, [(file, name, output)], most=1, needs=sections)
    if isinstance(answer, Failed):
        raise SceneFailed(answer.message)
    return answer


def _draw_sections(*task: *Task) -> dict[str, Image.Image]:
    from pagereel.check.pytest.sections import draw_sections  # noqa: PLC0415 (it imports manim)

    return draw_sections(*task)


@contextmanager
def _running(root: Path, file: str | Path) -> Iterator[None]:
    """Name files from the root folder; let a user's mistake fail the test with one line."""
    __tracebackhide__ = True
    if not (root / file).is_file():
        _fail(f"{file}: there is no such file; a relative path begins at pytest's root, {root}")
    try:
        with chdir(root):
            yield
    except PagereelError as error:
        _fail(str(error))


def _folder(scene: str, output: Output) -> str:
    """Return the name of the folder for a scene's golden pictures."""
    if output.label == _USUAL:
        return scene
    return f"{scene}-{output.slug}"


def _fail(message: str) -> NoReturn:
    # As pytest.fail does, but without the traceback that led to it.
    raise pytest.fail.Exception(message, pytrace=False) from None
