"""What the images of a foreseeable play are computed from, so that they need not be computed.

Such a play changes only the mobjects of its animations, by functions of manim and of this package,
see `playing.is_foreseeable`. So its images follow from what the animations and these mobjects hold,
and from those functions, whose code a version stands for. A description has all that they hold, as
bytes; two plays with the same description show the same. Where something is held that is not plain
data, or a function is not manim's or ours, there is no description.
"""

from __future__ import annotations

import enum
import functools
from fractions import Fraction
from pathlib import PurePath
from types import BuiltinFunctionType, CodeType, FunctionType, MappingProxyType, MethodType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import Animation, Camera, ImageMobject, ManimColor, Mobject, Scene, VMobject

from pagereel.fast.draw.playing import OURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MOST = 40_000  # things; more of them take longer than to compute the images
_PLAIN = (type(None), bool, int, float, str, bytes, complex, Fraction, range)
_PASSING = "original_id"  # a place in memory, which manim notes in copies
_WORLD = (Scene, Camera)  # who holds these may do anything
# What Python and manim themselves put into a class, or call only before the first image.
_HARMLESS = {
    *("__init__", "__module__", "__doc__", "__qualname__", "__annotations__", "__parameters__"),
    *("__dict__", "__weakref__", "__orig_bases__", "__firstlineno__", "__static_attributes__"),
    *("__annotate__", "__annotate_func__", "__annotations_cache__", "__repr__", "__str__"),
    *("_original__init__", "animation_overrides", "generate_points", "init_points", "init_colors"),
    *("__classdictcell__", "__abstractmethods__", "_abc_impl"),
}


class Unknown(Exception):  # noqa: N818 (the images are computed instead)
    """Something is held that cannot be described."""


def describe(animations: Iterable[Animation], numbers: Mapping[Mobject, int]) -> bytes:
    """Return a description of animations that have begun.

    Parameters
    ----------
    numbers
        Of mobjects that are shown: two may be alike, and yet one may be behind the other.

    Raises
    ------
    Unknown
        If there is none.
    """
    walk = _Walk(numbers)
    for animation in animations:
        walk.see(animation)
    return b"\n".join(walk.parts)


class _Walk:
    """Walks through all that some things hold; each is described once, and then referred to."""

    def __init__(self, numbers: Mapping[Mobject, int]) -> None:
        self._numbers = numbers
        self.parts: list[bytes] = []
        self._seen: dict[int, int] = {}
        self._held: list[object] = []  # so that no two of them get the same `id`

    def see(self, thing: Any) -> None:
        """Describe a thing and all that it holds."""
        kind = type(thing)
        if kind in _PLAIN:
            self.parts.append(f"{kind.__name__} {thing!r}".encode())
            return
        number = self._seen.get(id(thing))
        if number is not None:
            self.parts.append(b"=%d" % number)
            return
        if len(self._held) >= _MOST:
            raise Unknown
        self._seen[id(thing)] = len(self._held)
        self._held.append(thing)
        self._see_new(thing, kind)

    def _see_new(self, thing: Any, kind: type) -> None:  # noqa: C901 (a case each)
        if kind is np.ndarray:
            self._see_array(thing)
        elif kind in (list, tuple):
            self._see_all(kind.__name__, thing)
        elif kind in (dict, MappingProxyType):
            self._see_all("dict", [each for item in thing.items() for each in item])
        elif kind in (set, frozenset):
            if not all(type(each) in _PLAIN for each in thing):
                raise Unknown  # their order is that of their places in memory
            self._see_all("set", sorted(thing, key=repr))
        elif kind is FunctionType:
            self._see_function(thing)
        elif kind is MethodType:
            self._see_all("method", (thing.__func__, thing.__self__))
        elif kind is functools.partial:
            self._see_all("partial", (thing.func, thing.args, thing.keywords))
        elif isinstance(thing, type | BuiltinFunctionType | np.ufunc):
            self._see_named(thing)
        elif isinstance(thing, enum.Enum | ManimColor | PurePath | np.generic | np.dtype):
            self.parts.append(f"{kind.__qualname__} {_exact(thing)}".encode())
        elif isinstance(thing, (*_WORLD, str, int, float, set, dict)):
            raise Unknown  # of a kind of its own
        else:
            self._see_object(thing, kind)

    def _see_array(self, array: np.ndarray[Any, Any]) -> None:
        self.parts.append(f"{array.dtype.str}{array.shape}".encode())
        if array.dtype.names:
            for name in array.dtype.names:
                self._see_array(array[name])
        elif array.dtype.hasobject:
            self._see_all("objects", array.ravel().tolist())
        else:
            self.parts.append(array.tobytes())

    def _see_all(self, name: str, things: Iterable[Any]) -> None:
        things = [*things]
        self.parts.append(f"{name} {len(things)}".encode())
        for each in things:
            self.see(each)

    def _see_function(self, function: Any) -> None:
        if not is_ours(function):
            raise Unknown
        code: CodeType = function.__code__
        line = f"{function.__module__} {code.co_qualname} {code.co_firstlineno}"
        self.parts.append(f"function {line}".encode())
        try:
            cells = [cell.cell_contents for cell in function.__closure__ or ()]
        except ValueError:  # one is still empty
            raise Unknown from None
        self._see_all("cells", cells)
        self._see_all("defaults", function.__defaults__ or ())
        self.see(function.__kwdefaults__)

    def _see_named(self, thing: Any) -> None:
        module = str(getattr(thing, "__module__", ""))
        owner = getattr(thing, "__self__", None)  # a function of C may be a method of something
        if not (owner is None or type(owner).__name__ == "module"):
            raise Unknown
        if isinstance(thing, type) and not is_ours(thing) and module != "builtins":
            raise Unknown
        self.parts.append(f"{module} {getattr(thing, '__qualname__', thing)}".encode())

    def _see_object(self, thing: Any, kind: type) -> None:
        """Describe an object of a class of manim's or ours, or a mobject of any class."""
        if isinstance(thing, Mobject):
            if not is_usual(thing):
                raise Unknown
            self.parts.append(b"%d" % self._numbers.get(thing, -1))
        elif not is_ours(kind) or (isinstance(thing, Animation) and not _is_untouched(kind)):
            raise Unknown
        values = [*_slots(kind, thing), *getattr(thing, "__dict__", {}).items()]
        if isinstance(thing, list | tuple):
            values.append(("", [*thing]))
        self.parts.append(f"{kind.__module__} {kind.__qualname__} {len(values)}".encode())
        plain, others = [], []
        for item in values:
            if type(item[1]) not in _PLAIN:
                others.append(item)
            elif item[0] != _PASSING:
                plain.append(item)
        self.parts.append(repr(plain).encode())
        for name, value in others:
            self.parts.append(name.encode())
            self.see(value)


