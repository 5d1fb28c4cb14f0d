"""What the source of a file says about its scenes, without running it.

To run a file takes a process that imports manim, and seconds. Most files say plainly which scenes
they define: their classes stand at the top level, and have bases that are manim's, ours, or of the
same file. Where anything else could make or unmake a scene, the answer is that it is not certain.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from pagereel.assets import STORIES
from pagereel.errors import RequestError
from pagereel.kinds import Unreadable, read_whole
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_BYTES = 256 * 1024
"""Of a file of scenes; Python needs up to 700 times as much memory to parse it."""


class Tells(Enum):
    """What a scene is made from, known by the class attribute that names its default."""

    STORY = "default_story"
    TRACE = "default_trace"
    PAIR = "default_traces"


@dataclass(frozen=True, slots=True)
class SceneSource:
    """A scene class: its file and name, and what its source says about it.

    Attributes
    ----------
    summary
        The first line of its docstring.
    tells
        What it is made from; None for a scene that is not one of ours.
    default
        The name of its default story or trace, where its source says it plainly.
    """

    file: Path
    name: str
    summary: str = ""
    tells: Tells | None = None
    default: str = ""

    @property
    def story(self) -> Path:
        """The file of its default story."""
        return STORIES / self.default


@dataclass(slots=True)
class Reading:
    """What the source of a file says.

    Attributes
    ----------
    scenes
        The scenes that it plainly defines, by name, in the order of their definition.
    is_certain
        Whether these are all, and nothing but scenes.
    names
        All names that it binds; None if an `import *` may bind others.
    """

    scenes: dict[str, SceneSource] = field(default_factory=dict)
    is_certain: bool = True
    names: set[str] | None = None


def read_source(file: Path) -> Reading:
    """Read the source of a file.

    Raises
    ------
    RequestError
        If the file cannot be read or is not Python.
    """
    reader = _Reader(file)
    tree = _parse(file)
    reader.read(tree)
    return reader.reading


def no_such_scene(file: Path, name: str, known: Sequence[str]) -> RequestError:
    """Return the error for a name that no scene of a file has; `known` are its scenes."""
    hint = suggestion(name, known) if known else "no class in it is a scene"
    return RequestError(f"{file}: there is no scene {shown(name)} in it; {hint}")


def read_bytes(file: Path) -> bytes:
    """Return what is in a file.

    Raises
    ------
    RequestError
        If it cannot be read.
    """
    try:
        return read_whole(file, most=MOST_BYTES)
    except Unreadable as error:
        raise RequestError(f"{file}: {error}") from None


def _parse(file: Path) -> ast.Module:
    """Parse a file's source as Python itself would read it, whatever its encoding."""
    try:
        return ast.parse(read_bytes(file))
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise RequestError(
            f"{file}{line}: this is not valid Python: {error.msg}; correct it"
        ) from error
    except ValueError as error:  # null bytes, before Python 3.12
        raise RequestError(f"{file}: this is not valid Python: {error}; correct it") from error
    except (RecursionError, MemoryError) as error:  # what Python's parser says of deep nesting
        raise RequestError(f"{file}: an expression is nested too deeply; divide it") from error


@dataclass(frozen=True, slots=True)
class _Class:
    """A class, or any other value, as far as it matters here.

    Attributes
    ----------
    is_scene
        Whether it is derived from manim's `Scene`.
    constructs
        Whether it has a `construct` that is not manim's empty one.
    default
        What it is made from, and the name of its default.
    """

    is_scene: bool = False
    constructs: bool = False
    default: tuple[Tells | None, str] = (None, "")


_Library: TypeAlias = str  # a module, by its full name
_OTHER = _Class()
_SCENE = _Class(is_scene=True)

# All scene classes of these, and nothing else in them, have names that end with "Scene"; none of
# them has a `construct` of its own.
_DRAWING = {"manim", "pagereel"}
# Any of these can define a class, or change one, where nobody would look for it.
_TELLTALE = {
    *("globals", "locals", "vars", "exec", "eval", "setattr", "delattr", "modules", "new_class"),
    *("__import__", "_getframe", "currentframe", "ABC", "ABCMeta", "abstractmethod", "__class__"),
}


