"""What an SVG file may hold, so that it can be drawn and nothing else happens.

Expat alone reads it: a DOCTYPE, where entities would be declared, ends the reading, and nothing
that is named in the file is looked up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from pagereel.errors import BrandError
from pagereel.kinds import Unreadable, read_whole
from pagereel.wording import shown

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 64 * 1024
_DEEPEST = 32  # elements within each other
# Drawing looks through a path again for each of its arcs and, much faster, each end of an outline:
# so many steps take about two seconds.
_MOST_WORK = 3_000_000
_FASTER = 10  # times
_ARCS = re.compile(r"[Aa][^A-DF-Za-df-z]*")
_NUMBER = re.compile(r"[\d.]+")
_LEAST = 5  # numbers of an arc: its two flags may be written without a space
_SVG = "http://www.w3.org/2000/svg"
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
# What else may be there, as it draws nothing of its own.
_SILENT = {"svg", "g", "defs", "title", "desc", "metadata", "style"}
_REFERENCES = ("url(", "@import", "javascript:", "data:")


def refuse_unsafe(path: Path) -> None:
    """Refuse a logo that cannot be drawn as it is meant, or that does more than to be drawn.

    Raises
    ------
    BrandError
        At the first thing that is wrong: file, line, what it is, what to do.
    """
    try:
        content = read_whole(path, most=_MOST_BYTES)
    except Unreadable as why:
        raise BrandError(path, f"this logo is not used: {why}") from None
    _Reading(path).read(content)


class _Reading:
    """One SVG file, while it is read."""

    def __init__(self, path: Path) -> None:
        self._path, self._depth, self._shapes, self._work = path, 0, 0, 0.0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self, content: bytes) -> None:
        try:
            self._parser.Parse(content, True)  # noqa: FBT003 (expat's: it is all there is)
        except expat.ExpatError as error:
            why = expat.ErrorString(error.code)
            message = f"this is not an SVG file: {why}; export the logo as plain SVG"
            raise BrandError(self._path, message, line=error.lineno) from None
        if not self._shapes:
            self._refuse("has no shape", "draw the logo with paths")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self._depth += 1
        if self._depth == 1 and (local != "svg" or space not in ("", _SVG)):
            self._refuse(f"is not an SVG file: it begins with {shown(local)}", "export it as SVG")
        if self._depth > _DEEPEST:
            self._refuse(f"has more than {_DEEPEST} groups within each other", "ungroup some")
        if local.lower() == "script":
            self._refuse("has a script", "remove it")
        if space in ("", _SVG) and local not in {*_SHAPES, *_SILENT}:
            advice = "use paths and plain colours"
            self._refuse(f"has <{shown(local)[1:-1]}>, which is not drawn", advice)
        self._shapes += local in _SHAPES
        for key, value in attributes.items():
            self._check(key.rpartition(" ")[2].lower(), value)

    def _check(self, key: str, value: str) -> None:
        if key.startswith("on"):
            self._refuse(f"has a script, in {shown(key)}", "remove it")
        if key in ("href", "src"):
            self._refuse(f"refers to {shown(value)}", "put everything into the file itself")
        if key == "d":
            self._work += _work(value)
        if self._work > _MOST_WORK:
            self._refuse("has too many arcs and outlines", "draw it more simply")
        self._characters(value)

    def _characters(self, text: str) -> None:
        found = next((each for each in _REFERENCES if each in text.lower()), None)
        if found:
            at = text.lower().index(found)
            self._refuse(f"refers to {shown(text[at : at + 30])}", "use paths and plain colours")

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _doctype(self, *_: object) -> None:
        self._refuse("has a DOCTYPE", "remove that line")

    def _instruction(self, target: str, _: str) -> None:
        self._refuse(f"has the instruction <?{shown(target)[1:-1]}", "remove that line")

    def _refuse(self, what: str, advice: str) -> NoReturn:
        line = self._parser.CurrentLineNumber
        raise BrandError(self._path, f"this logo {what}; {advice}", line=line)


def _work(path: str) -> float:
    """Return how many steps it takes to draw a path, at most: each number may be a piece of it."""
    arcs = sum(len(_NUMBER.findall(each)) // _LEAST for each in _ARCS.findall(path))
    ends = path.lower().count("z")
    return (arcs + ends / _FASTER) * (len(_NUMBER.findall(path)) + ends)
