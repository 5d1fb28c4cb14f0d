"""What the command line says and which exit code it ends with."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

import pytest

from pagereel import cli
from pagereel.assets import TRACES
from pagereel.errors import RenderError
from pagereel.render import command
from pagereel.render.run import RunOptions
from pagereel.render.screen import Outcome
from pagereel.request import Video, cores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pagereel.render.job import Job
    from pagereel.render.screen import Screen
    from tests.cli.conftest import Python

Output = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch

HEAVY = ("manim", "numpy", "av", "cairo", "PIL")
STORY = 'title = "T"\n[pool]\nframes = 8\n[[events]]\narrive = "A"\npages = 1\n'


@pytest.fixture
def here(folder: Path, monkeypatch: Patch) -> Path:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PAGEREEL_STORY", raising=False)
    monkeypatch.delenv("PAGEREEL_THEME", raising=False)
    monkeypatch.delenv("PAGEREEL_BRAND", raising=False)
    monkeypatch.delenv("PAGEREEL_SECONDS", raising=False)
    return folder


def scenes(*names: str) -> str:
    classes = (f"class {name}(Scene):\n    def construct(self): ...\n" for name in names)
    return "".join(("from manim import *\n", *classes))


class Asked:
    """What the command line asks for; nothing is carried out."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.orders: list[RunOptions] = []
        self.codes: dict[str, int] = {}

    def run(self, jobs: Sequence[Job], order: RunOptions, screen: Screen) -> list[Outcome]:
        assert screen
        self.jobs.extend(jobs)
        self.orders.append(order)
        codes = [self.codes.get(job.scene, 0) for job in jobs]
        return [Outcome(job, code, fresh=not code) for job, code in zip(jobs, codes, strict=True)]


@pytest.fixture
def asked(here: Path, monkeypatch: Patch) -> Asked:
    assert here.is_dir()
    asked = Asked()
    monkeypatch.setattr(command, "run", asked.run)
    return asked


@pytest.mark.parametrize("words", [(), ("render",), ("preview",), ("list",), ("doctor",)])
def test_help(words: tuple[str, ...], capsys: Output) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main([*words, "--help"])
    said = capsys.readouterr()
    assert said.out.startswith(" ".join(["usage: pagereel", *words]))
    assert not said.err


def test_help_names_the_commands(capsys: Output) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    said = capsys.readouterr().out
    assert all(f"\n    {name} " in said for name in ("render", "preview", "list", "doctor"))


def test_list(python: Python) -> None:
    done = python("-m", "pagereel", "list")
    line = "PagedCache  scenes/paged_cache.py  A pool of page frames, its free mask, and a row of"
    assert done.stdout.startswith(line)
    assert (done.stdout.count("\n"), done.stderr, done.returncode) == (1, "", 0)


def test_list_of_a_file(here: Path, capsys: Output) -> None:
    (here / "mine.py").write_text(scenes("One", "Two"))
    assert cli.main(["list", "mine.py"]) == 0
    assert capsys.readouterr().out == "One  mine.py\nTwo  mine.py\n"


