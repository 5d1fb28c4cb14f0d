"""Rules that hold for the whole repository."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

GIT = shutil.which("git") or "git"
ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "pagereel"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE = 220
# What engines copy is one file each, whatever it takes.
COPIED = ("pagereel.recorder", "pagereel.adapters.astrai", "pagereel.adapters.vllm")

CACHE, STORY = "pagereel.cache", "pagereel.story"
TRACE, REPLAY = "pagereel.trace", "pagereel.replay"
DRAWING = ("manim", "manimpango", "numpy")
ERRORS, ASSETS, OPTIONS = "pagereel.errors", "pagereel.assets", "pagereel.options"
KEPT, CORES = "pagereel.kept", "pagereel.cores"
# How messages are worded, which every layer may know.
WORDING = ("pagereel.cache.wording", "pagereel.story.locate", "pagereel.story.table")
# Of rendering, what says which scenes are asked for and how large videos are.
ASKED = (ERRORS, OPTIONS, CORES, "pagereel.render.targets", "pagereel.render.video")
# What writes media files from what was drawn.
ENCODERS = ("gif", "palette", "poster", "rates", "webm", "webp")
IMAGES = ("av", "numpy", "PIL")
# What of the check the command line imports: none of it imports manim.
CHECK_COMMAND = (
    *("command", "finding", "ignore", "output", "pyproject", "report", "rules", "runner"),
    *("settings", "workers", "apart"),
)
# What the modules of a layer may import besides the standard library and each other. First come
# the modules with a rule of their own.
MAY_IMPORT = {
    "pagereel.render.worker": {ERRORS, "pagereel.fast", "manim", "numpy"},
    "pagereel.render.cluster": {"manim"},
    "pagereel.render.connection": {ERRORS, "dask", "distributed"},
    "pagereel.render.chosen": {ERRORS, "pagereel.fast", "manim"},
    "pagereel.render.gather": {ERRORS, "pagereel.fast.failure"},
    "pagereel.render.versions": {ASSETS, "pagereel", "cairo"},
    "pagereel.render.encode": {"pagereel.fast", "manim", "srt"},
    **{f"pagereel.render.{module}": {"pagereel.fast", *IMAGES} for module in ENCODERS},
    "pagereel.render.command": {ERRORS, OPTIONS, CORES},
    "pagereel.render.job": {OPTIONS},
    "pagereel.render.targets": {ERRORS, OPTIONS},
    "pagereel.render.film": {ERRORS, ASSETS, OPTIONS, TRACE},
    "pagereel.cache": {ERRORS},
    # A workload is TOML that people write, as a storyboard is.
    "pagereel.trace.workload_file": {
        *(CACHE, ERRORS, "pagereel.story.source", "pagereel.story.table"),
    },
    "pagereel.story": {CACHE, TRACE, ERRORS, OPTIONS},
    "pagereel.trace": {CACHE, ERRORS},
    "pagereel.replay": {CACHE, TRACE, ERRORS, "numpy"},
    "pagereel.stage.replay": {REPLAY, ERRORS, ASSETS, OPTIONS, "pagereel.stage", *DRAWING, "PIL"},
    "pagereel.stage": {CACHE, STORY, ERRORS, ASSETS, OPTIONS, "pagereel.fast", *DRAWING},
    "pagereel.fast": {
        *(ERRORS, KEPT, CORES, "manim", "numpy", "PIL", "av", "cairo", "srt", "tqdm"),
    },
    "pagereel.render": {ERRORS, KEPT, ASSETS, "pagereel"},
    **{f"pagereel.check.{module}": {*ASKED, *WORDING} for module in CHECK_COMMAND},
    "pagereel.check.plugin": {"pytest"},
    "pagereel.check.fixtures": {ERRORS, "pytest"},
    "pagereel.check": {ERRORS, "manim", "manimpango", "numpy", "PIL", "srt", "pagereel"},
    "pagereel.cli": {
        *(CACHE, STORY, ERRORS, ASSETS, "pagereel.doctor", "pagereel.check.command"),
        *("pagereel.render.catalog", "pagereel.render.command", "pagereel.render.film", OPTIONS),
        "pagereel.trace.command",
        "pagereel.stage.theme",  # it does not import manim
    },
    "pagereel.doctor": {ERRORS, ASSETS},
    "pagereel.assets": {ERRORS},
    "pagereel.recorder": set(),
    "pagereel.adapters": {"pagereel.recorder"},
    "pagereel.errors": set(),
    "pagereel.kept": set(),
    "pagereel.options": set(),
    "pagereel.__main__": {"pagereel.cli"},
    "pagereel": set(),
}


def name_of(module: Path) -> str:
    parts = module.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(module: Path) -> Iterator[str]:
    """Yield the modules that a module imports, for types only and in functions, too."""
    for node in ast.walk(ast.parse(module.read_bytes())):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(source), names=names, level=0):
                # `from pagereel import assets` imports a module, too
                parent = PACKAGE.parent.joinpath(*source.split("."))
                inner = [alias.name for alias in names if (parent / f"{alias.name}.py").exists()]
                yield from (f"{source}.{name}" for name in inner)
                if len(inner) < len(names):
                    yield source
            case ast.ImportFrom(level=1 | 2 | 3 as level):
                yield "." * level


def within(module: str, layer: str) -> bool:
    return module == layer or module.startswith(f"{layer}.")


def allowed(source: str, target: str) -> bool:
    if target.split(".", maxsplit=1)[0] in sys.stdlib_module_names:
        return True
    rule = next(layer for layer in MAY_IMPORT if within(source, layer))
    if target == "pagereel":  # the name and place of the package, no module of it
        return target in MAY_IMPORT[rule]
    may = {*MAY_IMPORT[rule], ".".join(rule.split(".")[:2])} - {"pagereel"}
    return any(within(target, module) for module in may)


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_imports_go_one_way(module: Path) -> None:
    source = name_of(module)
    assert [target for target in imports(module) if not allowed(source, target)] == []


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
        ("pagereel.render.run", "manim"),
        ("pagereel.render.gif", "manim"),
        ("pagereel.render.worker", "distributed"),
        ("pagereel.render.remote", "manim"),
        ("pagereel.render.worker", "pagereel.stage.scene"),
        ("pagereel.render.run", "pagereel.fast"),
        ("pagereel.check.report", "manim"),
        ("pagereel.check.runner", "numpy"),
        ("pagereel.render.command", "pagereel.check.command"),
        ("pagereel.check.command", "pagereel.render.run"),
        ("pagereel.check.session", "pagereel.stage.scene"),
        ("pagereel.stage.scene", "pagereel.check.session"),
        ("pagereel.cli", "pagereel.check.session"),
        ("pagereel.cli", "pagereel.stage.scene"),
        ("pagereel.cli", "pagereel.render.gif"),
        ("pagereel.cli", "manim"),
        ("pagereel.errors", "pagereel.cache"),
        ("pagereel.recorder", "pagereel.errors"),
        ("pagereel.adapters.vllm", "vllm"),
        ("pagereel.cache.state", "."),
    ],
)
def test_what_is_forbidden(source: str, target: str) -> None:
    assert not allowed(source, target)


def test_imports_are_seen(tmp_path: Path) -> None:
    lines = (
        "import os.path, manim as m",
        "from pagereel import assets, cli",
        "from pagereel.stage import Theme",
        "from . import cache",
        "def f():\n    from numpy import array",
    )
    (tmp_path / "module.py").write_text("\n".join(lines))
    assert sorted(imports(tmp_path / "module.py")) == [
        *(".", "manim", "numpy", "os.path"),
        *("pagereel.assets", "pagereel.cli", "pagereel.stage"),
    ]


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_files_are_short(module: Path) -> None:
    longest = LONGEST_FILE * (2.5 if name_of(module) in COPIED else 1)
    assert module.read_bytes().count(b"\n") <= longest


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


@in_a_checkout
def test_no_file_names_a_place_of_one_machine() -> None:
    place = re.compile(rb"(?<![\w.~}])/(?:home|Users|root|work|mnt|var/folders)/\w")
    assert place.search(b"in /home" + b"/somebody")
    assert [file for file in tracked_files() if place.search(file.read_bytes())] == []


@pytest.mark.parametrize("font", sorted((ROOT / "assets" / "fonts").glob("*.*")), ids=str)
def test_fonts_have_their_licence_beside_them(font: Path) -> None:
    licence = (font.parent / "LICENSE").read_text()
    assert "SIL OPEN FONT LICENSE" in licence
    assert font.stem.startswith("Liberation")
    assert "Liberation" in licence


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
