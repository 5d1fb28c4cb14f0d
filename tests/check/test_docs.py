"""The page about the check says what the check does."""

from __future__ import annotations

from pathlib import Path

from pagereel.check.rules.registry import markdown_table

PAGE = Path(__file__).parents[2] / "docs" / "check.md"


def test_the_rules_are_those_of_the_page() -> None:
    assert markdown_table().strip() in PAGE.read_text(encoding="utf-8")
