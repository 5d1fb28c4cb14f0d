"""Strict reading of one line of a trace: a JSON object with known keys and types."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# Whole numbers that every reader of JSON keeps as they are.
MOST = 2**53 - 1
LONGEST_NAME = 256
LONGEST_TEXT = 1000
NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_:@#+=/-]|\.(?!\.))*"
_NAME = re.compile(NAME)


class Fault(Exception):  # noqa: N818 (it becomes an error where file and line are known)
    """What is wrong with a line, and what to do."""


def decode(text: str) -> dict[str, Any]:
    """Read one line of JSON, with its line end if it has one.

    Raises
    ------
    Fault
        If it is not one JSON object, or names a key twice.
    """
    try:
        values = _DECODER.decode(text.removesuffix("\n"))
    except json.JSONDecodeError as error:
        if not text.endswith("\n"):
            raise Fault("the line is cut off; remove it, or record the trace anew") from None
        message = f"this is not JSON: {error.msg} (column {error.colno}); mend this line"
        raise Fault(message) from None
    except (ValueError, RecursionError):
        # Python's limits for the digits of a number and for nesting.
        raise Fault("this has too many digits or brackets; write less") from None
    if type(values) is not dict:
        raise Fault(f"a line must be a JSON object, not {shown(values)}; mend this line")
    return values


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Fault(f"the key {shown(key)} is there twice; remove one")
            seen.add(key)
    return values


def _constant(name: str) -> None:
    raise Fault(f"{name} is not JSON; write a whole number")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant)


class Fields:
    """The keys of one line.

    Every reading method returns None where the key is missing, and raises `Fault` where its value
    is not what it should be.

    Parameters
    ----------
    values
        Key -> value.
    """

    __slots__ = ("values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def allow(self, keys: Collection[str]) -> None:
        """Refuse all other keys."""
        for key in self.values:
            if key not in keys:
                raise Fault(f"unknown key {shown(key)}; {suggestion(key, tuple(keys))}")

    def number(self, key: str, *, least: int, most: int = MOST) -> int | None:
        """Read a whole number."""
        if key not in self.values:
            return None
        value = self.values[key]
        # Not isinstance: to Python, true is a number.
        if type(value) is not int:
            raise Fault(f"{key} must be a whole number, not {shown(value)}")
        if not least <= value <= most:
            raise Fault(f"{key} must be from {least} to {most}, not {shown(value)}")
        return value

    def needed_number(self, key: str, *, least: int, most: int = MOST) -> int:
        """Read a whole number that must be there."""
        value = self.number(key, least=least, most=most)
        if value is None:
            raise Fault(f"{key} is missing; add it")
        return value

    def numbers(self, key: str) -> tuple[int, ...] | None:
        """Read a list of whole numbers."""
        return _numbers(key, self.values[key]) if key in self.values else None

    def needed_numbers(self, key: str) -> tuple[int, ...]:
        """Read a list of whole numbers that must be there."""
        if key not in self.values:
            raise Fault(f"{key} is missing; add it")
        return _numbers(key, self.values[key])

    def text(self, key: str) -> str | None:
        """Read text for people, on one line."""
        if key not in self.values:
            return None
        value = self.values[key]
        if type(value) is not str:
            raise Fault(f"{key} must be text in quotes, not {shown(value)}")
        if len(value) > LONGEST_TEXT:
            raise Fault(f"{key} has {len(value)} characters; at most {LONGEST_TEXT} fit")
        if not value.isprintable():
            raise Fault(f"{key} has invisible characters: {shown(value)}; use plain text")
        return value

    def task(self) -> str:
        """Read the name of a task, which must be there."""
        if "task" not in self.values:
            raise Fault("task is missing; add it")
        value: str = self.values["task"]
        fault = _name_fault(value)
        if fault:
            raise Fault(f"task {fault}")
        return value

    def tables(self) -> dict[str, tuple[int, ...]] | None:
        """Read page tables."""
        if "tables" not in self.values:
            return None
        value = self.values["tables"]
        if type(value) is not dict:
            raise Fault(f"tables must be an object, not {shown(value)}")
        for task in value:
            fault = _name_fault(task)
            if fault:
                raise Fault(f"a task in tables {fault}")
        return {task: _numbers(f"tables: {task}", table) for task, table in value.items()}

    def mask(self, frames: int) -> int | None:
        """Read a free mask: all its binary digits, or hexadecimal ones after 0x."""
        if "mask" not in self.values:
            return None
        value = self.values["mask"]
        if type(value) is str:
            if len(value) == frames and not value.strip("01"):
                return int(value, 2)
            digits = value.removeprefix("0x")
            if digits != value and re.fullmatch("[0-9A-Fa-f]+", digits):
                if len(digits) > -(-frames // 4):
                    raise Fault(f"mask has {len(digits)} hexadecimal digits; too many for the pool")
                return int(digits, 16)
        raise Fault(
            f"mask must be {frames} binary digits in quotes, or 0x and hexadecimal ones, "
            f"not {shown(value)}"
        )


def _numbers(key: str, value: Any) -> tuple[int, ...]:
    if type(value) is not list:
        raise Fault(f"{key} must be a list of whole numbers, not {shown(value)}")
    for entry in value:
        if type(entry) is not int:
            raise Fault(f"{key} must be a list of whole numbers, but has {shown(entry)}")
    return tuple(value)


def _name_fault(value: object) -> str | None:
    if type(value) is str and len(value) <= LONGEST_NAME and _NAME.fullmatch(value):
        return None
    return (
        f"must be at most {LONGEST_NAME} letters, digits and ._:@#+=/-, beginning with a letter, "
        f"a digit or _, and without .., not {shown(value)}"
    )
