"""`pagereel check`, with a check that finds what the scene files say."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import stand_in

from pagereel import cli
from pagereel.check import runner

if TYPE_CHECKING:
    from tests.cli.conftest import Python

Output = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch

HEAVY = ("manim", "numpy", "av", "cairo", "PIL")
FINDS = """\
def check(scene, output, settings, stills):
    for rule in ("too-short", "flash"):
        if settings.limit(rule, output) is not None:
            yield 3, rule
from manim import Scene
class Mine(Scene):
    def construct(self): ...
"""
SCENE = "from manim import Scene\nclass Mine(Scene):\n    def construct(self): ...\n"
CLEAN = f"def check(*_):\n    return []\n{SCENE}"
FAILS = """\
from pagereel.errors import SceneFailed
def check(scene, output, settings, stills):
    if output.name == "gif":
        yield 2, "flash"
    else:
        raise SceneFailed("mine.py: the scene raised\\n  a line\\x1b[2J\\nValueError: no")
from manim import Scene
class Mine(Scene):
    def construct(self): ...
"""


@pytest.fixture
def here(folder: Path, monkeypatch: Patch) -> Path:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PAGEREEL_STORY", raising=False)
    monkeypatch.delenv("PAGEREEL_THEME", raising=False)
    monkeypatch.setattr(runner, "_check_scene", stand_in.check_scene)
    monkeypatch.setattr(runner, "_SESSION", "stand_in")
    return folder


def file(text: str, name: str = "mine.py") -> str:
    Path(name).write_text(text)
    return name


@pytest.mark.usefixtures("here")
def test_clean(capsys: Output) -> None:
    assert cli.main(["check", file(CLEAN)]) == 0
    assert capsys.readouterr() == ("", "no findings in 1 scene\n")


@pytest.mark.usefixtures("here")
def test_findings(capsys: Output) -> None:
    assert cli.main(["check", file(FINDS), "Mine", "--rule", "flash=5"]) == 1
    assert capsys.readouterr() == (
        "mine.py:3 flash flash is broken\nmine.py:3 too-short too-short is broken\n",
        "2 findings in 1 scene\n",
    )


@pytest.mark.usefixtures("here")
def test_several_outputs(capsys: Output) -> None:
    outputs = ("--at", "gif,1080p", "--aspect", "1:1", "--ignore", "flash", "--jobs", "1")
    assert cli.main(["check", file(FINDS), *outputs]) == 1
    assert capsys.readouterr() == (
        "mine.py:3 too-short too-short is broken [gif 1:1, 1080p 1:1]\n",
        "1 finding in 1 scene\n",
    )


def test_the_scenes_of_the_folder(here: Path, capsys: Output) -> None:
    (here / "scenes" / "paged_cache.py").write_text(CLEAN.replace("Mine", "One"))
    (here / "scenes" / "other.py").write_text(FINDS)
    assert cli.main(["check", "--format", "json", "--jobs", "1"]) == 1
    said = capsys.readouterr()
    places = [(found["file"], found["scene"], found["rule"]) for found in json.loads(said.out)]
    assert places == [
        ("scenes/other.py", "Mine", "flash"),
        ("scenes/other.py", "Mine", "too-short"),
    ]
    assert said.err == ""
    assert cli.main(["check", "One"]) == 0


def test_pyproject_counts_that_is_nearest_to_the_file(here: Path, capsys: Output) -> None:
    (here / "docs").mkdir()
    text = '[tool.pagereel.check]\nignore = ["flash"]\ntoo-short = false\n'
    (here / "docs" / "pyproject.toml").write_text(text)
    assert cli.main(["check", file(FINDS, "docs/mine.py")]) == 0
    assert cli.main(["check", file(FINDS)]) == 1
    assert capsys.readouterr().err == "no findings in 1 scene\n2 findings in 1 scene\n"


@pytest.mark.usefixtures("here")
def test_a_scene_that_raises(capsys: Output) -> None:
    """What others found is reported, too."""
    assert cli.main(["check", file(FAILS), "--at", "1080p,gif", "--jobs", "1"]) == 2
    said = capsys.readouterr()
    assert said.out == "mine.py:2 flash flash is broken [gif 16:9]\n"
    assert said.err == (
        "1 finding in 1 scene\n"
        "pagereel: mine.py: the scene raised [1080p 16:9]\n  a line\\x1b[2J\nValueError: no\n"
    )


@pytest.mark.usefixtures("here")
def test_where_nothing_could_be_checked_nothing_is_counted(capsys: Output) -> None:
    assert cli.main(["check", file(FAILS)]) == 2
    assert capsys.readouterr() == (
        "",
        "pagereel: mine.py: the scene raised\n  a line\\x1b[2J\nValueError: no\n",
    )


@pytest.mark.usefixtures("here")
def test_a_folder_for_pictures(capsys: Output) -> None:
    text = (
        "def check(scene, output, settings, stills):\n    (stills / 'a').touch()\n    return []\n"
        f"{SCENE}"
    )
    assert cli.main(["check", file(text), "--stills", "out/stills"]) == 0
    assert Path("out/stills/a").exists()
    assert cli.main(["check", file(text), "--stills", "mine.py"]) == 2
    message = "pagereel: --stills: mine.py cannot be made: File exists; name a folder that can be"
    assert capsys.readouterr().err.splitlines()[-1].startswith(message)


def test_story_and_theme_travel(here: Path, monkeypatch: Patch) -> None:
    (here / "s.toml").write_text(
        'title = "T"\n[pool]\nframes = 8\n[[events]]\narrive = "A"\npages = 1\n'
    )
    monkeypatch.setenv("PAGEREEL_THEME", "light")
    text = """\
