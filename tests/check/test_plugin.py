"""The fixtures in a project that knows nothing of pagereel but its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

import pagereel.check.session  # noqa: F401 (what an inner pytest is the first to import, it forgets)

pytest_plugins = ["pytester"]

SCENE = """
from manim import DOWN, UP, FadeIn, Scene, Square, Text


class Mine(Scene):
    def construct(self):
        self.play(FadeIn(Square({side}, fill_opacity=1).shift(DOWN)), run_time=0.2)
        self.next_section("the text")
        self.add(Text("readable", font_size=48).scale_to_fit_width(9).shift(2 * UP))
        self.wait()


class Raises(Scene):
    def construct(self):
        self.play(FadeIn(Square()))
        {{}}["key"]
"""
TEST = """
def test_mine({fixture}):
    {fixture}("scenes/mine.py", "Mine"{more})
"""


class Project:
    """A folder with a scene and a test, and pytest in it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.golden = pytester.path / "tests" / "golden"
        for name in ("scenes", "tests"):
            (pytester.path / name).mkdir()
        (pytester.path / "pytest.ini").touch()
        self.scene()

    def scene(self, side: float = 3) -> None:
        text = SCENE.format(side=side)
        (self.pytester.path / "scenes" / "mine.py").write_text(text)

    def test(self, fixture: str, more: str = "", text: str = TEST) -> None:
        path = self.pytester.path / "tests" / "test_mine.py"
        path.write_text(text.format(fixture=fixture, more=more))

    def run(self, *options: str) -> tuple[int, str]:
        """Run pytest; return its exit code and what it says.

        Without the summary, which where the variable CI is set repeats all that a failure said.
        """
        done = self.pytester.runpytest_inprocess("-p", "no:cacheprovider", "-rN", *options)
        return done.ret, done.stdout.str()

    def pictures(self) -> list[str]:
        return sorted(str(path.relative_to(self.golden)) for path in self.golden.rglob("*.png"))


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    return Project(pytester)


