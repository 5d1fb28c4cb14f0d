"""What is asked of the rules: their defaults, pyproject.toml, and options.

This is what pyproject.toml can say::

    [tool.pagereel.check]
    ignore = ["tiny-shape"]      # off
    too-short = false            # off, too
    empty-half = 0.8             # another threshold, as it is: it does not scale

    [tool.pagereel.check.gif]    # for one output, by its name
    tiny-shape = true            # on, with the default threshold
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pagereel.check.pyproject import fault_of, read_pyproject
from pagereel.check.rules.registry import RULES
from pagereel.errors import CheckError
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pagereel.check.output import Output
    from pagereel.check.pyproject import Value

FILE = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user wants of the rules; what is named in none of the three has its default.

    Attributes
    ----------
    everywhere
        Rule -> value, for all outputs.
    by_output
        Name of an output -> rule -> value; goes before `everywhere`.
    asked
        Rule -> value, from the options; goes before all.
    """

    everywhere: Mapping[str, Value] = field(default_factory=dict)
    by_output: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    asked: Mapping[str, Value] = field(default_factory=dict)

    def limit(self, rule: str, output: Output) -> float | None:
        """Return a rule's threshold for an output; None if the rule is switched off."""
        tables = (self.asked, self.by_output.get(output.name, {}), self.everywhere)
        value = next((table[rule] for table in tables if rule in table), True)
        if isinstance(value, bool):
            return RULES[rule].limit(output) if value else None
        return value


def read_settings(
    folder: Path, *, rules: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Settings:
    """Return the settings for scenes in a folder.

    Parameters
    ----------
    folder
        The nearest pyproject.toml in it or above it counts, if there is one, and no other.
    rules
        `name=value`, where the value is a number, `on` or `off`: goes before the file.
    ignore
        Names of rules to switch off, whatever else is said; each entry may hold several, with
        commas between them.

    Raises
    ------
    CheckError
        If the file cannot be read, or a rule or its value is not what it should be.
    """
    asked = dict(_option(text) for text in rules)
    names = (name.strip() for text in ignore for name in text.split(","))
    asked |= {_known(name, "--ignore"): False for name in names}
    file = next((path for path in _candidates(folder) if path.is_file()), None)
    if file is None:
        return Settings(asked=asked)
    everywhere, by_output = read_pyproject(file)
    return Settings(everywhere, by_output, asked)


def _candidates(folder: Path) -> list[Path]:
    folder = folder.resolve()
    return [place / FILE for place in (folder, *folder.parents)]


def _option(text: str) -> tuple[str, Value]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        raise CheckError(
            f"--rule {shown(text)}: write name=value, where value is a number, on or off"
        )
    _known(name, "--rule")
    if value in ("on", "off"):
        return name, value == "on"
    try:
        number: Value | str = float(value)
    except ValueError:
        number = value
    fault = fault_of(name, number, on="on", off="off")
    if fault:
        raise CheckError(f"--rule: {fault}")
    return name, float(number)


def _known(name: str, place: str) -> str:
    if name not in RULES:
        raise CheckError(f"{place}: unknown rule {shown(name)}; {suggestion(name, list(RULES))}")
    return name