def test_version(capsys: Output) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--version"])
    assert re.fullmatch(r"pagereel \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


def test_list_has_columns(here: Path, capsys: Output) -> None:
    (here / "scenes" / "another_one.py").write_text(scenes("AsLongAsTheNamesOfScenesCanBe"))
    assert cli.main(["list"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "AsLongAsTheNamesOfScenesCanBe  scenes/another_one.py"
    assert second.index("scenes/") == first.index("scenes/")
    assert second.startswith("PagedCache ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND; see pagereel --help"),
        (
            ["rendr"],
            "argument COMMAND: invalid choice: 'rendr'; did you mean render? known: render, ",
        ),
        (
            ["render", "--qality"],
            "unrecognized arguments: --qality; did you mean --quality?; see pagereel render --help",
        ),
        (["render", "--story"], "argument --story: expected one argument; see pagereel render"),
        (["preview", "--quality", "l"], "unrecognized arguments: --quality"),
        (["render", "-r", "1081,1920"], "argument -r/--resolution: '1081,1920' is not a width and"),
        (["render", "--fps", "0"], "argument --fps: '0' is not a number of images a second"),
        (["render", "--jobs", "0"], "argument --jobs: '0' is not a whole number from 1 to 999"),
        (["list", "--all"], "unrecognized arguments: --all"),
    ],
)
def test_wrong_arguments(arguments: list[str], message: str, capsys: Output) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(arguments)
    said = capsys.readouterr()
    assert said.err.startswith(f"pagereel: {message}")
    assert (said.err.count("\n"), said.out) == (1, "")


def test_nothing_heavy_is_imported(python: Python) -> None:
    code = f"""
import sys
import pagereel.cli
assert pagereel.cli.main(["list"]) == 0
assert pagereel.cli.main(["render", "--story", "none.toml"]) == 2
for arguments in (["--help"], ["render", "--help"], ["rendr"]):
    try:
        pagereel.cli.main(arguments)
    except SystemExit:
        pass
print(sorted(sys.modules.keys() & {HEAVY}))
"""
    done = python("-c", code)
    assert done.stdout.endswith("\n[]\n"), done.stdout + done.stderr


def test_only_the_called_command_is_imported(python: Python) -> None:
    code = """
import sys
import pagereel.cli
for arguments in (["--help"], ["trace", "check", "--help"]):
    try:
        pagereel.cli.main(arguments)
    except SystemExit:
        pass
    print(sorted(name for name in sys.modules if name.endswith(".command")))
"""
    printed = python("-c", code).stdout.splitlines()
    assert printed[0].startswith("usage: pagereel [-h] [--version] COMMAND")
    assert [line for line in printed if line[:1] == "["] == ["[]", "['pagereel.trace.command']"]


def test_the_story_and_the_theme_travel(here: Path, asked: Asked) -> None:
    (here / "story.toml").write_text(STORY)
    assert cli.main(["render", "--story", "story.toml", "--theme", "light"]) == 0
    assert [(str(job.request.options.story), job.request.options.theme) for job in asked.jobs] == [
        ("story.toml", "light")
    ]
    assert asked.jobs[0].kind == "1080p60"


def test_the_environment_counts(here: Path, asked: Asked, monkeypatch: Patch) -> None:
    (here / "story.toml").write_text(STORY)
    monkeypatch.setenv("PAGEREEL_STORY", "story.toml")
    monkeypatch.setenv("PAGEREEL_THEME", "light")
    assert cli.main(["preview"]) == 0
    assert [(str(job.request.options.story), job.request.options.theme) for job in asked.jobs] == [
        ("story.toml", "light")
    ]


def test_options_go_before_the_environment(here: Path, asked: Asked, monkeypatch: Patch) -> None:
    (here / "story.toml").write_text(STORY)
    monkeypatch.setenv("PAGEREEL_STORY", "none.toml")
    monkeypatch.setenv("PAGEREEL_THEME", "none")
    assert cli.main(["render", "--story", "story.toml", "--theme", "dark"]) == 0
    assert [(str(job.request.options.story), job.request.options.theme) for job in asked.jobs] == [
        ("story.toml", "dark")
    ]


def test_a_brand_is_asked_for(here: Path, asked: Asked, monkeypatch: Patch) -> None:
    """Whichever way: it is in the files' names, and what it is made from counts."""
    for name in ("mine", "yours"):
        (here / f"{name}.toml").write_text(f'name = "{name}"\n')
    monkeypatch.setenv("PAGEREEL_BRAND", "yours.toml")
    assert cli.main(["preview"]) == cli.main(["render", "--brand", "mine.toml"]) == 0
    mine = asked.jobs[1]
    assert [str(job.request.options.brand) for job in asked.jobs] == ["yours.toml", "mine.toml"]
    assert [job.stem for job in asked.jobs] == [f"{mine.scene}-yours", f"{mine.scene}-mine"]
    before = mine.inputs
    (here / "mine.toml").write_text('name = "mine"\nline = "ours"\n')
    assert mine.inputs != before


@pytest.mark.parametrize("command", ["render", "preview", "check"])
def test_a_mistake_in_a_brand_ends_the_command(
    command: str, here: Path, asked: Asked, capsys: Output
) -> None:
    (here / "mine.toml").write_text('name = "mine"\ncolors = ["#58C4DD", "#FF862F"]\n')
    assert cli.main([command, "--brand", "mine.toml", "--theme", "light"]) == 2
    assert capsys.readouterr().err == (
        "pagereel: mine.toml:2: colors are for the theme dark, not for light; write colors = "
        "{ dark, light }, two for each\n"
    )
    assert asked.jobs == []


def test_an_empty_environment_is_none(asked: Asked, monkeypatch: Patch) -> None:
    monkeypatch.setenv("PAGEREEL_STORY", "")
    monkeypatch.setenv("PAGEREEL_THEME", "")
    assert cli.main(["render"]) == 0
    assert [(job.request.options.story, job.request.options.theme) for job in asked.jobs] == [
        (None, None)
    ]


@pytest.mark.usefixtures("asked")
def test_what_is_up_to_date_is_said(capsys: Output) -> None:
    assert cli.main(["render", "--quality", "k"]) == 0
    assert (
        capsys.readouterr().out == "media/videos/paged_cache/2160p60/PagedCache.mp4  up to date\n"
    )


@pytest.mark.parametrize(
    ("words", "video"),
    [
        ([], Video(1920, 1080, 60)),
        (["-q", "l"], Video(854, 480, 15)),
        (["--quality", "k"], Video(3840, 2160, 60)),
        (["-q", "m", "-r", "720,1280", "--fps", "25"], Video(720, 1280, 25)),
        (["--exact"], Video(1920, 1080, 60, exact=True)),
        (["--stock"], Video(1920, 1080, 60, stock=True)),
    ],
)
def test_what_the_video_is_to_be(asked: Asked, words: list[str], video: Video) -> None:
    assert cli.main(["render", *words]) == 0
    assert [job.request.video for job in asked.jobs] == [video]


def test_how_it_is_to_be_done(asked: Asked) -> None:
    assert cli.main(["render", "--force", "--jobs", "7", "-v", "--json"]) == 0
    assert cli.main(["preview"]) == 0
    assert asked.orders == [
        RunOptions(force=True, cores=7, verbose=True, json=True),
        RunOptions(cores=cores()),
    ]


def test_scenes_of_a_file(here: Path, asked: Asked) -> None:
    (here / "mine.py").write_text(scenes("One", "Two") + "Hidden = Two\n")
    assert cli.main(["render", "mine.py"]) == 0
    assert cli.main(["render", "mine.py", "Hidden", "Two"]) == 0
    names = [job.scene for job in asked.jobs]
    assert names == ["One", "Two", "Hidden", "Two"]
    assert str(asked.jobs[0].target) == "media/videos/mine/1080p60/One.mp4"


@pytest.mark.parametrize(
    "words",
    [
        ("-q", "l", "mine.py", "One", "Two"),
        ("mine.py", "-q", "l", "One", "Two"),
        ("mine.py", "One", "-q", "l", "Two"),
        ("mine.py", "One", "Two", "-q", "l"),
    ],
    ids=" ".join,
)
def test_options_may_stand_anywhere(here: Path, asked: Asked, words: tuple[str, ...]) -> None:
    (here / "mine.py").write_text(scenes("One", "Two"))
    assert cli.main(["render", *words]) == 0
    assert [job.scene for job in asked.jobs] == ["One", "Two"]
    assert {job.request.video.label for job in asked.jobs} == {"480p15"}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ([], "Told.mp4"),
        (["--theme", "dark"], "Told.mp4"),
        (["--theme", "light"], "Told-light.mp4"),
        (["--story", "my.toml"], "Told-my.mp4"),
        (["-r", "1080,1920"], "Told-9x16.mp4"),
        (["-r", "1080,1080"], "Told-1x1.mp4"),
        (["-r", "1280,720"], "Told.mp4"),
        (["-r", "1000,100"], "Told-1000x100.mp4"),
        (["--story", "my.toml", "--theme", "light", "-r", "540,960"], "Told-my-light-9x16.mp4"),
        (["-o", "docs/cache.gif"], "cache.gif"),
        (["-o", "docs/v1.2-sheet.png"], "v1.2-sheet.png"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_differs_is_another_file(
    here: Path, asked: Asked, words: list[str], name: str
) -> None:
    (here / "my.toml").write_text(STORY)
    begins = "from pagereel.stage.scene import StoryScene\nclass Told(StoryScene):\n"
    says = '    default_story = "paged_cache.toml"\n    def construct(self): ...\n'
    (here / "mine.py").write_text(begins + says)
    assert cli.main(["render", "mine.py", *words]) == 0
    assert asked.jobs[0].target.name == name


def test_scenes_of_others_are_called_as_with_manim(here: Path, asked: Asked) -> None:
    (here / "mine.py").write_text(scenes("One"))
    assert cli.main(["render", "mine.py", "-r", "1080,1080", "--theme", "light"]) == 0
    assert str(asked.jobs[0].target) == "media/videos/mine/1080p60/One.mp4"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-o", "a.avi"], "a.avi: the name of the file has to end with .mp4 or .webm"),
        (["-o", "a.gif", "--format", "mp4"], "a.gif: the name of the file has to end with .mp4"),
        (["-o", ".mp4"], ".mp4: the name of the file has to end"),
        (["-o", "a.mp4", "Two"], "a.mp4: one file for 2 scenes; name one of them"),
        (["-o", "a.mp4", "--format", "mp4,gif"], "a.mp4: one file for several; leave -o out"),
        (["-o", "a.png", "--format", "stills"], "a.png: one file for several; leave -o out"),
        (["-o", "a.mp4", "--section", "a"], "a.mp4: one file for several; leave -o out"),
        (["-o", "folder.mp4"], "folder.mp4: this is a folder; name a file in it"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_file_that_cannot_be(
    here: Path, asked: Asked, words: list[str], says: str, capsys: Output
) -> None:
    (here / "mine.py").write_text(scenes("One", "Two"))
    (here / "folder.mp4").mkdir()
    assert cli.main(["render", "mine.py", "One", *words]) == 2
    assert capsys.readouterr().err.startswith(f"pagereel: {says}")
    assert not asked.jobs


@pytest.mark.usefixtures("asked")
def test_a_scene_that_a_file_does_not_have(here: Path, capsys: Output) -> None:
    (here / "mine.py").write_text(scenes("One", "Two"))
    assert cli.main(["render", "mine.py", "Nope"]) == 2
    message = "pagereel: mine.py: there is no scene 'Nope' in it; known: One, Two\n"
    assert capsys.readouterr() == ("", message)


@pytest.mark.usefixtures("asked")
def test_json_is_all_that_is_said(capsys: Output) -> None:
    assert cli.main(["render", "--json"]) == 0
    said = capsys.readouterr()
    (scene,) = json.loads(said.out)["scenes"]
    assert (scene["scene"], scene["status"], said.err) == ("PagedCache", "up to date", "")


@pytest.mark.parametrize("code", [1, 2, 137])
def test_the_exit_code_of_a_scene_is_handed_on(asked: Asked, code: int, capsys: Output) -> None:
    asked.codes["PagedCache"] = code
    assert cli.main(["render"]) == code
    assert capsys.readouterr() == ("", ""), "it has been said why"


def test_the_worst_of_several_counts(here: Path, asked: Asked, capsys: Output) -> None:
    (here / "scenes" / "two.py").write_text(scenes("One", "Two"))
    asked.codes.update(PagedCache=1, One=2, Two=1)
    assert cli.main(["render"]) == 2
    assert capsys.readouterr().out.count("  failed\n") == 3
    assert cli.main(["render", "Two", "PagedCache"]) == 1


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: object) -> NoReturn:
        raise error

    return fail


@pytest.mark.usefixtures("here")
def test_an_error_is_one_line(monkeypatch: Patch, capsys: Output) -> None:
    monkeypatch.setattr(command, "run", raising(RenderError("a\nb \x1b\udcff ü 漢字")))
    assert cli.main(["render"]) == 2
    assert capsys.readouterr() == ("", "pagereel: a\\nb \\x1b\\udcff ü 漢字\n")


@pytest.mark.usefixtures("here")
def test_an_interrupt(monkeypatch: Patch, capsys: Output) -> None:
    monkeypatch.setattr(command, "run", raising(KeyboardInterrupt()))
    assert cli.main(["render"]) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("schema", "trace"),
        ("trace", "show", f"{TRACES}/three_tasks.jsonl"),
        ("compare", f"{TRACES}/prefix_off_192.jsonl", f"{TRACES}/pages_192.jsonl", "--json"),
    ],
    ids=" ".join,
)
def test_whoever_reads_only_the_beginning_gets_no_traceback(
    python: Python, words: tuple[str, ...]
) -> None:
    code = (
        "import subprocess, sys; process = subprocess.Popen([sys.executable, '-m', 'pagereel', "
        "*sys.argv[1:]], stdout=subprocess.PIPE); process.stdout.close(); print(process.wait())"
    )
    ran = python("-c", code, *words)
    assert (ran.stdout, ran.stderr) == ("141\n", "")


@pytest.mark.usefixtures("here")
def test_a_signal_that_ends_us(monkeypatch: Patch, capsys: Output) -> None:
    def end(*_: object) -> NoReturn:
        signal.raise_signal(signal.SIGTERM)
        raise AssertionError

    monkeypatch.setattr(command, "run", end)
    assert cli.main(["render"]) == 143
    assert capsys.readouterr() == ("", "")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize(
    ("word", "place"), [("render", "media/videos/*/*"), ("preview", "media/previews")]
)
def test_ctrl_c_is_quiet(folder: Path, word: str, place: str) -> None:
    """A terminal sends it to all processes, to the worker too."""
    process = subprocess.Popen(
        (sys.executable, "-m", "pagereel", word),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    # A folder is made just before the worker is started, which then imports for a second or two.
    while not [*folder.glob(f"{place}/.*.partial")]:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.1)
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 130
    assert not [path for path in (folder / "media").rglob("*") if path.is_file()]
