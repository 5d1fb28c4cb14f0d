from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from traces import Line, text_of

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write lines, or any bytes, to a file."""

    def write_lines(*lines: Line, raw: bytes | None = None) -> Path:
        path = tmp_path / "trace.jsonl"
        path.write_bytes(text_of(*lines).encode() if raw is None else raw)
        return path

    return write_lines
