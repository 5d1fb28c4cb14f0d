"""Rules that hold for the whole repository."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

GIT = shutil.which("git") or "git"
ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "pagereel"
MODULES = sorted(PACKAGE.rglob("*.py"))
# What a package, or a module beside the packages, may import of ours ...
MAY_IMPORT: dict[str, set[str]] = {
    "": set(),
    "errors": set(),
    "failure": {"errors"},
    "library": {"errors"},
    "wording": set(),
    "checkpoints": {"errors", "failure", "files"},
    "formulas": {"files"},
    "discovery": {"assets", "errors", "failure", "kinds", "request", "toml", "wording"},
    "files": set(),
    "glyphs": set(),
    "kinds": set(),
    "languages": {"assets"},
    "pipe": set(),
    "manifest": {"", "assets"},
    "assets": {"errors"},
    "request": {"errors"},
    "toml": {"errors", "kinds", "languages", "wording"},
    "cache": {"errors", "wording"},
    "trace": {"cache", "errors", "files", "kinds", "toml", "wording"},
    "story": {"cache", "errors", "languages", "request", "toml", "trace", "wording"},
    "film": {"cache", "errors", "trace", "wording"},
    "compare": {"cache", "errors", "film", "trace", "wording"},
    "fast": {
        *("checkpoints", "discovery", "errors", "failure", "files", "glyphs", "manifest"),
        "request",
    },
    "stage": {
        *("assets", "cache", "compare", "discovery", "errors", "fast", "files", "film", "glyphs"),
        *("kinds", "languages", "manifest", "request", "story", "toml", "trace", "wording"),
    },
    "render": {
        *(
            "",
            "assets",
            "checkpoints",
            "discovery",
            "errors",
            "failure",
            "fast",
            "files",
            "formulas",
        ),
        *("compare", "film", "kinds", "manifest", "pipe", "request", "story", "trace", "wording"),
    },
    "check": {
        *("", "discovery", "errors", "fast", "files", "glyphs", "languages", "library"),
        *("request", "toml", "wording"),
    },
    "watch": {
        *("", "assets", "check", "discovery", "errors", "failure", "fast", "files", "formulas"),
        *("kinds", "manifest", "pipe", "render", "request", "stage", "story", "toml", "wording"),
    },
    "doctor": {"assets", "discovery", "errors", "languages", "render", "request"},
    "recorder": set(),
    "adapters": {"recorder"},
    "cli": {
        *("assets", "check", "compare", "discovery", "doctor", "errors", "render", "request"),
        *("stage", "story", "trace", "watch", "wording"),
    },
    "__main__": {"cli"},
}
# ... and which libraries.
LIBRARIES: dict[str, set[str]] = {
    "discovery": {"manim"},
    "film": {"numpy"},
    "compare": {"numpy"},
    "fast": {"PIL", "av", "cairo", "manim", "numpy", "srt", "tqdm"},
    "stage": {"PIL", "manim", "manimpango", "numpy", "svgelements"},
    "glyphs": {"manim", "manimpango"},
    "library": {"manim"},
    "manifest": {"cairo"},
    "render": {"PIL", "av", "cairo", "dask", "distributed", "manim", "numpy", "srt"},
    "check": {"PIL", "cairo", "manim", "manimpango", "numpy", "pytest", "srt"},
    "watch": {"PIL", "manim", "numpy", "starlette", "uvicorn", "watchdog"},
}
# What must answer at once, or run where there are none, loads none of these libraries or packages.
HEAVY = {
    *("PIL", "av", "cairo", "distributed", "manim", "manimpango", "numpy"),
    *("starlette", "uvicorn", "watchdog"),
}
LOADS_NONE: dict[str, set[str]] = {
    "pagereel.cli": HEAVY,
    "pagereel.check.command": HEAVY,
    "pagereel.compare.command": HEAVY,
    "pagereel.discovery": HEAVY,
    "pagereel.render.command": HEAVY,
    "pagereel.trace.command": HEAVY,
    "pagereel.check.pytest.plugin": HEAVY,
    "pagereel.render.cluster.remote": {"manim"},
    "pagereel.render.worker.main": {"distributed"},
    "pagereel.watch.server": HEAVY - {"starlette", "uvicorn"},
    "pagereel.watch.listening": HEAVY,
    "pagereel.watch.command": HEAVY,
    "pagereel.watch.studio": HEAVY - {"watchdog"},
    "pagereel.stage.scene": {"pagereel.stage.brand"},  # most films have none
}
# Packages that a newcomer has to find the way in, and how many entries they may show.
MOST_ENTRIES = {"fast": 14, "render": 14, "check": 14, "stage": 14, "watch": 14}


def name_of(module: Path) -> str:
    parts = module.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


NAMES = {name_of(module): module for module in MODULES}


@dataclass(frozen=True)
class Imports:
    """The modules that a module imports: all, and those that are loaded with it.

    All are also those for types only, and those that functions import.
    """

    all: frozenset[str]
    at_once: frozenset[str]


@cache
def imports(module: Path) -> Imports:
    tree = ast.parse(module.read_bytes())
    everywhere, at_once = (
        frozenset(name for node in nodes for name in _imported(node))
        for nodes in (_statements(tree), _loaded(tree))
    )
    return Imports(everywhere, at_once)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all statements: what is within expressions imports nothing."""
    for name in ("body", "orelse", "handlers", "finalbody", "cases"):
        for statement in getattr(node, name, ()):
            yield statement
            yield from _statements(statement)


