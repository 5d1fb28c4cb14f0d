"""Scenes in worker processes, with a check that does what the scene files say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import stand_in

from pagereel.check import runner
from pagereel.check.output import parse_outputs
from pagereel.check.runner import Verdict, run_checks
from pagereel.check.settings import Settings
from pagereel.discovery import SceneSource
from pagereel.errors import CheckError

ONE = parse_outputs(["1080p"])
TWO = parse_outputs(["1080p", "gif"])

FINDS = """\
def check(scene, output, settings, stills):
    yield 2, "flash"
    yield 3, "tiny-shape"  # pagereel: ignore[tiny-shape, too-short]
"""
FAILS = """\
from pagereel.errors import SceneFailed, StoryError
def check(scene, output, settings, stills):
    if output.name == "gif":
        yield 2, "flash"
    else:
        raise SceneFailed(f"bad.py: the scene raised\\n  line 1\\n  line 2 \\x1b {scene}")
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runner, "_check_scene", stand_in.check_scene)
    monkeypatch.setattr(runner, "_SESSION", "stand_in")
    return tmp_path


def scene(file: str, text: str, name: str = "Mine") -> SceneSource:
    Path(file).write_text(text)
    return SceneSource(Path(file), name)


def found(verdict: Verdict) -> list[tuple[str, str, str]]:
    return [(finding.place.file.name, finding.rule, finding.output) for finding in verdict.findings]


def test_no_scene_finds_what_another_has_left() -> None:
    text = """
import os
def check(scene, output, settings, stills):
    assert not hasattr(os, "left_behind")
    os.left_behind = scene
    return []
"""
    scenes = [scene("a.py", text, name) for name in ("A", "B")]
    assert run_checks(scenes, TWO, Settings(), jobs=1) == Verdict([], 2, [])
    assert not hasattr(os, "left_behind")


def test_the_order_is_that_of_the_question_whoever_is_quicker() -> None:
    """Each in a process of its own, at one time: the first scene waits for the second."""
    slow = f"""
import os, pathlib, time
def check(*_):
    assert os.getpid() != {os.getpid()}
    end = time.monotonic() + 20
    while not pathlib.Path("quick").exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    yield 1, "flash"
"""
    quick = """
def check(*_):
    open("quick", "w").close()
    yield 1, "too-short"
    yield 1, "flash"
"""
    scenes = [scene("slow.py", slow), scene("quick.py", quick)]
    verdict = run_checks(scenes, ONE, Settings(), jobs=2)
    assert found(verdict) == [
        ("slow.py", "flash", "1080p 16:9"),
        ("quick.py", "too-short", "1080p 16:9"),
        ("quick.py", "flash", "1080p 16:9"),
    ]
    assert verdict.scenes == 2


def test_what_is_kept_for_one_output_is_found_for_the_next_until_all_are_checked() -> None:
    text = """
def check(scene, output, *_):
    (media / f"{scene}-{output.name}").touch()
    for number, _ in enumerate(media.glob('[AB]-*'), 1):
        yield number, "flash"
    yield 7, f"{media}"
"""
    scenes = [scene("a.py", text, name) for name in ("A", "B")]
    lines = [finding.place.line for finding in run_checks(scenes, TWO, Settings()).findings]
    # A and B for the first output, then for the second: no two play the same scene at one time.
    assert lines == [1, 7, 1, 2, 3, 7, 1, 2, 7, 1, 2, 3, 4, 7]
    places = {finding.rule for finding in run_checks(scenes, ONE, Settings()).findings} - {"flash"}
    (media,) = map(Path, places)
    assert not media.exists()


def test_comments_silence() -> None:
    assert found(run_checks([scene("a.py", FINDS)], ONE, Settings())) == [
        ("a.py", "flash", "1080p 16:9")
    ]


def test_a_wrong_comment_stops_before_anything_is_run() -> None:
    text = "def check(*_):\n    raise SystemExit  # pagereel: ignore[flsh]\n"
    with pytest.raises(CheckError, match=r"a\.py:2: unknown rule 'flsh'"):
        run_checks([scene("a.py", text)], ONE, Settings())


def test_a_scene_that_raises_does_not_stop_the_others() -> None:
    scenes = [scene("bad.py", FAILS, "Bad"), scene("good.py", FINDS)]
    verdict = run_checks(scenes, TWO, Settings())
    assert found(verdict) == [
        ("bad.py", "flash", "gif 16:9"),
        ("good.py", "flash", "1080p 16:9"),
        ("good.py", "flash", "gif 16:9"),
    ]
    text = "bad.py: the scene raised [1080p 16:9]\n  line 1\n  line 2 \\x1b Bad"
    assert verdict.failures == [text]
    assert verdict.scenes == 2


def test_equal_failures_are_said_once() -> None:
    text = FAILS.replace('output.name == "gif"', "False")
    verdict = run_checks([scene("bad.py", text)], TWO, Settings())
    assert verdict.failures == ["bad.py: the scene raised\n  line 1\n  line 2 \\x1b Mine"]
    assert verdict.scenes == 0


def test_a_file_that_raises_is_said_once() -> None:
    text = FAILS.replace('output.name == "gif"', "False").replace("{scene}", "helper")
    scenes = [scene("bad.py", text, name) for name in ("A", "B")]
    verdict = run_checks(scenes, TWO, Settings())
    assert verdict.failures == ["bad.py: the scene raised\n  line 1\n  line 2 \\x1b helper"]
    assert verdict.scenes == 0


@pytest.mark.parametrize(
    ("jobs", "deed", "message"),
    [
        (
            2,
            "os._exit(7)",
            "exit code 7; if it is the scene that ends its process, change that",
        ),
        (
            1,
            "os.kill(os.getpid(), 9)",
            "SIGKILL; if memory ran out, close other programs or take --jobs 1",
        ),
    ],
)
def test_a_worker_that_dies_costs_one_task(jobs: int, deed: str, message: str) -> None:
    dies = f"import os\ndef check(scene, output, *_):\n    output.name == 'gif' or {deed}\n"
    scenes = [scene("di\x1bes.py", f"{dies}    return []\n", "Dies"), scene("good.py", FINDS)]
    verdict = run_checks(scenes, TWO, Settings(), jobs=jobs)
    assert verdict.failures == [
        f"di\\x1bes.py: Dies: the check was ended by {message} [1080p 16:9]"
    ]
    assert [file for file, _, _ in found(verdict)] == ["good.py", "good.py"]
    assert verdict.scenes == 2
