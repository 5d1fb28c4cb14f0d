"""What the warm process has at hand for the next order."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pagereel.watch.drawing.inputs import modules

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_no_module_beside_a_scene_is_taken_for_pythons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "antigravity.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    known = {*sys.modules}
    import antigravity  # noqa: F401, PLC0415 (the one beside)

    assert modules(known) == []
    assert "json" in modules(known - {"json"})
    assert "sys" in modules(known - {"sys"})
    monkeypatch.delitem(sys.modules, "antigravity")