def _imported(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(source), names=names, level=0):
            # `from pagereel import assets` imports a module, too
            inner = [name for alias in names if (name := f"{source}.{alias.name}") in NAMES]
            yield from inner
            if len(inner) < len(names):
                yield source
        case ast.ImportFrom(level=1 | 2 | 3 as level):
            yield "." * level


def _loaded(tree: ast.Module) -> Iterator[ast.AST]:
    for node in tree.body:
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node


def package_of(module: str) -> str:
    """Return the package of a module of ours, or the module beside the packages."""
    return f"{module}.".split(".")[1]


def is_allowed(source: str, target: str) -> bool:
    library, package = target.split(".", maxsplit=1)[0], package_of(source)
    if library == "pagereel":
        return package_of(target) in {package, *MAY_IMPORT[package]}
    return library in sys.stdlib_module_names or library in LIBRARIES.get(package, set())


# One test for all, as the following ones read the same modules.
def test_imports_go_one_way() -> None:
    forbidden = {
        (name, target)
        for name, file in NAMES.items()
        for target in imports(file).all
        if not is_allowed(name, target)
    }
    assert forbidden == set()


def test_packages_import_in_no_circle() -> None:
    TopologicalSorter(MAY_IMPORT).prepare()  # raises a CycleError


def test_modules_import_in_no_circle() -> None:
    ours = {name: {*imports(file).all} & {*NAMES} - {name} for name, file in NAMES.items()}
    assert circles(ours) == []


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that reach each other."""
    reached = {name: reach(graph, name) for name in graph}
    groups = {
        tuple(sorted(other for other in graph if name in reached[other] and other in reached[name]))
        for name in graph
    }
    return sorted(list(group) for group in groups if group)


def reach(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    left = [*graph.get(start, ())]
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left.extend(graph.get(name, ()))
    return seen


@pytest.mark.parametrize("root", LOADS_NONE)
def test_what_is_not_loaded(root: str) -> None:
    loaded = reach(_loading(), root)
    loaded |= {name.split(".", maxsplit=1)[0] for name in loaded}
    assert loaded & LOADS_NONE[root] == set()


@cache
def _loading() -> dict[str, set[str]]:
    """Module -> what is loaded with it: what it imports at once, and the packages that it is in."""
    return {
        name: {*imports(file).at_once, name.rpartition(".")[0]} - {""}
        for name, file in NAMES.items()
    }


@pytest.mark.parametrize("package", MOST_ENTRIES)
def test_packages_can_be_looked_through(package: str) -> None:
    entries = [
        path.name
        for path in (PACKAGE / package).iterdir()
        if path.name not in {"__init__.py", "__pycache__"}
    ]
    assert len(entries) <= MOST_ENTRIES[package], sorted(entries)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("pagereel.cache.state", "pagereel.story"),
        ("pagereel.cache.state", "numpy"),
        ("pagereel.story.load", "manim"),
        ("pagereel.story.load", "pagereel.stage.theme"),
        ("pagereel.stage.scene", "pagereel.render.job"),
        ("pagereel.fast.renderer", "pagereel.stage.scene"),
        ("pagereel.render.job", "pagereel.stage.theme"),
        ("pagereel.check.session", "pagereel.stage.scene"),
        ("pagereel.stage.scene", "pagereel.check.session"),
        ("pagereel.errors", "pagereel.cache"),
        ("pagereel.recorder", "pagereel.errors"),
        ("pagereel.adapters.vllm", "vllm"),
        ("pagereel.cache.state", "."),
    ],
)
def test_what_is_forbidden(source: str, target: str) -> None:
    assert not is_allowed(source, target)


# Whatever a statement may stand in.
HIDDEN = {
    "bisect": "class A:\n  def b(self):",
    "calendar": "def c():\n  if a: pass\n  elif b: pass\n  else:",
    "colorsys": "def d():\n  try: pass\n  except A:",
    "csv": "def e():\n  try: pass\n  finally:",
    "gzip": "def f():\n  match a:\n   case 1:",
    "heapq": "def g():\n  with a:",
    "keyword": "async def h():\n  async for a in b:",
}


def test_imports_are_seen(tmp_path: Path) -> None:
    lines = (
        "import os.path, manim as m",
        "from pagereel import assets, cli",
        "from pagereel.stage import Theme",
        "from . import cache",
        "def f():\n    from numpy import array",
        "if TYPE_CHECKING:\n    import av",
        *(f"{opening}\n    import {name}" for name, opening in HIDDEN.items()),
    )
    (tmp_path / "module.py").write_text("\n".join(lines))
    at_once = {".", "manim", "os.path", "pagereel.assets", "pagereel.cli", "pagereel.stage"}
    found = imports(tmp_path / "module.py")
    assert found.at_once == at_once
    assert found.all == {*at_once, "av", "numpy", *HIDDEN}


def test_circles_are_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


# Whoever has the sources without their history, as an archive, has nothing to keep in order.
in_a_checkout = pytest.mark.skipif(
    not ((ROOT / ".git").exists() and shutil.which("git")), reason="this is no git checkout"
)


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        (GIT, "ls-files", "-z"), cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def test_no_function_of_a_class_is_replaced() -> None:
    """manim has places for what others add; a patch would also reach the scenes of others."""
    files = {path.relative_to(ROOT): path.read_text() for path in (ROOT / "src").rglob("*.py")}
    assert [str(path) for path, text in files.items() if "method-assign" in text] == []


@in_a_checkout
def test_no_file_names_a_place_of_one_machine() -> None:
    # The slash comes first: this is what the search jumps to.
    place = re.compile(rb"/(?<![\w.~}]/)(?:home|Users|root|work|mnt|var/folders)/\w")
    assert place.search(b"in /home" + b"/somebody")
    assert not place.search(b"in ~/home" + b"/somebody")
    assert [file for file in tracked_files() if place.search(file.read_bytes())] == []


@pytest.mark.parametrize("font", sorted((ROOT / "assets" / "fonts").glob("*.*")), ids=str)
def test_fonts_have_their_licence_beside_them(font: Path) -> None:
    licence = (font.parent / "LICENSE").read_text()
    assert "SIL OPEN FONT LICENSE" in licence
    family = re.match("Liberation|Pagereel(?=CJK)", font.stem)
    assert family
    assert family[0] in licence


@in_a_checkout
def test_what_is_rendered_is_not_committed_but_for_previews() -> None:
    ignored = [
        "media/videos/a/480p15/A.mp4",
        "media/texts/a.svg",
        "media/previews/.A.gif.key",
        "media/previews/A.gif.partial",
    ]
    names = [*ignored, "media/previews/A.gif"]
    checked = subprocess.run(
        (GIT, "check-ignore", "--no-index", *names),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout.split() == ignored


@in_a_checkout
def test_the_wheel_is_complete(tmp_path: Path) -> None:
    """Whoever installs it has no checkout: fonts, licences and stories travel inside."""
    subprocess.run(
        (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    tracked = [file.relative_to(ROOT) for file in tracked_files()]
    for file in tracked:
        if file.parts[0] == "assets":
            assert packed[f"pagereel/{file}"] == (ROOT / file).read_bytes()
        if file.parts[0] == "src":
            assert packed[str(Path(*file.parts[1:]))] == (ROOT / file).read_bytes()
    others = {name for name in packed if not name.startswith("pagereel/")}
    assert all(".dist-info/" in name for name in others)
    assert any(name.endswith("licenses/assets/fonts/LICENSE") for name in others)
    assert not [name for name in packed if name.endswith((".pyc", ".mp4", ".key"))]
