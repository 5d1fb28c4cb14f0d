"""What a check looks for: one file for each rule, which holds a class derived from `Rule`.

A rule bears the name of its file. Its facts are read from the source of the file: importing it
would import manim, and the options, settings and help of the check must be ready before that.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, cast

from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pagereel.check.output import Output
    from pagereel.check.see.parts import Hit, Look, Moment, View

SHORT_SIDE = 1080
"""Pixels of the short side of the picture that thresholds in pixels are given for."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a user can know of a rule before a scene is played.

    Attributes
    ----------
    says
        What must hold, in words.
    unit
        The threshold's unit, to follow the number; empty for a rule that is only on or off.
    default
        The threshold; for a rule that scales, of a picture whose short side is `SHORT_SIDE`.
    most
        The largest threshold that makes sense.
    scales
        Whether the threshold grows and shrinks with the picture's short side.
    least
        The smallest threshold that it shrinks to.
    gif
        The threshold for a GIF, where that is another one.
    source
        Where the default comes from.
    taste
        Whether it is a matter of taste, and not of what can be read: only who asks gets it.
    """

    says: str
    unit: str
    default: float
    most: float = 10_000.0
    scales: bool = False
    least: float = 0.0
    gif: float | None = None
    source: str = "pagereel's own videos"
    taste: bool = False

    def limit(self, output: Output) -> float:
        """Return the threshold for an output, if the user has set none."""
        if self.gif is not None and output.name == "gif":
            return self.gif
        if not self.scales:
            return self.default
        return max(self.least, self.default * min(output.width, output.height) / SHORT_SIDE)

    @property
    def kind(self) -> str:
        """What it is about: legibility (on for everybody), or taste (on if asked for)."""
        return "taste" if self.taste else "legibility"

    @property
    def threshold(self) -> str:
        """The default in words, such as `22 px (not under 9 px; GIF: 9 px)`."""
        if not self.unit:
            return "on"
        notes = [f"not under {self.least:g} {self.unit}"] if self.least else []
        notes += [] if self.gif is None else [f"GIF: {self.gif:g} {self.unit}"]
        return f"{self.default:g} {self.unit}" + (f" ({'; '.join(notes)})" if notes else "")


class Rule:
    """A rule, as it is applied to one scene in one output.

    Every rule has its `facts` and at least one of the methods `at_rest`, `follow` and `end`, which
    yield a hit for each thing that is wrong.

    Parameters
    ----------
    limit
        The threshold, for this output.
    """

    name: ClassVar[str]
    """As settings, comments and findings name it: the name of its file, with hyphens."""
    facts: ClassVar[Facts]
    """All values are literals: they are read from the source."""
    part_of: ClassVar[frozenset[str]] = frozenset()
    """Rules whose hits, at the same rest, are the same fault if they are about the same mobject."""

    def __init_subclass__(cls) -> None:
        cls.name = _name(cls.__module__.rpartition(".")[2])

    def __init__(self, limit: float) -> None:
        self.limit = limit

    def at_rest(self, view: View) -> Iterable[Hit]:
        """Look at the picture that a play or wait ends with, if it is not the one before."""
        del view
        return ()

    def follow(self, look: Look) -> Iterable[Hit]:
        """Look at a scene while it plays: 20 times a second, and at the end of each play."""
        del look
        return ()

    def end(self, moment: Moment) -> Iterable[Hit]:
        """Judge the scene as a whole, when it has ended."""
        del moment
        return ()

    def close(self) -> None:
        """Release what the rule holds; called even if the scene raises."""


# Only this is parsed, as every command has to wait for it.
_FACTS = re.compile(r"^    facts = (Facts\(.*?^    \))$", re.DOTALL | re.MULTILINE)


def _name(stem: str) -> str:
    return stem.replace("_", "-")


def _read_facts(file: Path) -> Facts:
    (facts,) = _FACTS.findall(file.read_text(encoding="utf-8"))
    call = cast("ast.Call", ast.parse(facts, mode="eval").body)
    return Facts(**{str(word.arg): ast.literal_eval(word.value) for word in call.keywords})


_FILES = sorted(Path(__file__).parent.glob("[!_]*.py"))
RULES: Mapping[str, Facts] = MappingProxyType({_name(f.stem): _read_facts(f) for f in _FILES})
"""The facts of all rules, by name."""


def unknown_rule(name: str) -> str:
    """Return the message about a name that is not a rule's."""
    return f"unknown rule {shown(name)}; {suggestion(name, list(RULES))}"


def load_rules() -> list[type[Rule]]:
    """Import all rules, with all that they need; return their classes."""
    modules = [import_module(f"{__name__}.{file.stem}") for file in _FILES]
    return [
        member
        for module in modules
        for member in vars(module).values()
        if isinstance(member, type)
        and member.__module__ == module.__name__
        and issubclass(member, Rule)
    ]


def markdown_table() -> str:
    """Return all rules as a Markdown table, without a line end after its last row."""
    rows = (
        f"| `{name}` | {facts.kind} | {facts.threshold} | {facts.says} | {facts.source} |"
        for name, facts in RULES.items()
    )
    heading = "| rule | about | default | what must hold | from |"
    return "\n".join((heading, "| --- | --- | --- | --- | --- |", *rows))
