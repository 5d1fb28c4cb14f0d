"""Scenes in which a person finds nothing wrong, and scenes with one mistake each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from checked import checked

from pagereel.check.output import Output, parse_outputs
from pagereel.check.rules import RULES
from pagereel.check.settings import Settings

ZOO = Path(__file__).parent / "zoo"
CORRECT = sorted((ZOO / "correct").glob("*.py"))
BROKEN = sorted((ZOO / "broken").glob("*.py"))
# The rules of taste as well, and our own margin.
ALL = Settings({name: True for name, facts in RULES.items() if facts.taste} | {"text-outside": 3.5})
EXPECTED = re.compile(r"# expect: ([\w-]+)$")
SCENE = re.compile(r"class \w+\(\w*Scene\):$")
# The scenes are the same in each. The first is quick, and has the thresholds of the last.
SMALL = Output("540p", 960, 540, 20)
GIF, VIDEO = parse_outputs(["gif,1080p"])


def found(file: Path, output: Output, *, most: int | None = None) -> list[tuple[int, str, str]]:
    """Check the scenes of a file; return line, rule and message of each finding."""
    findings = checked(file, output, ALL, most=most)
    return [(found.place.line, found.rule, found.message) for found in findings]


# Few of them in the default tests, all in the slow ones.
@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.stem, marks=() if at % 16 == 0 else pytest.mark.slow)
        for at, file in enumerate(CORRECT)
    ],
)
def test_no_false_alarm(file: Path) -> None:
    assert found(file, GIF) == []


@pytest.mark.slow
@pytest.mark.parametrize("file", CORRECT, ids=lambda file: file.stem)
def test_no_false_alarm_in_a_video(file: Path) -> None:
    assert found(file, VIDEO) == []


@pytest.mark.parametrize(
    ("output", "most"),
    [
        pytest.param(SMALL, 2, id="first two"),
        pytest.param(VIDEO, None, id="all", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_no_miss(file: Path, output: Output, most: int | None) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    scenes = [n for n, line in enumerate(lines) if SCENE.match(line)]
    lines = lines[: [*scenes, len(lines)][min(most or len(scenes), len(scenes))]]
    expected = [
        (n, match[1]) for n, line in enumerate(lines, 1) if (match := EXPECTED.search(line))
    ]
    assert [(line, rule) for line, rule, _ in found(file, output, most=most)] == expected


def test_every_rule_is_broken_once() -> None:
    assert {file.stem.replace("_", "-") for file in BROKEN} == {*RULES}
