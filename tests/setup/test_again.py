"""What a second set-up does: nothing, unless the first was interrupted or something has changed."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.setup.conftest import System

VENV = "$ python -m venv .venv"
LOCKED = "--require-hashes --requirement requirements/render.lock"
PROJECT = "--no-build-isolation --no-deps --editable ."


@pytest.fixture
def ready(system: System) -> System:
    """Return a system on which `dev` is set up."""
    code, said = system.call("tools/setup.sh", "dev")
    assert code == 0, said
    return system


def change(path: Path, text: str = "# changed\n") -> None:
    """Append to a file, so that it is newer than all others."""
    with path.open("a") as file:
        file.write(text)
    later = time.time() + 5
    os.utime(path, (later, later))


def test_the_first_does_everything_once(system: System) -> None:
    _, said = system.call("tools/setup.sh", "dev")
    for call in (VENV, LOCKED, PROJECT, "requirements/dev.lock"):
        assert said.count(call) == 1, call


@pytest.mark.parametrize("name", ["render", "dev"])
def test_the_second_does_nothing(ready: System, name: str) -> None:
    assert ready.call("tools/setup.sh", name) == (0, "")


@pytest.mark.parametrize("moment", [LOCKED, PROJECT])
def test_an_interrupted_one_is_made_anew(system: System, moment: str) -> None:
    code, _ = system.set_up(FAIL_AT=moment)
    assert code == 1
    (system.checkout / ".venv/half").touch()
    code, said = system.set_up()
    assert code == 0
    assert VENV in said
    assert not (system.checkout / ".venv/half").exists()


def test_an_interrupted_dev_is_made_anew(system: System) -> None:
    system.set_up()
    code, _ = system.call("tools/setup.sh", "dev", FAIL_AT="dev.lock")
    assert code == 1
    _, said = system.set_up()
    assert VENV in said


def test_a_changed_lock_makes_a_new_one(ready: System) -> None:
    change(ready.checkout / "requirements/render.lock")
    _, said = ready.set_up()
    assert VENV in said
    assert LOCKED in said


def test_a_changed_dev_lock_installs_on_top(ready: System) -> None:
    change(ready.checkout / "requirements/dev.lock")
    _, said = ready.call("tools/setup.sh", "dev")
    assert VENV not in said
    assert "requirements/dev.lock" in said


def test_a_changed_project_installs_only_itself(ready: System) -> None:
    change(ready.checkout / "pyproject.toml")
    _, said = ready.set_up()
    assert VENV not in said
    assert LOCKED not in said
    assert PROJECT in said


def test_a_lock_that_does_not_fit_is_noticed(ready: System) -> None:
    change(ready.checkout / "pyproject.toml")
    code, said = ready.set_up(FAIL_AT="pip check")
    assert code == 2
    assert "\n  make lock\n" in said


def test_a_moved_checkout_is_set_up_anew(ready: System) -> None:
    moved = type(ready)(ready.checkout.with_name("moved"), ready.bin, ready.log)
    ready.checkout.rename(moved.checkout)
    _, said = moved.set_up()
    assert VENV in said


def test_a_python_that_is_gone_is_replaced(ready: System) -> None:
    (ready.checkout / ".venv/bin/python").unlink()
    _, said = ready.set_up()
    assert VENV in said
