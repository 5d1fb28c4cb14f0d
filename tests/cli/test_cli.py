"""What the command line says and which exit code it ends with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pagereel import cli
from pagereel.errors import RenderError
from pagereel.render.run import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.render.job import Job
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
    return folder


@pytest.fixture
def jobs(here: Path, monkeypatch: Patch) -> list[Job]:
    """Give the jobs that the command line asks for; none is carried out."""
    asked: list[Job] = []

    def run(job: Job, *, force: bool) -> Outcome:
        assert not force
        asked.append(job)
        return Outcome(job, 0, 0, fresh=True)

    assert here.is_dir()
    monkeypatch.setattr(cli, "run", run)
    return asked


def ends(monkeypatch: Patch, **outcomes: tuple[int, str]) -> None:
    """Let the rendering of scenes end with exit codes, and with signals where they have names."""

    def run(job: Job, *, force: bool) -> Outcome:
        assert not force
        code, killed_by = outcomes[job.scene.name]
        return Outcome(job, code, 1, killed_by=killed_by)

    monkeypatch.setattr(cli, "run", run)


@pytest.mark.parametrize("command", [(), ("render",), ("preview",), ("list",), ("doctor",)])
def test_help(command: tuple[str, ...], capsys: Output) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main([*command, "--help"])
    said = capsys.readouterr()
    assert said.out.startswith(" ".join(["usage: pagereel", *command]))
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


def test_list_has_columns(here: Path, capsys: Output) -> None:
    scene = "class AsLongAsTheNamesOfScenesCanBe(StoryScene): ..."
    (here / "scenes" / "another_one.py").write_text(scene)
    assert cli.main(["list"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "AsLongAsTheNamesOfScenesCanBe  scenes/another_one.py"
    assert second.index("scenes/") == first.index("scenes/")
    assert second.startswith("PagedCache ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND; see pagereel --help"),
        (["rendr"], "argument COMMAND: invalid choice: 'rendr' (choose from "),
        (["render", "--qality"], "unrecognized arguments: --qality; see pagereel --help"),
        (["render", "--story"], "argument --story: expected one argument; see pagereel render"),
        (["preview", "--quality", "l"], "unrecognized arguments: --quality"),
        (["list", "PagedCache"], "unrecognized arguments: PagedCache"),
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


def test_the_story_and_the_theme_travel(here: Path, jobs: list[Job]) -> None:
    (here / "story.toml").write_text(STORY)
    assert cli.main(["render", "--story", "story.toml", "--theme", "light"]) == 0
    assert [(str(job.story), job.theme) for job in jobs] == [("story.toml", "light")]
    assert jobs[0].kind == "1080p60"


def test_the_environment_counts(here: Path, jobs: list[Job], monkeypatch: Patch) -> None:
    (here / "story.toml").write_text(STORY)
    monkeypatch.setenv("PAGEREEL_STORY", "story.toml")
    monkeypatch.setenv("PAGEREEL_THEME", "light")
    assert cli.main(["preview"]) == 0
    assert [(str(job.story), job.theme) for job in jobs] == [("story.toml", "light")]


def test_options_go_before_the_environment(here: Path, jobs: list[Job], monkeypatch: Patch) -> None:
    (here / "story.toml").write_text(STORY)
    monkeypatch.setenv("PAGEREEL_STORY", "none.toml")
    monkeypatch.setenv("PAGEREEL_THEME", "none")
    assert cli.main(["render", "--story", "story.toml", "--theme", "dark"]) == 0
    assert [(str(job.story), job.theme) for job in jobs] == [("story.toml", "dark")]


def test_an_empty_environment_is_none(jobs: list[Job], monkeypatch: Patch) -> None:
    monkeypatch.setenv("PAGEREEL_STORY", "")
    monkeypatch.setenv("PAGEREEL_THEME", "")
    assert cli.main(["render"]) == 0
    assert [(job.story, job.theme) for job in jobs] == [(None, None)]


@pytest.mark.usefixtures("jobs")
def test_what_is_up_to_date_is_said(capsys: Output) -> None:
    assert cli.main(["render", "--quality", "k"]) == 0
    assert (
        capsys.readouterr().out == "media/videos/paged_cache/2160p60/PagedCache.mp4  up to date\n"
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("code", [1, 2, 3])
def test_the_exit_code_of_a_worker_is_handed_on(
    code: int, monkeypatch: Patch, capsys: Output
) -> None:
    ends(monkeypatch, PagedCache=(code, ""))
    assert cli.main(["render"]) == code
    assert capsys.readouterr() == ("", ""), "the worker has spoken for itself"


@pytest.mark.usefixtures("here")
def test_a_killed_worker_is_reported(monkeypatch: Patch, capsys: Output) -> None:
    ends(monkeypatch, PagedCache=(137, "SIGKILL"))
    assert cli.main(["render"]) == 137
    said = capsys.readouterr()
    assert said.err.startswith("pagereel: PagedCache: SIGKILL ended the rendering; if memory ran")
    assert (said.err.count("\n"), said.out) == (1, "")


def test_the_worst_of_several_counts(here: Path, monkeypatch: Patch) -> None:
    (here / "scenes" / "two.py").write_text("class One(Scene): ...\nclass Two(Scene): ...\n")
    ends(monkeypatch, PagedCache=(1, ""), One=(2, ""), Two=(1, ""))
    assert cli.main(["render"]) == 2
    assert cli.main(["render", "Two", "PagedCache"]) == 1


@pytest.mark.usefixtures("here")
def test_an_error_is_one_line(monkeypatch: Patch, capsys: Output) -> None:
    def fail(_: Job, *, force: bool) -> Outcome:
        raise RenderError(f"a\nb \x1b\udcff ü 漢字 {force}")

    monkeypatch.setattr(cli, "run", fail)
    assert cli.main(["render", "--force"]) == 2
    assert capsys.readouterr() == ("", "pagereel: a\\nb \\x1b\\udcff ü 漢字 True\n")


@pytest.mark.usefixtures("here")
def test_an_interrupt(monkeypatch: Patch, capsys: Output) -> None:
    def interrupt(_: Job, *, force: bool) -> Outcome:
        raise KeyboardInterrupt(force)

    monkeypatch.setattr(cli, "run", interrupt)
    assert cli.main(["render"]) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("command", ["render", "preview"])
def test_ctrl_c_is_quiet(folder: Path, command: str) -> None:
    """A terminal sends it to all processes, to the worker too."""
    process = subprocess.Popen(
        (sys.executable, "-m", "pagereel", command),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline().startswith("PagedCache: rendering ")
    # The worker is starting, or has begun to import.
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 130
    assert not [path for path in (folder / "media").rglob("*") if path.is_file()]
