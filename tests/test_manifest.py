from __future__ import annotations

import importlib.metadata
import re
import sys
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pagereel.manifest import LIBRARIES, MISSING, difference, digest, library_versions

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_all_libraries_that_draw_are_there() -> None:
    versions = library_versions()
    assert tuple(versions) == LIBRARIES
    assert MISSING not in versions.values()


def test_all_that_manim_needs_draws_or_is_known_not_to() -> None:
    others = {
        *("click", "cloup", "rich", "screeninfo", "tqdm", "watchdog"),  # its command line
        *("moderngl", "moderngl-window"),  # OpenGL, which is left to manim
        *("audioop-lts", "decorator", "typing-extensions"),  # the language
    }
    needed = [Requirement(text) for text in importlib.metadata.requires("manim") or ()]
    names = {canonicalize_name(each.name) for each in needed if not re.search("extra", str(each))}
    assert names - others <= {canonicalize_name(name) for name in LIBRARIES}


def test_versions_are_what_python_says() -> None:
    assert library_versions() == {name: importlib.metadata.version(name) for name in LIBRARIES}


def test_a_library_that_is_missing_or_that_pip_has_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in {*LIBRARIES} - {"pillow", "numpy"}:
        folder = tmp_path / f"{name.replace('-', '_')}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (tmp_path / "numpy-2.0.egg-info").write_text("Name: numpy\nVersion: 2.0\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "nowhere"), str(tmp_path)])
    found = library_versions()
    assert found["pillow"] == MISSING
    assert found["numpy"] == "2.0"
    assert {*found.values()} == {MISSING, "2.0", "1.0"}


def test_what_is_different_is_named() -> None:
    here = {"numpy": "2.0", "av": "17", "scipy": "1"}
    assert difference(here, dict(here)) == ""
    assert difference(here, {"numpy": "1.0", "scipy": "1"}) == (
        "numpy 1.0 instead of 2.0, av none instead of 17"
    )


def test_a_digest_is_of_names_contents_and_words(tmp_path: Path) -> None:
    one, two = tmp_path / "a" / "x.py", tmp_path / "b" / "x.py"
    for file in (one, two):
        file.parent.mkdir()
        file.write_text("same")
    before = digest([one])
    assert len({before, digest([two]), digest([one, two]), digest([one], ["word"])}) == 4
    assert digest([one], root=one.parent) == digest([two], root=two.parent)
    one.write_text("other")
    changed = digest([one])
    one.unlink()
    assert len({before, changed, digest([one])}) == 3
