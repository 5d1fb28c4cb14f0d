"""Which Python the set-up takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.setup.conftest import System


def taken(said: str) -> str:
    """Return the name of the Python that .venv was made with."""
    return said.partition("making .venv with ")[2].split(" (")[0].rpartition("/")[2]


def test_the_newest_is_taken(system: System) -> None:
    system.python("python3.12", (3, 12))
    system.python("python3", (3, 11))
    _, said = system.set_up()
    assert taken(said) == "python3.12"


def test_a_shim_that_does_not_run_is_passed_over(system: System) -> None:
    system.command("python3.13", "echo 'no such version' >&2; exit 127")
    _, said = system.set_up()
    assert taken(said) == "python3.11"
    assert "no such version" not in said


def test_one_without_venv_or_headers_is_passed_over(system: System) -> None:
    system.python("python3.13", (3, 13), complete=False)
    _, said = system.set_up()
    assert taken(said) == "python3.11"


def test_what_is_too_old_or_too_new_is_not_used(system: System) -> None:
    system.without("python3.11")
    for version in ((3, 10), (3, 15)):
        system.python("python3", version)
        code, said = system.set_up()
        assert code == 2
        assert "lacks, for rendering:\npagereel:   Python 3.11 to 3.14" in said


def test_the_users_choice_comes_first(system: System) -> None:
    system.python("python3.12", (3, 12))
    system.python("mine", (3, 14))
    _, said = system.set_up(PYTHON="mine")
    assert taken(said) == "mine"


def test_an_impossible_choice_is_refused(system: System) -> None:
    system.python("old", (3, 10))
    system.python("half", (3, 12), complete=False)
    for name, reason in (("old", "is not a Python from 3.11 to 3.14"), ("half", "lacks venv")):
        code, said = system.set_up(PYTHON=name)
        assert code == 2
        assert f"PYTHON={name} {reason}" in said
        assert not (system.checkout / ".venv").exists()