class _Reader:
    """Follows the statements of a module as they bind names.

    Attributes
    ----------
    reading
        What has been found so far.
    """

    def __init__(self, file: Path) -> None:
        self.reading = Reading()
        self._file = file
        self._bound: dict[str, _Class | _Library | None] = {}  # None: to something unknown
        self._has_manims_names = self._has_unknown_names = False

    def read(self, tree: ast.Module) -> None:
        """Read all statements."""
        for node in tree.body:
            self._read(node)
        for statement in tree.body:
            for inner in ast.walk(statement):
                is_hidden = isinstance(inner, ast.ClassDef) and inner is not statement
                if _can_define(inner) or (is_hidden and self._may_be_scene(inner)):
                    self.reading.is_certain = False
        found = self.reading.scenes
        self.reading.scenes = {name: found[name] for name in self._bound if name in found}
        if not self._has_unknown_names:
            self.reading.names = {*self._bound}

    def _may_be_scene(self, node: ast.AST) -> bool:
        return any(self._class(base) != _OTHER for base in getattr(node, "bases", ()))

    def _read(self, node: ast.stmt) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    root, _, _ = alias.name.partition(".")
                    self._bind(alias.asname or root, alias.name if alias.asname else root)
            case ast.ImportFrom():
                self._import_from(node)
            case ast.ClassDef():
                self._define(node)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                self._bind(name, _OTHER)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                self._assign(name, value)
            case ast.If(test=test, orelse=[]) if _is_never_true(test):
                pass
            case _:
                for inner in ast.walk(node):
                    for name in _names_bound_by(inner):
                        self._bind(name, None)

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for alias in node.names:
            found = None if node.level else self._member(module, alias.name)
            if alias.name != "*":
                self._bind(alias.asname or alias.name, found)
            elif found == _OTHER and module.partition(".")[0] in _DRAWING:
                self._has_manims_names = True
            elif found is None:
                self._has_unknown_names = True

    def _define(self, node: ast.ClassDef) -> None:
        bases = [self._class(base) for base in node.bases]
        known = [base for base in bases if base is not None]
        derived = [base for base in known if base.is_scene]
        own = _has_construct(node)
        mixed_in = any(base.constructs for base in known if not base.is_scene)
        if len(known) < len(bases) or own is None or (derived and mixed_in and not own):
            self.reading.is_certain = False
        if derived and (node.decorator_list or node.keywords):
            self.reading.is_certain = False
        own_default = _default(node)
        tells, default = next(
            (each for each in (own_default, *(base.default for base in derived)) if each[0]),
            own_default,
        )
        constructs = bool(own) or any(base.constructs for base in derived)
        self.reading.scenes.pop(node.name, None)
        self._bound[node.name] = _Class(bool(derived), constructs, (tells, default))
        if derived and constructs and not node.name.startswith("_"):
            summary = (ast.get_docstring(node) or "").split("\n")[0]
            found = SceneSource(self._file, node.name, summary, tells, default)
            self.reading.scenes[node.name] = found

    def _assign(self, name: str, value: ast.expr) -> None:
        if isinstance(value, ast.Name | ast.Attribute):
            self._bind(name, self._class(value))
            return
        used = [node for node in ast.walk(value) if isinstance(node, ast.Name)]
        is_called = any(isinstance(node, ast.Call) for node in ast.walk(value))
        if is_called and any(getattr(self._class(each), "is_scene", False) for each in used):
            self.reading.is_certain = False
        self._bind(name, None if is_called else _OTHER)

    def _bind(self, name: str, value: _Class | _Library | None) -> None:
        if name in self.reading.scenes:
            self.reading.is_certain = False
        self._bound[name] = value

    def _class(self, node: ast.expr) -> _Class | None:
        """Return what an expression stands for; None if that is not certain."""
        match node:
            case ast.Subscript(value=value):
                return self._class(value)
            case ast.Name(id=name):
                found = self._named(name)
                return _OTHER if isinstance(found, _Library) else found
            case ast.Attribute(value=value, attr=name):
                module = self._module(value)
                return None if module is None else self._member(module, name)
        return None

    def _named(self, name: str) -> _Class | _Library | None:
        if name in self._bound:
            return self._bound[name]
        if self._has_unknown_names:
            return None
        if self._has_manims_names:
            return _SCENE if name.endswith("Scene") else _OTHER
        return _OTHER if hasattr(builtins, name) else None

    def _module(self, node: ast.expr) -> _Library | None:
        match node:
            case ast.Name(id=name):
                found = self._bound.get(name)
                return found if isinstance(found, _Library) else None
            case ast.Attribute(value=value, attr=name):
                above = self._module(value)
                return above and f"{above}.{name}"
        return None

    def _member(self, module: _Library, name: str) -> _Class | None:
        """Return what a module has by a name; None if that is not certain."""
        root, _, _ = module.partition(".")
        if root in _DRAWING and not module.startswith("pagereel.assets"):
            return _SCENE if name.endswith("Scene") else _OTHER
        beside = self._file.parent / root
        # Not Path.exists, which raises where a name is too long.
        is_beside = os.path.exists(beside) or os.path.exists(f"{beside}.py")  # noqa: PTH110
        is_known = root == "numpy" or root in sys.stdlib_module_names
        return _OTHER if is_known and not is_beside else None


def _can_define(node: ast.AST) -> bool:
    """Return whether a node can make, change or replace a class unseen."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _TELLTALE:
            return True
        case ast.Attribute(attr="construct", ctx=ast.Store() | ast.Del()):
            return True
        case ast.Call(func=ast.Name(id="type"), args=[_, _, *_]):
            return True
    return False


def _is_never_true(test: ast.expr) -> bool:
    """Return whether a condition does not hold where manim runs the file."""
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()]):
            return True
    return False


def _names_bound_by(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [(alias.asname or alias.name).partition(".")[0] for alias in names]
    return []


def _has_construct(node: ast.ClassDef) -> bool | None:
    """Return whether the body of a class defines `construct`; None if that is not certain."""
    found: bool | None = False
    for statement in node.body:
        match statement:
            case ast.FunctionDef(name="construct", decorator_list=[]):
                raised = (name for inner in ast.walk(statement) for name in _raised_by(inner))
                found = None if "NotImplementedError" in raised else True
            case ast.FunctionDef():
                pass
            case _:
                inner = (name for each in ast.walk(statement) for name in _names_bound_by(each))
                if "construct" in inner:
                    return None
    return found


def _raised_by(node: ast.AST) -> list[str]:
    match node:
        case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
            return [name]
    return []


def _default(node: ast.ClassDef) -> tuple[Tells | None, str]:
    """Return what a scene is made from, and the name of its default."""
    for statement in node.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ) if name in {each.value for each in Tells}:
                plain = value.value if isinstance(value, ast.Constant) else ""
                return Tells(name), plain if isinstance(plain, str) else ""
    return None, ""
