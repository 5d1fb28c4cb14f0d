"""What the lock files hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = RENDER, DEV, BROWSER = [
    ROOT / "requirements" / f"{name}.lock" for name in ("render", "dev", "browser")
]


def pins(lock: Path) -> dict[str, list[str]]:
    """Return the pinned lines of a lock file, by the name of the package."""
    lines = re.findall(r"^([a-z][^ =]*)(==.*) \\$", lock.read_text(), flags=re.MULTILINE)
    found: dict[str, list[str]] = {}
    for name, pin in lines:
        found.setdefault(name, []).append(pin)
    return found


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=~]", requirement)[0] for requirement in requirements}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_hashes_and_no_place(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    blocks = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == sum(map(len, pins(lock).values()))
    for block in blocks:
        assert "--hash=sha256:" in block, block


def test_everything_that_is_asked_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    extras = project["project"]["optional-dependencies"]
    wanted = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *extras["watch"],
        *groups["build"],
    ]
    assert names(wanted) <= set(pins(RENDER))
    assert names([*wanted, *extras["dask"], *groups["dev"]]) <= set(pins(DEV))
    assert names(groups["browser"]) <= set(pins(BROWSER))


def test_all_have_the_same_versions() -> None:
    dev = pins(DEV)
    assert {name: dev.get(name) for name in pins(RENDER)} == pins(RENDER)
    browser = pins(BROWSER)
    assert {name: browser[name] for name in dev if name in browser}.items() <= dev.items()


def test_the_build_group_repeats_what_the_build_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert set(project["build-system"]["requires"]) <= set(project["dependency-groups"]["build"])
