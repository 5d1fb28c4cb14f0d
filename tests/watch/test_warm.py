"""What the warm process has at hand for the next order."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from pagereel.watch.drawing.inputs import modules
from pagereel.watch.drawing.warm import end_with, have_at_hand

if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_module_that_is_broken_leaves_the_warm_process_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_part.py").write_text("1 +\n")
    (tmp_path / "good_part.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    have_at_hand(["broken_part", "gone_part", "good_part"])
    assert sys.modules.keys() & {"broken_part", "gone_part", "good_part"} == {"good_part"}
    monkeypatch.delitem(sys.modules, "good_part")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows this")
def test_what_is_drawn_ends_with_the_warm_process() -> None:
    """However it ends: a scene that never ends would run on, if it is in no group yet."""
    alive, held = os.pipe()
    warm = os.fork()
    if not warm:
        parent = os.getpid()
        if not os.fork():
            end_with(parent)
            os.write(held, b".")
            time.sleep(60)
            os._exit(0)
        os.close(held)
        time.sleep(60)
        os._exit(0)
    os.close(held)
    assert os.read(alive, 1) == b"."
    os.kill(warm, signal.SIGKILL)
    os.waitpid(warm, 0)
    assert select.select([alive], (), (), 30)[0]
    assert os.read(alive, 1) == b""
    os.close(alive)