def _exact(thing: Any) -> str:
    if isinstance(thing, enum.Enum):
        return thing.name
    if isinstance(thing, ManimColor):
        return str(thing.to_rgba().tolist())
    return f"{thing.dtype} {thing.tobytes().hex()}" if isinstance(thing, np.generic) else str(thing)


def _slots(kind: type, thing: Any) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(thing, name)) for name in _slots_of(kind) if hasattr(thing, name))


@functools.cache
def _slots_of(kind: type) -> tuple[str, ...]:
    found = []
    for each in kind.__mro__:
        slots = vars(each).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            is_private = name.startswith("__") and not name.endswith("__")
            found.append(f"_{each.__name__.lstrip('_')}{name}" if is_private else name)
    return tuple(name for name in found if name not in {"__dict__", "__weakref__"})


def is_ours(thing: Any) -> bool:
    """Return whether a function or class is of manim or of this package."""
    return str(getattr(thing, "__module__", "")).startswith(OURS)


@functools.cache
def _is_untouched(kind: type) -> bool:
    """Return whether nobody has put other functions into a class of manim's or ours."""
    functions = (
        getattr(value, "fget", None) or getattr(value, "__func__", value)
        for each in kind.__mro__
        if is_ours(each)
        for value in vars(each).values()
    )
    return all(is_ours(each) for each in functions if isinstance(each, FunctionType))


def is_usual(mobject: Mobject) -> bool:
    """Return whether a mobject has nothing of its own in place of what manim's classes have.

    Then what it is drawn from, and how it changes, is in its attributes.
    """
    return _is_usual_class(cast("Any", type(mobject))) and _methods().isdisjoint(mobject.__dict__)


@functools.cache
def _is_usual_class(kind: type) -> bool:
    return not any(
        name in _names() and name not in _HARMLESS
        for each in kind.__mro__
        if each is not object and not (is_ours(each) and _is_untouched(each))
        for name in vars(each)
    )


@functools.cache
def _names() -> frozenset[str]:
    """Return what manim's mobjects have, classes and instances."""
    things: tuple[Mobject, ...] = (VMobject(), ImageMobject(np.zeros((1, 1), np.uint8)))
    return frozenset(name for each in things for name in (*dir(each), *vars(each)))


@functools.cache
def _methods() -> frozenset[str]:
    kinds = (VMobject, ImageMobject)
    return frozenset(name for kind in kinds for name in dir(kind) if callable(getattr(kind, name)))
