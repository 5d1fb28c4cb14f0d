"""Scenes as people write them, what is wrong with each, and how well the check finds it.

`python tests/support/people.py [FILE.py ...] [--at SIZE] [--stills DIR]` checks them all, lists
what was found in vain and what was missed, and prints a table of precision and recall by rule.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

from pagereel.check.output import parse_outputs
from pagereel.check.runner import do_all
from pagereel.check.settings import Settings
from pagereel.discovery import SceneSource

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(__file__).parents[1] / "check" / "zoo" / "people"
SIZE = "480p"
_EXPECTED = re.compile(r"# expect: ([\w, -]+)$")


@dataclass(frozen=True, slots=True)
class Case:
    """A scene, and what is wrong with it.

    Attributes
    ----------
    source
        Its file and name.
    expected
        Line and rule of each fault, in this order.
    """

    source: SceneSource
    expected: tuple[tuple[int, str], ...]


def cases(file: Path) -> list[Case]:
    """Return the scenes of a file; `# expect: rule, rule` ends the call that shows faults."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = []
    for node in ast.parse(text).body:
        name = _scene(node)
        if name is not None:
            first, last = node.lineno, node.end_lineno or node.lineno
            marks = ((n, _EXPECTED.search(lines[n - 1])) for n in range(first, last + 1))
            faults = ((n, rule) for n, mark in marks if mark for rule in mark[1].split(", "))
            found.append(Case(SceneSource(file, name), tuple(sorted(faults))))
    return found


def _scene(node: ast.stmt) -> str | None:
    """Return the name of the scene that a statement defines: by `class`, or by `type()`."""
    if isinstance(node, ast.ClassDef):
        methods = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
        return node.name if "construct" in methods else None
    if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("type("):
        return ast.unparse(node.targets[0])
    return None


Found: TypeAlias = list[tuple[int, str, str, str]]
"""Last line of the call, rule, scene and message of each finding."""


def found(files: Sequence[Path], size: str = SIZE, stills: Path | None = None) -> dict[Path, Found]:
    """Check all scenes of files; each file in a process of its own."""
    tasks = [(file, [case.source.name for case in cases(file)], size, stills) for file in files]
    answers = do_all(_check, tasks, most=os.cpu_count() or 1, needs="pagereel.check.session")
    for answer in answers:
        assert isinstance(answer, list), answer
    return dict(zip(files, cast("list[Found]", answers), strict=True))


def _check(file: Path, names: list[str], size: str, stills: Path | None) -> Found:
    from pagereel.check.session import check_scene  # noqa: PLC0415 (not before the fork)

    (output,) = parse_outputs([size])
    findings = [
        finding for name in names for finding in check_scene(file, name, output, Settings(), stills)
    ]
    return sorted((each.place.end_line, each.rule, each.scene, each.message) for each in findings)


def main() -> None:
    """Print what differs, and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(FOLDER.glob("*.py")))
    parser.add_argument("--at", default=SIZE)
    parser.add_argument("--stills", type=Path)
    options = parser.parse_args()
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    scenes = 0
    for file, findings in found(options.files, options.at, options.stills).items():
        tested = cases(file)
        scenes += len(tested)
        expected = Counter(fault for case in tested for fault in case.expected)
        got = Counter((line, rule) for line, rule, *_ in findings)
        right.update(rule for _, rule in (expected & got).elements())
        wrong.update(rule for _, rule in (got - expected).elements())
        missed.update(rule for _, rule in (expected - got).elements())
        for line, rule, scene, message in findings:
            if (line, rule) in got - expected:
                print(f"{file.name}:{line} {scene} in vain: {rule} {message}")
        for line, rule in (expected - got).elements():
            print(f"{file.name}:{line} missed: {rule}")
    print(f"{scenes} scenes at {options.at}")
    _print_table(right, wrong, missed)


def _print_table(right: Counter[str], wrong: Counter[str], missed: Counter[str]) -> None:
    print("| rule | right | in vain | missed | precision | recall |\n| --- |" + " --: |" * 5)
    for rule in (*sorted({*right, *wrong, *missed}), "all"):
        a, b, c = (
            count.total() if rule == "all" else count[rule] for count in (right, wrong, missed)
        )
        precision, recall = (f"{a / (a + n):.0%}" if a + n else "" for n in (b, c))
        print(f"| {rule} | {a} | {b} | {c} | {precision} | {recall} |")


if __name__ == "__main__":
    main()
