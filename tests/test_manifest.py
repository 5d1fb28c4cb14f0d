from __future__ import annotations

import importlib.metadata
import re
from importlib.metadata import PackageNotFoundError
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


def test_a_library_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "pillow":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert {name for name, found in library_versions().items() if found == MISSING} == {"pillow"}


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
