"""The settings of the rules: defaults, pyproject.toml, and options.

A pyproject.toml can say::

    [tool.pagereel.check]
    ignore = ["tiny-shape"]      # off
    too-short = false            # off, too
    text-too-small = 30          # another threshold, as it is: it does not scale
    empty-half = true            # a rule of taste, which is only on if asked for

    [tool.pagereel.check.gif]    # for one output, by its name
    tiny-shape = true            # on, with the default threshold
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pagereel.check.output import is_output_name, output_names
from pagereel.check.rules import RULES, unknown_rule
from pagereel.errors import CheckError
from pagereel.toml.source import read_source
from pagereel.toml.table import Table
from pagereel.wording import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pagereel.check.output import Output

FILE = "pyproject.toml"

Value: TypeAlias = float | bool
"""A threshold, or on (the default threshold) and off."""
Values: TypeAlias = dict[str, Value]
"""Rule -> value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has set.

    A rule that is not named has its default threshold if it is about legibility, and is off if it
    is about taste.

    Attributes
    ----------
    everywhere
        Rule -> value, for all outputs.
    by_output
        Name of an output -> rule -> value; overrides `everywhere`.
    asked
        Rule -> value, from the options; overrides both.
    """

    everywhere: Mapping[str, Value] = field(default_factory=dict)
    by_output: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    asked: Mapping[str, Value] = field(default_factory=dict)

    def limit(self, rule: str, output: Output) -> float | None:
        """Return a rule's threshold for an output; None if the rule is switched off."""
        tables = (self.asked, self.by_output.get(output.name, {}), self.everywhere)
        unset = not RULES[rule].taste
        value = next((table[rule] for table in tables if rule in table), unset)
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
        Only the nearest pyproject.toml in it or above it counts, if there is one.
    rules
        `name=value`, where the value is a number, `on` or `off`; overrides the file.
    ignore
        Names of rules to switch off; overrides all else. Each entry may hold several, with commas
        between them.

    Raises
    ------
    CheckError
        If the file cannot be read, or a rule is unknown or its value is wrong.
    """
    asked = dict(_option(text) for text in rules)
    names = (name.strip() for text in ignore for name in text.split(","))
    asked |= {_known(name, "--ignore"): False for name in names}
    here = folder.resolve()
    candidates = (place / FILE for place in (here, *here.parents))
    file = next((path for path in candidates if path.exists()), None)
    if file is None:
        return Settings(asked=asked)
    everywhere, by_output = _read_pyproject(file)
    return Settings(everywhere, by_output, asked)


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
    fault = _fault_of(name, number, on="on", off="off")
    if fault:
        raise CheckError(f"--rule: {fault}")
    return name, float(number)


def _known(name: str, place: str) -> str:
    if name not in RULES:
        raise CheckError(f"{place}: {unknown_rule(name)}")
    return name


def _fault_of(name: str, value: object, *, on: str, off: str) -> str | None:
    """Return what is wrong with the value of a rule; None if nothing is.

    Parameters
    ----------
    name, value
        The rule and its value.
    on, off
        How the user would write these.
    """
    rule = RULES[name]
    switch = f"{on} or {off}"
    if isinstance(value, bool):
        return None
    if not rule.unit:
        return f"{name} is {switch}, not {shown(value)}"
    if not isinstance(value, int | float):
        return f"{name} must be a number, {switch}, not {shown(value)}"
    if 0 <= value <= rule.most:
        return None
    return f"{name} must be from 0 to {rule.most:g}, not {shown(value)}; {off} switches it off"


def _read_pyproject(path: Path) -> tuple[Values, dict[str, Values]]:
    """Return what holds for all outputs, and what for those of a name."""
    here = Path.cwd()
    source = read_source(path.relative_to(here) if path.is_relative_to(here) else path, _error)
    table = _own_table(Table(source, source.data))
    if table is None:
        return {}, {}
    everywhere: dict[str, object] = {}
    by_output: dict[str, Values] = {}
    for key, value in table.values.items():
        if isinstance(value, dict) and key not in ("ignore", *RULES):
            if not is_output_name(key):
                raise table.error(f"unknown output {shown(key)}; {output_names(key)}", key)
            by_output[key] = _values(_labelled(Table(source, value, (*table.path, key))))
        else:
            everywhere[key] = value
    return _values(replace(table, values=everywhere)), by_output


def _error(path: Path, message: str, *, line: int | None = None) -> CheckError:
    return CheckError(f"{path}:{line}: {message}" if line else f"{path}: {message}")


def _own_table(top: Table) -> Table | None:
    """Return the table of the check; no other program reads what stands beside it."""
    tool = top.table("tool")
    ours = tool and tool.table("pagereel")
    if ours is None:
        return None
    ours.allow(["check"])
    table = ours.table("check")
    return table and _labelled(table)


def _labelled(table: Table) -> Table:
    return replace(table, label=f"[{'.'.join(map(str, table.path))}]")


def _values(table: Table) -> Values:
    table.allow(["ignore", *RULES])
    values: Values = {}
    for name, value in table.values.items():
        if name != "ignore":
            fault = _fault_of(name, value, on="true", off="false")
            if fault:
                raise table.error(fault, name)
            values[name] = value if isinstance(value, bool) else float(value)
    return values | dict.fromkeys(_ignored(table), False)


def _ignored(table: Table) -> list[str]:
    names = table.values.get("ignore", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise table.error("ignore must be a list of rules, each in quotes", "ignore")
    for name in names:
        if name not in RULES:
            raise table.error(unknown_rule(name), "ignore")
    return names
