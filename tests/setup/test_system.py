"""What the set-up installs on which system, and what it says when it may not."""

from __future__ import annotations

import os
import pty
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.setup.conftest import System

UPDATE = "env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 update"
INSTALL = (
    "apt-get install -y --no-install-recommends "
    "python3.13-venv python3.13-dev gcc libc6-dev libcairo2-dev libpango1.0-dev pkg-config"
)
# What sudo does once it may: the command, without its own options.
GRANTED = 'case "$1" in -*) exit 0 ;; esac; "$@"'


@pytest.fixture
def terminal() -> Iterator[int]:
    try:
        ours, theirs = pty.openpty()
    except OSError:
        pytest.skip("this system has no terminals to open")
    yield theirs
    os.close(ours)
    os.close(theirs)


def in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_root_installs_after_saying_what_and_why(bare: System) -> None:
    code, said = bare.set_up()
    assert code == 0, said
    assert in_order(
        said,
        "This system lacks",
        "Python 3.11 to 3.14",
        "C compiler: pycairo and manimpango are compiled",
        "cairo and pango",
        " update\n",
        "Installing with apt-get",
        "libpango1.0-dev",
        "$ apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends python3.13-venv",
        "making .venv",
        "$ python -m venv .venv",
        "$ python -m pip install",
    ), said
    assert "sudo" not in said
    assert (bare.checkout / ".venv/render.stamp").is_file()


def test_only_what_is_missing_is_installed(bare: System, system: System) -> None:
    system.command("cc", "exit 0")
    _, said = bare.set_up()
    assert "compiler" not in said
    assert "gcc" not in said


def test_without_package_lists_the_usual_python_is_named(bare: System) -> None:
    bare.command("apt-cache", "exit 100")
    _, said = bare.set_up()
    assert "python3 python3-venv python3-dev" in said


def test_sudo_is_used_where_it_asks_nothing(bare: System, sudo: Callable[[str], None]) -> None:
    sudo(GRANTED)
    code, said = bare.set_up()
    assert code == 0, said
    assert f"$ sudo {UPDATE}" in said


@pytest.mark.parametrize("has_sudo", [True, False])
def test_who_may_not_install_gets_the_command(
    bare: System, sudo: Callable[[str], None], *, has_sudo: bool
) -> None:
    sudo("exit 1")
    if not has_sudo:
        bare.without("sudo")
    code, said = bare.set_up()
    word = "sudo " if has_sudo else ""
    assert code == 2
    assert f"\n  {word}apt-get update && {word}{INSTALL}\n" in said
    assert "$ apt-get" not in said
    assert not (bare.checkout / ".venv").exists()


def test_sudo_may_ask_at_a_terminal(
    bare: System, sudo: Callable[[str], None], terminal: int
) -> None:
    sudo('case "$1" in -n) exit 1 ;; -*) exit 0 ;; esac; "$@"')
    code, said = bare.set_up(stdin=terminal)
    assert code == 0, said
    assert in_order(said, "may ask your password: python3.13-venv", "$ sudo -v", f"$ sudo {UPDATE}")


def test_a_refused_password_ends_with_the_command(
    bare: System, sudo: Callable[[str], None], terminal: int
) -> None:
    sudo("exit 1")
    code, said = bare.set_up(stdin=terminal)
    assert code == 2
    assert f"sudo apt-get update && sudo {INSTALL}" in said


def test_a_failing_installation_shows_its_last_words(bare: System) -> None:
    bare.command("apt-get", "echo E: no network; exit 100")
    code, said = bare.set_up()
    assert code == 100
    assert "E: no network" in said
    assert not (bare.checkout / ".venv").exists()


def test_an_installation_without_effect_is_noticed(bare: System) -> None:
    bare.command("apt-get")
    code, said = bare.set_up()
    assert code == 2
    assert "still not found: python compiler libraries" in said


def test_an_unknown_system_is_told_what_it_lacks(bare: System) -> None:
    bare.without("apt-get")
    code, said = bare.set_up()
    assert code == 2
    assert in_order(said, "C compiler", "cairo and pango", "in this system's own way")
    assert "making .venv" not in said
    assert "not found" not in said


@pytest.fixture
def mac(system: System) -> System:
    system.command("uname", "echo Darwin")
    system.command("id", "echo 501")
    system.command("pkg-config", f"test -e '{system.bin}/pango'")
    system.command("brew", f"note brew \"$@\"; touch '{system.bin}/pango'")
    return system


def test_on_a_mac_homebrew_installs(mac: System) -> None:
    code, said = mac.set_up()
    assert code == 0, said
    assert in_order(said, "lacks", "Installing with Homebrew", "$ brew install cairo pango pkgconf")
    assert "sudo" not in said


def test_a_mac_without_homebrew_is_told(mac: System) -> None:
    mac.without("brew", "python3.11")
    code, said = mac.set_up()
    assert code == 2
    assert "\n  brew install python@3.13 cairo pango pkgconf\n" in said


def test_a_mac_without_compiler_is_told(mac: System) -> None:
    mac.command("cc", "exit 1")
    code, said = mac.set_up()
    assert code == 2
    assert "\n  xcode-select --install\n" in said
    assert "$ brew" not in said


def test_a_browser_is_installed_for_tests_that_need_one(system: System) -> None:
    system.command("apt-get", f"note apt-get \"$@\"; cp '{system.bin}/cc' '{system.bin}/chromium'")
    code, said = system.call("make", ".venv/browser.stamp")
    assert code == 0, said
    assert in_order(
        said, "lacks, for tests:", "Chromium", "install -y --no-install-recommends chromium\n"
    ), said
    assert "--requirement requirements/browser.lock" in said
    _, again = system.call("tools/setup.sh", "browser")
    assert again == ""


def test_a_browser_that_is_there_is_kept(system: System) -> None:
    system.command("google-chrome")
    code, said = system.call("tools/setup.sh", "browser")
    assert code == 0, said
    assert "Chromium" not in said
