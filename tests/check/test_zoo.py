"""Scenes in which a person finds nothing wrong, and scenes with one mistake each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pagereel.check.output import parse_outputs
from pagereel.check.rules import RULES
from pagereel.check.runner import run_checks
from pagereel.check.settings import Settings
from pagereel.discovery import choose_scenes

ZOO = Path(__file__).parent / "zoo"
CORRECT = sorted((ZOO / "correct").glob("*.py"))
BROKEN = sorted((ZOO / "broken").glob("*.py"))
# The rules of taste as well, and our own margin.
ALL = Settings({name: True for name, facts in RULES.items() if facts.taste} | {"text-outside": 3.5})
EXPECTED = re.compile(r"# expect: ([\w-]+)$")


def found(file: Path, size: str) -> list[tuple[int, str, str]]:
    """Check all scenes of a file; return line, rule and message of each finding."""
    (output,) = parse_outputs([size], [])
    verdict = run_checks(choose_scenes([str(file)]), [output], ALL)
    assert not verdict.failures
    return [(found.place.line, found.rule, found.message) for found in verdict.findings]


# Every third of them in the default tests, all in the slow ones.
@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.stem, marks=() if at % 3 == 0 else pytest.mark.slow)
        for at, file in enumerate(CORRECT)
    ],
)
def test_no_false_alarm(file: Path) -> None:
    assert found(file, "gif") == []


@pytest.mark.slow
@pytest.mark.parametrize("file", CORRECT, ids=lambda file: file.stem)
def test_no_false_alarm_in_a_video(file: Path) -> None:
    assert found(file, "1080p") == []


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_no_miss(file: Path) -> None:
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    expected = [(n, match[1]) for n, line in lines if (match := EXPECTED.search(line))]
    assert [(line, rule) for line, rule, _ in found(file, "1080p")] == expected


def test_every_rule_is_broken_once() -> None:
    assert {file.stem.replace("_", "-") for file in BROKEN} == {*RULES}
