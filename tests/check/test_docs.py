"""The page about the check says what the check does.

`pytest tests/check/test_docs.py --update-golden` writes the table of rules into the page.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.check.rules import markdown_table

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "check.md"


def test_the_rules_are_those_of_the_page(request: pytest.FixtureRequest) -> None:
    page = PAGE.read_text(encoding="utf-8")
    wanted = re.sub(r"\| rule \|.*?\|(?=\n\n)", lambda _: markdown_table(), page, flags=re.DOTALL)
    if request.config.getoption("update_golden"):
        PAGE.write_text(wanted, encoding="utf-8")
    else:
        assert page == wanted
