"""Strict reading of one table of a TOML file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pagereel.languages import columns
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pagereel.errors import PagereelError
    from pagereel.toml.source import Source


# Control, format (bidirectional and zero-width ones among them), surrogate, private, unassigned,
# and the two separators that break lines. Nobody sees these, or everybody sees them differently.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_MARKUP = re.compile(r"</?[A-Za-z!?][^<>]*>|&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]+);")


def text_fault(text: str, *, longest: int) -> str | None:
    """Return why a text cannot stand on screen.

    Parameters
    ----------
    text
        The text.
    longest
        How many characters it may have.

    Returns
    -------
    str or None
        What is wrong and what to do, to follow the name of the text; None if nothing is wrong.
    """
    if not text.strip():
        return "is blank; write some text or leave it out"
    if len(text) > longest:
        return f"has {len(text)} characters; at most {longest} fit"
    if (wide := columns(text)) > longest:
        return (
            f"is as wide as {wide} Latin letters (a Chinese, Japanese or Korean one counts as "
            f"two); at most {longest} fit"
        )
    for character in text:
        if unicodedata.category(character) in _UNSEEN:
            return f"has the invisible character U+{ord(character):04X}; use plain text on one line"
    markup = _MARKUP.search(text)
    if markup:
        return f"has the markup {markup[0][:20]}; use plain text"
    return None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its place in the file.

    Every reading method but `needed_text` returns None where the key is missing. All raise the
    file's kind of error where the value is not what it should be.

    Parameters
    ----------
    source
        The file.
    values
        Key -> value.
    path
        Where the table stands in the file's data.
    label
        What messages begin with, such as ``event 3 (expand B)``.
    """

    source: Source
    values: Mapping[str, Any]
    path: tuple[str | int, ...] = ()
    label: str = ""

    def error(self, message: str, key: str | None = None) -> PagereelError:
        """Make an error about the table, or about one of its keys."""
        place = self.path if key is None else (*self.path, key)
        return self.source.error(f"{self.label}: {message}" if self.label else message, at=place)

    def labelled(self, label: str) -> Table:
        """Return the same table, with what messages about it begin with."""
        return Table(self.source, self.values, self.path, label)

    def allow(self, keys: Sequence[str]) -> None:
        """Refuse all other keys.

        Raises
        ------
        PagereelError
            At the first other key; it names the nearest one that is allowed, or all of them.
        """
        for key in self.values:
            if key not in keys:
                message = f"unknown key {shown(key)}; {suggestion(key, keys)}"
                raise self.error(message, key)

    def table(self, key: str) -> Table | None:
        """Read a table within this one."""
        value, path = self.values.get(key), (*self.path, key)
        if value is not None and not isinstance(value, dict):
            name = ".".join(map(str, path))
            raise self.error(f"{name} must be a table, not {shown(value)}", key)
        return None if value is None else Table(self.source, value, path)

    def tables(self, key: str) -> tuple[Table, ...] | None:
        """Read a list of at least one table."""
        values = self._typed(key, list, "a list of tables")
        if values is None:
            return None
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.error(f"{key} must be tables; begin each with [[{key}]]", key)
        places = ((*self.path, key, number) for number in range(len(values)))
        return tuple(map(Table, [self.source] * len(values), values, places))

    def flag(self, key: str) -> bool | None:
        """Read true or false."""
        value: bool | None = self._typed(key, bool, "true or false")
        return value

    def decimal(self, key: str, *, least: float, most: float) -> float | None:
        """Read a number, whole or not."""
        value = self.values.get(key)
        if value is None:
            return None
        if type(value) not in {int, float}:
            raise self.error(f"{key} must be a number, not {shown(value)}", key)
        if not least <= value <= most:  # nor is NaN
            raise self.error(f"{key} must be from {least} to {most}, not {shown(value)}", key)
        return float(value)

    def name(self, key: str) -> str | None:
        """Read text that is not shown, such as the name of a policy."""
        value: str | None = self._typed(key, str, "text in quotes")
        return value

    def text(self, key: str, *, longest: int) -> str | None:
        """Read text that is shown on screen, of at most `longest` characters."""
        value = self.name(key)
        fault = None if value is None else text_fault(value, longest=longest)
        if fault:
            raise self.error(f"{key} {fault}", key)
        return value

    def needed_text(self, key: str, *, longest: int) -> str:
        """Read text that is shown on screen and has to be there."""
        value = self.text(key, longest=longest)
        if value is None:
            raise self.error(f'{key} is missing; add {key} = "…"')
        return value

    def texts(self, key: str, *, longest: int) -> tuple[str, ...] | None:
        """Read a list of texts that are shown on screen, each of at most `longest` characters."""
        value = self._typed(key, list, "a list of texts")
        for entry in value or ():
            if type(entry) is not str:
                raise self.error(f"{key} must be a list of texts, but has {shown(entry)}", key)
            fault = text_fault(entry, longest=longest)
            if fault:
                raise self.error(f"{key}: {shown(entry)} {fault}", key)
        return None if value is None else tuple(value)

    def all_texts(self) -> Iterator[str]:
        """Yield all texts in the table and in what it holds, whatever they are for."""
        todo: list[Any] = [self.values]
        while todo:
            value = todo.pop()
            if isinstance(value, str):
                yield value
            elif isinstance(value, dict):
                todo += value.values()
            elif isinstance(value, list):
                todo += value

    def number(self, key: str, *, least: int, most: int | None = None) -> int | None:
        """Read a whole number."""
        value: int | None = self._typed(key, int, "a whole number")
        if value is None or (value >= least and (most is None or value <= most)):
            return value
        limits = f"{least} or more" if most is None else f"from {least} to {most}"
        raise self.error(f"{key} must be {limits}, not {shown(value)}", key)

    def numbers(self, key: str) -> tuple[int, ...] | None:
        """Read a list of whole numbers."""
        value = self._typed(key, list, "a list of whole numbers")
        for entry in value or ():
            if type(entry) is not int:
                raise self.error(
                    f"{key} must be a list of whole numbers, but has {shown(entry)}", key
                )
        return None if value is None else tuple(value)

    def _typed(self, key: str, kind: type, words: str) -> Any:
        value = self.values.get(key)
        # Not isinstance: to Python, true is a number.
        if value is not None and type(value) is not kind:
            raise self.error(f"{key} must be {words}, not {shown(value)}", key)
        return value
