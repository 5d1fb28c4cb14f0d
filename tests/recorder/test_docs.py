"""The example in docs/recording.md is what it says."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from recorded import read

from pagereel.cache.events import KINDS

if TYPE_CHECKING:
    import pytest

DOCS = Path(__file__).parents[2] / "docs" / "recording.md"


def test_the_example_of_a_hook_records_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    (example,) = (text for text in examples if "TraceWriter(" in text)
    exec(example.replace("engine=", "strict=True, engine="), {})  # noqa: S102 (it is our own)
    _, records, ledger = read(Path("trace.jsonl"))
    calls = re.findall(rf"^writer\.({'|'.join(KINDS)})\(", example, re.MULTILINE)
    recorded = Counter(record.event.verb for record in records)
    assert calls.count("drop") == 1
    assert recorded == Counter(calls)
    assert ledger.free_count == 7
