"""What is read of a trace that is to be compared."""

from __future__ import annotations

import pytest
from traces import ROOT

from pagereel.compare.reading import read
from pagereel.errors import TraceError


@pytest.mark.parametrize(("name", "line"), [("window", 4), ("groups", 3)])
def test_runs_whose_tables_lose_pages_are_refused(name: str, line: int) -> None:
    path = ROOT / "tests" / "trace" / "traces" / f"{name}.jsonl"
    with pytest.raises(TraceError, match="cannot be compared") as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}:{line}: event {line - 1} (")
