"""Finds the files that a scene is made from by reading its source; running it would import manim.

Modules that are imported without an `import` statement are not found, nor are files whose names
the scene puts together.
"""

from __future__ import annotations

import ast
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pagereel
from pagereel import assets
from pagereel.discovery.source import MOST_BYTES
from pagereel.discovery.stories import files_of
from pagereel.kinds import Unreadable, read_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST_NAME = 200
_PACKAGE = Path(pagereel.__file__).parent
# An import of a module of ours, which is formatted and without comments here.
_IMPORT = re.compile(r"^ *(?:from ([\w.]+) import (\([^)]*\)|.+)|import (.+))$", re.MULTILINE)


def sources_of(file: Path, modules: Iterable[str] = ()) -> list[Path]:
    """Return the files that a scene's pictures depend on, sorted.

    They are the file itself; the modules that it imports, directly or not, from its folder or from
    pagereel; pagereel's fonts and languages; the files that it names, if they are beside it, in the
    current folder or among pagereel's assets; all of pagereel's stories, if it names none; and the
    traces that stories name.

    Parameters
    ----------
    modules
        Further modules and packages of pagereel that the pictures depend on.
    """
    own = _reached(file.parent, [file])
    named = {path for source in own for path in _named_in(source, file.parent)}
    if not any(path.parent == assets.STORIES for path in named):
        named.update(assets.STORIES.glob("*"))
    named.update(*(files_of(path) for path in named if path.suffix == ".toml"))
    places = [_PACKAGE.parent.joinpath(*module.split(".")) for module in modules]
    drawing = [inner for place in places for inner in (*place.rglob("*.py"), _file_of(place))]
    found = own | _reached(file.parent, [inner for inner in drawing if inner]) | named
    for folder in ("fonts", "languages"):
        found.update(path for path in (assets.ROOT / folder).rglob("*") if path.is_file())
    return sorted(found)


def forget_sources() -> None:
    """Forget what was read of files, as they may have changed."""
    for kept in (_needed_by, _found_at, _parsed):
        kept.cache_clear()


def _reached(folder: Path, files: Iterable[Path]) -> set[Path]:
    """Return files, and all files that they import, directly or not."""
    found: set[Path] = set()
    todo = [*files]
    while todo:
        file = todo.pop()
        if file not in found:
            found.add(file)
            todo.extend(_needed_by(file, folder))
    return found


@cache
def _needed_by(file: Path, folder: Path) -> tuple[Path, ...]:
    """Return the files that a file imports, from pagereel or from `folder`."""
    roots = {"pagereel": _PACKAGE.parent}
    needed = {}
    for level, module in _imports_of_ours(file) if _is_ours(file) else _imports(file):
        above = file.parents[: max(level, 1)][-1]
        root = above if level else roots.get(module[0], folder)
        needed.update(dict.fromkeys(_files_of(root, module)))
    return tuple(needed)


def _files_of(root: Path, module: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of a module and of its packages that exist."""
    place = str(root)
    for name in module:
        place = os.path.join(place, name)  # noqa: PTH118 (asked a thousand times; a path is slow)
        file, is_folder = _found_at(place)
        if file is not None:
            yield file
        if not is_folder:
            return


@cache
def _found_at(place: str) -> tuple[Path | None, bool]:
    """Return the file of a module or package, and whether it may have modules below it."""
    return _file_of(Path(place)), os.path.isdir(place)  # noqa: PTH112 (a name may hold anything)


def _file_of(place: Path) -> Path | None:
    for file in (place / "__init__.py", place.with_name(f"{place.name}.py")):
        if os.path.isfile(file):  # noqa: PTH113 (Path.is_file raises where a name is too long)
            return file
    return None


@cache
def _parsed(file: Path) -> ast.Module:
    """Parse a file; one that is not valid, or too large to be written by hand, counts as empty."""
    try:
        return ast.parse(read_whole(file, most=MOST_BYTES))
    except (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _is_ours(file: Path) -> bool:
    return file.is_relative_to(_PACKAGE)


def _imports_of_ours(file: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield what a module of pagereel imports, as `_imports` does.

    There are many. To parse them would take as long as to draw a short scene.
    """
    text = re.sub("#.*", "", file.read_text(encoding="utf-8"))
    for source, names, modules in _IMPORT.findall(text):
        above = (*source.split("."),) if source else ()
        for name in (names or modules).strip("()\n ").rstrip(", \n").split(","):
            yield 0, (*above, *name.split()[0].split("."))


def _imports(file: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield what a file imports, each with the number of dots before it."""
    for node in _statements(_parsed(file)):
        match node:
            case ast.Import(names=names):
                yield from ((0, tuple(alias.name.split("."))) for alias in names)
            case ast.ImportFrom(module=source, names=names, level=level):
                # What is imported from a package may be a module of it.
                parts = source.split(".") if source else []
                yield from ((level, (*parts, alias.name)) for alias in names)


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all statements, nested ones too; expressions, most of a file, contain none."""
    todo = [tree]
    while todo:
        node = todo.pop()
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, field, None)
            if isinstance(inner, list):  # a lambda has a body, too
                todo += inner
        yield node


def _named_in(source: Path, folder: Path) -> Iterator[Path]:
    """Yield the files that strings in a source name."""
    if _is_ours(source):
        return
    for node in ast.walk(_parsed(source)):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if "." not in node.value or "\0" in node.value or len(node.value) > _LONGEST_NAME:
            continue
        for place in (Path(), folder, assets.ROOT, assets.STORIES, assets.TRACES):
            if os.path.isfile(place / node.value):  # noqa: PTH113 (see above)
                yield place / node.value
