"""Rules, as they are found, described and read."""

from __future__ import annotations

from pathlib import Path

import pagereel.check.rules
from pagereel.check.rules import RULES, load_rules, markdown_table

FILES = Path(str(pagereel.check.rules.__file__)).parent.glob("[!_]*.py")


def test_each_is_in_a_file_of_its_name() -> None:
    assert [file.stem.replace("_", "-") for file in sorted(FILES)] == list(RULES)


def test_facts_are_read_as_python_does() -> None:
    assert {rule.name: rule.facts for rule in load_rules()} == RULES


def test_the_table_for_readers() -> None:
    heading, line, *rows = markdown_table().split("\n")
    assert [row.split("`")[1] for row in rows] == list(RULES)
    assert {row.count("|") for row in (heading, line, *rows)} == {6}
    (row,) = (row for row in rows if "`text-too-small`" in row)
    assert row.startswith(
        "| `text-too-small` | legibility | 22 px (not under 9 px; GIF: 9 px) | capitals are "
    )
