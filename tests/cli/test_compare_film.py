"""`pagereel compare A B -o FILE`: a film of two traces."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pagereel import cli
from pagereel.assets import TRACES
from pagereel.compare.comparison import Comparison
from pagereel.render import command
from pagereel.render.screen import Outcome
from pagereel.request import SceneOptions, TracePair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.render.job import Job
    from pagereel.render.run import RunOptions

    Output = pytest.CaptureFixture[str]
    Patch = pytest.MonkeyPatch

A, B = "pool_pressure.jsonl", "preempt.jsonl"


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: Patch) -> list[tuple[Job, RunOptions]]:
    monkeypatch.chdir(tmp_path)
    for name in (A, B):
        shutil.copy2(TRACES / name, name)
    jobs: list[tuple[Job, RunOptions]] = []

    def run(given: Sequence[Job], options: RunOptions, *_: object) -> list[Outcome]:
        jobs.extend((job, options) for job in given)
        return [Outcome(job, 0, fresh=True) for job in given]

    monkeypatch.setattr(command, "run", run)
    return jobs


def test_a_film_is_planned(planned: list[tuple[Job, RunOptions]]) -> None:
    words = ["--name", "abort", "-o", "x/out.gif", "--seconds", "30", "--aspect", "1:1"]
    assert cli.main(["compare", A, B, *words, "--theme", "light"]) == 0
    ((job, options),) = planned
    assert job.target == Path("x/out.gif")
    assert job.alone
    assert (job.request.scene, job.request.video.width, job.request.video.height) == (
        "Compare",
        540,
        540,
    )
    pair = TracePair(Path(A).absolute(), Path(B).absolute(), ("abort", None))
    assert job.request.options == SceneOptions(theme="light", seconds=30, pair=pair)
    (comparison,) = options.read
    assert isinstance(comparison, Comparison)
    assert comparison.names[0] == "abort"


def test_without_a_file_it_is_a_table(
    planned: list[tuple[Job, RunOptions]], capsys: Output
) -> None:
    assert cli.main(["compare", A, B]) == 0
    assert not planned
    assert "4 requests" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([A, B, "-o", "x.png"], "x.png: the name of the file has to end with"),
        ([A, "-", "-o", "x.mp4"], "-: a film is made of traces in files"),
        ([A, B, "--json", "-o", "x.mp4"], "--json writes no film; leave out --json or -o"),
        ([A, "promo.jsonl", "-o", "x.mp4"], "promo.jsonl"),
        ([A, B, "-o", B], f"{B}: the name of the file has to end with"),
    ],
)
def test_what_is_refused(
    planned: list[tuple[Job, RunOptions]], capsys: Output, words: list[str], says: str
) -> None:
    assert cli.main(["compare", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
    assert len(line) <= 300
    assert not planned


@pytest.mark.parametrize("length", ["19", "121", "long"])
def test_a_length_that_is_refused(
    planned: list[tuple[Job, RunOptions]], capsys: Output, length: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["compare", A, B, "-o", "x.mp4", "--seconds", length])
    assert "is not a number of seconds from 20 to 120" in capsys.readouterr().err
    assert not planned


def test_the_pair_travels_to_other_processes(monkeypatch: Patch) -> None:
    pair = TracePair(Path("a b.jsonl"), Path("ü.jsonl"), (None, 'prefix "on"'))
    options = SceneOptions(pair=pair)
    for name, value in options.environment().items():
        monkeypatch.setenv(name, value)
    assert SceneOptions.from_environment() == options
    assert options.source == pair.first
