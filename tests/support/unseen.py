"""Functions that pass for manim's own, which may do what they like in any process."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable


P = ParamSpec("P")
R = TypeVar("R")


def unseen(function: Callable[P, R]) -> Callable[P, R]:
    """Return the same function, as if it were in a module of manim's."""
    given: Any = function
    names = {**given.__globals__, "__name__": "manim.test"}
    made: Any = FunctionType(
        given.__code__, names, given.__name__, given.__defaults__, given.__closure__
    )
    made.__module__ = "manim.test"  # so that a play with it may be jumped over
    return made  # type: ignore[no-any-return]
