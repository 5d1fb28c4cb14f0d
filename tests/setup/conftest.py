"""A system that is not there: its commands are fakes on a PATH of their own.

Every fake writes its call into the transcript that also holds what the set-up says, so that the
order of the two can be read.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
# What the scripts and make use, apart from what they look for.
COMMANDS = (
    *("awk", "bash", "cat", "cksum", "cp", "cut", "dirname", "env", "find", "grep", "head", "make"),
    *("mkdir", "mktemp", "pwd", "rm", "sed", "sh", "tail", "touch"),
)

# It answers for the version it is told, and makes what `venv` and `pip` would make.
PYTHON = """
case "$*" in
  *sys.version_info*) exec {real} -ISc "import sys; sys.version_info = {version}
$2" ;;
  *ensurepip*) exit {lacking} ;;
  *_base_executable*) echo "$0" ;;
  "-m venv .venv") note python "$@"; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
  -m*) note python "$@"; case "$*" in *"${{FAIL_AT:-never}}"*) exit 1 ;; esac ;;
esac
"""


@dataclass(frozen=True)
class System:
    """A checkout on a made-up system.

    Attributes
    ----------
    checkout
        The folder with the Makefile.
    bin
        The only folder on the PATH.
    log
        The transcript of the last call.
    """

    checkout: Path
    bin: Path
    log: Path

    def command(self, name: str, script: str = "") -> None:
        """Put a fake command on the PATH, one that writes down its calls unless it has a script."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        note = f"note() {{ echo \"$ $*\" >>'{self.log}'; }}"
        body = script or f'note {name} "$@"'
        path.write_text(f"#!/bin/sh\n{note}\n{body}\n")
        path.chmod(0o755)

    def python(self, name: str, version: tuple[int, int], *, complete: bool = True) -> None:
        """Put a fake Python on the PATH."""
        lacking = 0 if complete else 1
        self.command(name, PYTHON.format(real=sys.executable, version=version, lacking=lacking))

    def without(self, *names: str) -> None:
        for name in names:
            (self.bin / name).unlink(missing_ok=True)

    def call(self, *command: str, stdin: int | None = None, **environment: str) -> tuple[int, str]:
        """Run a command; return its exit code and the transcript."""
        self.log.write_text("")
        with self.log.open("a") as log:
            done = subprocess.run(
                command,
                cwd=self.checkout,
                env={"PATH": str(self.bin), "HOME": str(self.checkout), **environment},
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=log,
                stderr=log,
                check=False,
                timeout=60,
            )
        return done.returncode, self.log.read_text()

    def set_up(self, *, stdin: int | None = None, **environment: str) -> tuple[int, str]:
        return self.call("tools/setup.sh", "render", stdin=stdin, **environment)


@pytest.fixture
def system(tmp_path: Path) -> System:
    """Return a system that lacks nothing, whose user is root."""
    checkout = tmp_path / "check out"
    checkout.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy2(ROOT / name, checkout)
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, checkout / name)
    made = System(checkout, tmp_path / "bin", tmp_path / "transcript")
    made.bin.mkdir()
    for name in COMMANDS:
        real = shutil.which(name)
        assert real is not None
        (made.bin / name).symlink_to(real)
    made.command("uname", "echo Linux")
    made.command("id", "echo 0")
    made.command("cc", "exit 0")
    made.command("pkg-config", "exit 0")
    made.python("python3.11", (3, 11))
    return made


@pytest.fixture
def bare(system: System) -> System:
    """Return a Debian that has nothing yet; its apt-get installs all there is to install."""
    system.without("cc", "pkg-config", "python3.11")
    store = System(system.checkout, system.bin.parent / "store", system.log)
    store.bin.mkdir()
    store.command("cc", "exit 0")
    store.command("pkg-config", "exit 0")
    store.python("python3.13", (3, 13))
    fetch = f"case $* in *install*) cp '{store.bin}'/* '{system.bin}' ;; esac"
    system.command("apt-get", f'note apt-get "$@"; {fetch}')
    system.command("apt-cache", 'test "$2" = python3.13-venv')
    return system


@pytest.fixture
def sudo(bare: System) -> Callable[[str], None]:
    """Give the bare system an unprivileged user whose sudo answers with a script."""

    def give(script: str) -> None:
        bare.command("id", "echo 1000")
        bare.command("sudo", f'note sudo "$@"; {script}')

    return give
