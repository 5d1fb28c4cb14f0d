"""What a check looks for: one file for each rule, which holds a class derived from `Rule`.

The facts of a rule are read from the source of its file. Importing it would import manim, and the
options, the settings and the help of the check must be ready before that.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pagereel.check.output import Output
    from pagereel.check.see.parts import Hit, Look, Moment, View

SHORT_SIDE = 1080
"""Pixels of the short side of the picture that thresholds in pixels are given for."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a user can know of a rule before a scene is played.

    Attributes
    ----------
    name
        As settings, comments and findings name it; also the name of its file.
    says
        What must hold, in words.
    unit
        What the threshold counts, to follow the number; empty for a rule that is only on or off.
    default
        The threshold; for a rule that scales, of a picture whose short side is `SHORT_SIDE`.
    most
        The largest threshold that makes sense.
    scales
        Whether the threshold grows and shrinks with the picture's short side.
    least
        What it never shrinks below.
    gif
        The threshold of a GIF, where it has one of its own.
    source
        Where the default comes from.
    """

    name: str
    says: str
    unit: str
    default: float
    most: float = 10_000.0
    scales: bool = False
    least: float = 0.0
    gif: float | None = None
    source: str = "pagereel's own videos"

    def limit(self, output: Output) -> float:
        """Return the threshold for an output, where the user has set none."""
        if self.gif is not None and output.name == "gif":
            return self.gif
        if not self.scales:
            return self.default
        return max(self.least, self.default * min(output.width, output.height) / SHORT_SIDE)

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

    Every rule has its `facts` and at least one of the methods `at_rest`, `follow` and `end`. Each
    of them yields what is wrong.

    Parameters
    ----------
    limit
        The threshold, for this output.
    """

    facts: ClassVar[Facts]
    """All values are literals: they are read from the source."""

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
        """Release what the rule has taken hold of; called whatever the scene does."""


# Only this is parsed, as every command has to wait for it.
_FACTS = re.compile(r"^    facts = (Facts\(.*?^    \))$", re.DOTALL | re.MULTILINE)


def _read_facts() -> Iterator[Facts]:
    for file in sorted(Path(__file__).parent.glob("[!_]*.py")):
        for facts in _FACTS.findall(file.read_text(encoding="utf-8")):
            call = cast("ast.Call", ast.parse(facts, mode="eval").body)
            yield Facts(**{str(word.arg): ast.literal_eval(word.value) for word in call.keywords})


RULES: Mapping[str, Facts] = MappingProxyType({facts.name: facts for facts in _read_facts()})
"""All rules, by name."""


def load_rules() -> list[type[Rule]]:
    """Import all rules, with all that they need; return their classes."""
    return [
        member
        for name in RULES
        for member in vars(import_module(f"{__name__}.{name.replace('-', '_')}")).values()
        if isinstance(member, type) and vars(member).get("facts") == RULES[name]
    ]


def markdown_table() -> str:
    """Return all rules as a Markdown table, without a line end after its last row."""
    rows = (
        f"| `{rule.name}` | {rule.threshold} | {rule.says} | {rule.source} |"
        for rule in RULES.values()
    )
    return "\n".join(
        ("| rule | default | what must hold | from |", "| --- | --- | --- | --- |", *rows)
    )
