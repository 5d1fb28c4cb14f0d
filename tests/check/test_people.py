"""Scenes as people write them: every fault is found, and nothing else.

`python tests/support/people.py` prints what differs, and precision and recall by rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from people import FOLDER, SIZE, cases, found

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(FOLDER.glob("*.py"))
QUICK = {"made", "crossings"}


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.stem, marks=() if file.stem in QUICK else pytest.mark.slow)
        for file in FILES
    ],
)
def test_every_fault_is_found_and_nothing_else(file: Path) -> None:
    expected = sorted(fault for case in cases(file) for fault in case.expected)
    findings = found([file], SIZE)[file]
    assert [(line, rule) for line, rule, *_ in findings] == expected, findings


def test_the_zoo_is_large_enough() -> None:
    scenes = [case for file in FILES for case in cases(file)]
    faulty = sum(bool(case.expected) for case in scenes)
    assert len(scenes) >= 80
    assert 1 / 4 < faulty / len(scenes) < 1 / 2