def test_loading_it_imports_nothing_heavy(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it(pytestconfig):
            assert pytestconfig.pluginmanager.hasplugin("pagereel")
            heavy = {"manim", "numpy", "PIL", "av", "pagereel.stage", "pagereel.check.session"}
            assert not heavy & set(sys.modules)
        """
    )
    done = pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=1)


@pytest.mark.slow
@pytest.mark.parametrize("cores", [[], ["-n", "1"]], ids=["alone", "xdist"])
def test_in_a_process_of_its_own(project: Project, cores: list[str]) -> None:
    small = 'legible("scenes/mine.py", "Mine", at="480p", rules={{"text-too-small": 400}})'
    text = f"{TEST}\ndef test_other(legible):\n    {small}\n"
    project.test("golden", text=text, more=', at="128x72"')
    options = ("-W", "error", "-p", "no:cacheprovider", "--update-golden", *cores)
    done = project.pytester.runpytest_subprocess(*options)
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(
        [
            "scenes/mine.py:* text-too-small *",
            "*golden pictures: look at every one of them*",
            "tests/test_mine.py::test_mine: golden/Mine-128x72-16x9/01-autocreated.png is new",
        ]
    )
    assert project.pictures() == [
        f"Mine-128x72-16x9/{name}.png" for name in ("01-autocreated", "02-the-text")
    ]


def test_a_missing_golden_picture_fails(project: Project) -> None:
    project.test("golden")
    code, said = project.run()
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "golden/Mine/01-autocreated.png is missing" in said
    assert "pytest --update-golden takes it" in said
    assert project.pictures() == []


def test_golden_pictures_are_taken_and_hold(project: Project) -> None:
    project.test("golden")
    code, said = project.run("--update-golden")
    assert code == 0
    assert "tests/test_mine.py::test_mine: golden/Mine/02-the-text.png is new" in said
    assert project.pictures() == ["Mine/01-autocreated.png", "Mine/02-the-text.png"]
    assert project.run()[0] == 0
    code, said = project.run("--update-golden")
    assert code == 0
    assert "look at every one" not in said


@pytest.mark.slow
def test_a_changed_scene_fails_with_a_picture(project: Project) -> None:
    project.test("golden")
    project.run("--update-golden")
    project.scene(side=3.5)
    code, said = project.run()
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "scenes/mine.py: Mine does not look as it did" in said
    (line,) = (line for line in said.splitlines() if "Mine/02-the-text.png differs by" in line)
    with Image.open(line.rsplit(": ", maxsplit=1)[1]) as sheet:
        assert sheet.size == (960, 3 * 540)


@pytest.mark.slow
def test_each_size_and_shape_has_its_own(project: Project) -> None:
    project.test("golden", ', at="128x72", aspect="16:9,1:1"')
    assert project.run("--update-golden")[0] == 0
    assert {name.split("/")[0] for name in project.pictures()} == {
        *("Mine-128x72-16x9", "Mine-128x72-1x1")
    }
    project.scene(side=3.5)
    assert project.run()[0] == pytest.ExitCode.TESTS_FAILED
    project.test("golden", ', at="128x72", aspect="16:9,1:1", tolerance=255')
    assert project.run()[0] == 0


@pytest.mark.slow
def test_findings_are_listed_as_on_the_command_line(project: Project) -> None:
    project.test("legible", ', at="480p,720p", rules={"text-too-small": 400}')
    code, said = project.run()
    assert code == pytest.ExitCode.TESTS_FAILED
    (line,) = (line for line in said.splitlines() if line.startswith("scenes/mine.py:10 text-too-"))
    assert line.endswith("[480p 16:9, 720p 16:9]")
    folder = said.split("pictures with the spots outlined: ")[1].splitlines()[0]
    assert [path for path in Path(folder).iterdir() if path.suffix == ".png"]


@pytest.mark.slow
def test_what_is_ignored_is_no_finding(project: Project) -> None:
    project.test("legible", ', at="480p", rules={"text-too-small": 400, "tiny-shape": False}')
    code, said = project.run()
    assert code == pytest.ExitCode.TESTS_FAILED
    assert said.count("scenes/mine.py:") == 1
    project.test("legible", ', at="480p", rules={"text-outside": 30}, ignore=["text-outside"]')
    assert project.run()[0] == 0


@pytest.mark.parametrize("fixture", ["golden", "legible"])
def test_a_scene_that_raises_fails_with_the_users_lines_only(
    project: Project, fixture: str
) -> None:
    project.test(fixture, text=TEST.replace("Mine", "Raises"))
    code, said = project.run()
    assert code == pytest.ExitCode.TESTS_FAILED
    place = project.pytester.path / "scenes" / "mine.py"
    assert f'File "{place}", line 16, in construct' in said
    assert "KeyError: 'key'" in said
    assert said.count("File ") == 1


@pytest.mark.parametrize("fixture", ["golden", "legible"])
@pytest.mark.parametrize(
    ("call", "says"),
    [
        ('("mine.py", "Mine")', "mine.py: there is no such file; a relative path begins at"),
        (
            '("scenes/mine.py", "Main")',
            "mine.py: there is no scene 'Main' in it; did you mean Mine? known: Mine, Raises",
        ),
        ('("scenes/mine.py", "Mine", at="big")', "--at: unknown output 'big'"),
    ],
    ids=["file", "scene", "size"],
)
def test_what_can_be_mended_is_said_in_a_line(
    project: Project, fixture: str, call: str, says: str
) -> None:
    project.test(fixture, text=f"def test_mine({fixture}):\n    {fixture}{call}\n")
    code, said = project.run()
    assert code == pytest.ExitCode.TESTS_FAILED
    assert says in said
    assert "Traceback" not in said
    assert "plugin.py" not in said


@pytest.mark.parametrize("fixture", ["golden", "legible"])
def test_nothing_of_a_scene_is_left_behind(project: Project, fixture: str) -> None:
    for folder, side in (("scenes", 3), ("more", 5)):
        (project.pytester.path / folder).mkdir(exist_ok=True)
        (project.pytester.path / folder / "helper.py").write_text(f"SIDE = {side}\n")
        (project.pytester.path / folder / "mine.py").write_text(
            "from helper import SIDE\nfrom manim import Scene, Square, config\n"
            "config.frame_height = 20\n\n"
            "class Mine(Scene):\n    def construct(self):\n"
            "        open('pytest.ini').close()\n"
            f"        assert SIDE == {side}\n        self.add(Square(8))\n        self.wait()\n"
        )
    project.test(
        fixture,
        text="""
import os, sys
from manim import config

ROOT = os.getcwd()

def state():
    files = [str(getattr(module, "__file__", None)) for module in sys.modules.values()]
    here = {{file for file in files if file.startswith(ROOT)}}
    return here, [*sys.path], os.getcwd(), dict(config)

def test_mine({fixture}, monkeypatch):
    monkeypatch.chdir("tests")
    for folder in "scenes", "more":
        before = state()
        {fixture}(folder + "/mine.py", "Mine", at="128x72"{more})
        assert state() == before
""",
        more=', ignore=["empty-half"]' if fixture == "legible" else "",
    )
    code, said = project.run("--update-golden")
    assert code == 0, said
