"""A folder with a scene, and the command line in it: in a process of its own, or in this one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pagereel import cli

ROOT = Path(__file__).parents[2]

# Runs `python ARGUMENTS...` in the folder; named arguments are added to the environment.
Python = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scenes").mkdir()
    shutil.copy2(ROOT / "scenes" / "paged_cache.py", tmp_path / "scenes")
    return tmp_path


@pytest.fixture
def python(folder: Path) -> Python:
    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if "PAGEREEL" not in key}
        return subprocess.run(
            (sys.executable, *arguments),
            cwd=folder,
            env={**kept, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def pagereel(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Python:
    """Run `pagereel ARGUMENTS...` in this process, which saves starting one."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(folder)
        for key in [key for key in os.environ if "PAGEREEL" in key]:
            monkeypatch.delenv(key)
        for key, value in variables.items():
            monkeypatch.setenv(key, value)
        try:
            code = cli.main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return subprocess.CompletedProcess(arguments, code, *capfd.readouterr())

    return run
