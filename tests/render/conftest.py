"""A folder with a scene, and, for the slow tests, a short story to render for real."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pagereel.discovery import SceneSource

ROOT = Path(__file__).parents[2]

# Runs `python ARGUMENTS...` in a folder, which must go well.
Python = Callable[..., "subprocess.CompletedProcess[str]"]

# As short as a story can be: a row comes, the title and the tagline stand.
STORY = """\
title = "A Short Story"
tagline = "Told quickly"
[pool]
frames = 2
[[events]]
arrive = "A"
pages = 1
key = "first"
caption = "It is here."
[[events]]
finish = "A"
caption = "It is gone."
"""


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SceneSource:
    """Give a scene that nobody can render, in a folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    file = Path("scenes/some_file.py")
    file.parent.mkdir()
    file.write_text("class SomeScene(Scene): ...\n")
    return SceneSource(file, "SomeScene", "")


@pytest.fixture(scope="session")
def python() -> Python:
    def run(
        *arguments: str | Path, folder: Path = ROOT, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if "PAGEREEL" not in key}
        done = subprocess.run(
            (sys.executable, *map(str, arguments)),
            cwd=folder,
            env={**kept, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    return run


@pytest.fixture(scope="session")
def story_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the scene and the short story."""
    folder = tmp_path_factory.mktemp("short")
    (folder / "scenes").mkdir()
    shutil.copy2(ROOT / "scenes" / "paged_cache.py", folder / "scenes")
    (folder / "short.toml").write_text(STORY)
    return folder