import os
def check(*_):
    with open("told", "a") as told:
        print(os.environ["PAGEREEL_STORY"], os.environ["PAGEREEL_THEME"], file=told)
    return []
from manim import Scene
class Mine(Scene):
    def construct(self): ...
"""
    options = ("--story", "s.toml", "--theme", "dark")
    assert cli.main(["check", file(text), *options]) == 0
    assert cli.main(["check", file(text)]) == 0
    assert (here / "told").read_text().splitlines() == ["s.toml dark", " light"]
    assert os.environ["PAGEREEL_THEME"] == "light"
    assert "PAGEREEL_STORY" not in os.environ


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.py"], "none.py: there is no such file; check the path"),
        (
            ["Pagedcache"],
            "there is no scene 'Pagedcache' in scenes/; did you mean PagedCache? known: ",
        ),
        (["--at", "8k"], "--at: unknown output '8k'; known: 480p, 720p"),
        (["--aspect", "4:3"], "--aspect: unknown shape '4:3'; shapes are 16:9, 9:16, 1:1"),
        (["--rule", "flsh=3"], "--rule: unknown rule 'flsh'; did you mean flash?"),
        (["--ignore", "flsh"], "--ignore: unknown rule 'flsh'; did you mean flash?"),
        (["--story", "none.toml"], "none.toml: there is no such file; check the path"),
    ],
)
def test_wrong_input(arguments: list[str], message: str, capsys: Output) -> None:
    assert cli.main(["check", *arguments]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"pagereel: {message}")
    assert (said.err.count("\n"), said.out) == (1, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--jobs", "0"],
            "argument --jobs: '0' is not a whole number from 1 to 999; see pagereel ch",
        ),
        (["--jobs", "-1"], "argument --jobs: '-1' is not a whole number from 1 to 999"),
        (["--jobs", "1000"], "argument --jobs: '1000' is not a whole number from 1 to 999"),
        (["--jobs", "9" * 5000], "argument --jobs: '999"),
        (["--jobs", "²"], "argument --jobs: '²' is not a whole number from 1 to 999"),
        (["--format", "xml"], "argument --format: invalid choice: 'xml'; known: text, json, "),
    ],
)
def test_wrong_options(arguments: list[str], message: str, capsys: Output) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["check", *arguments])
    said = capsys.readouterr()
    assert said.err.startswith(f"pagereel: {message}")
    assert (said.err.count("\n"), said.out) == (1, "")


# What a process begins with that finds the same modules as we do, and the stand-in for the check.
BEGIN = f"""
import sys
sys.path[:] = {sys.path!r}
import stand_in
from pagereel import cli
from pagereel.check import runner
runner._check_scene, runner._SESSION = stand_in.check_scene, "stand_in"
"""


def test_nothing_heavy_is_imported(folder: Path, python: Python) -> None:
    """Not for help, not for mistakes, and not beside the workers."""
    (folder / "mine.py").write_text(CLEAN)
    code = f"""{BEGIN}
assert cli.main(["check", "none.py"]) == 2
assert cli.main(["check", "mine.py", "--at", "gif,480p", "--jobs", "1"]) == 0
try:
    cli.main(["check", "--help"])
except SystemExit:
    pass
print(sorted(sys.modules.keys() & {HEAVY}))
"""
    done = python("-c", code)
    assert done.stdout.startswith("usage: pagereel check")
    assert "  text-too-small      22 px (not under 9 px; GIF: 9 px)\n" in done.stdout
    assert done.stdout.endswith("\n[]\n"), done.stdout + done.stderr


def test_what_a_scene_prints_is_not_the_report(folder: Path, python: Python) -> None:
    (folder / "mine.py").write_text(f"def check(*_):\n    print('hello')\n    return []\n{SCENE}")
    done = python("-c", f"{BEGIN}\nsys.exit(cli.main(['check', 'mine.py']))")
    assert (done.stdout, done.stderr) == ("", "hello\nno findings in 1 scene\n")


def test_ctrl_c_ends_all_workers(folder: Path) -> None:
    """A terminal sends it to all processes."""
    (folder / "mine.py").write_text("""
import multiprocessing, os, signal, time
lock = multiprocessing.get_context("spawn").Lock()  # tqdm has one, for manim
def check(scene, output, *_):
    open(f"{output.name}.pid", "w").write(str(os.getpid()))
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    os.write(2, b"blocked\\n" if signal.SIGINT in blocked else b"open\\n")
    time.sleep(60)
from manim import Scene
class Mine(Scene):
    def construct(self): ...
""")
    code = f"{BEGIN}\nsys.exit(cli.main(['check', 'mine.py', '--at', '1080p,gif', '--jobs', '2']))"
    process = subprocess.Popen(
        (sys.executable, "-c", code),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr
    assert [process.stderr.readline(), process.stderr.readline()] == ["blocked\n"] * 2
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == 130
    for name in ("1080p.pid", "gif.pid"):
        with pytest.raises(ProcessLookupError):
            os.kill(int((folder / name).read_text()), 0)
