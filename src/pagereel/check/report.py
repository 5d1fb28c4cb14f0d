"""Write findings for people, for programs, and for services that show SARIF."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pagereel.check.rules import RULES
from pagereel.errors import one_line, printable
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pagereel.check.finding import Finding

FORMATS = ("text", "json", "sarif")
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "SRCROOT"


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding of a report, with all outputs that show it.

    Attributes
    ----------
    finding
        The one in the first of these outputs.
    outputs
        Their labels.
    """

    finding: Finding
    outputs: tuple[str, ...]


def merge(findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """Join equal findings of several outputs; sort by file, line and rule."""
    same: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        key = (finding.place, finding.rule, finding.subject, finding.scene)
        same.setdefault(key, []).append(finding)
    entries = (
        Entry(group[0], tuple(dict.fromkeys(finding.output for finding in group)))
        for group in same.values()
    )
    return tuple(sorted(entries, key=lambda entry: (entry.finding.place, entry.finding.rule)))


def write(findings: Iterable[Finding], form: str, *, outputs: int, scenes: int) -> None:
    """Write findings to standard output and, as text, a line that counts them to standard error.

    If no scene could be checked, nothing is counted.

    Parameters
    ----------
    findings
        In the order of the outputs.
    form
        One of `FORMATS`.
    outputs
        How many outputs were checked: if it is more than one, each line of text names those that
        its finding is seen in.
    scenes
        How many scenes were checked.
    """
    entries = merge(findings)
    match form:
        case "text":
            text = as_text(entries, with_outputs=outputs > 1)
        case "json":
            text = _json(entries)
        case _:
            text = _sarif(entries)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    if form == "text" and scenes:
        print(summary(entries, scenes=scenes), file=sys.stderr)


def summary(entries: Sequence[Entry], *, scenes: int) -> str:
    """Count findings in a line."""
    found = counted(len(entries), "finding") if entries else "no findings"
    return f"{found} in {counted(scenes, 'scene')}"


def as_text(entries: Sequence[Entry], *, with_outputs: bool) -> str:
    """Write a line for each finding: `file:line rule message [output, output]`."""
    lines = (
        f"{entry.finding.place.file}:{entry.finding.place.line} {entry.finding.rule} "
        f"{entry.finding.message}" + (f" [{', '.join(entry.outputs)}]" if with_outputs else "")
        for entry in entries
    )
    return "".join(f"{one_line(line)}\n" for line in lines)


def _json(entries: Sequence[Entry]) -> str:
    """Write a list with an object for each finding.

    Each has `file`, `line`, `rule`, `message`, `scene` and `outputs` (labels such as
    `1080p 16:9`), and, as seen in the first of these outputs: `seconds` of the video; `spot`, the
    left, top, right and bottom edge in pixels, or null where it is about no spot; and `still`, the
    file of the picture, or null where pictures were not asked for.
    """
    objects = [
        {
            "file": printable(str(entry.finding.place.file)),
            "line": entry.finding.place.line,
            "rule": entry.finding.rule,
            "message": one_line(entry.finding.message),
            "scene": printable(entry.finding.scene),
            "outputs": list(entry.outputs),
            **_seen(entry.finding),
        }
        for entry in entries
    ]
    return json.dumps(objects, indent=2) + "\n"


def _seen(finding: Finding) -> dict[str, Any]:
    return {
        "seconds": round(finding.seconds, 3),
        "spot": finding.spot and [round(edge, 1) for edge in finding.spot],
        "still": finding.still and printable(str(finding.still)),
    }


def _sarif(entries: Sequence[Entry]) -> str:
    """Write SARIF 2.1.0; files are relative to the folder that the command is called in."""
    rules = [
        {
            "id": name,
            "shortDescription": {"text": f"{facts.says} ({facts.threshold})"},
            "defaultConfiguration": {"level": "warning"},
        }
        for name, facts in RULES.items()
    ]
    driver = {"name": "pagereel check", "rules": rules}
    root = {"description": {"text": "the folder that pagereel check was called in"}}
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_ROOT: root},
        "columnKind": "unicodeCodePoints",
        "results": [_result(entry) for entry in entries],
    }
    return (
        json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"
    )


def _result(entry: Entry) -> dict[str, Any]:
    finding = entry.finding
    message = f"{finding.message} [{', '.join(entry.outputs)}]"
    region = {"startLine": finding.place.line, "endLine": finding.place.end_line}
    location = {"artifactLocation": _artifact(finding.place.file), "region": region}
    return {
        "ruleId": finding.rule,
        "ruleIndex": list(RULES).index(finding.rule),
        "level": "warning",
        "message": {"text": one_line(message)},
        "locations": [{"physicalLocation": location}],
        "properties": {"scene": printable(finding.scene), "outputs": list(entry.outputs)}
        | _seen(finding),
    }


def _artifact(file: Path) -> dict[str, str]:
    """Return where a file is; a relative place must not lead out of its root."""
    place, here = file.resolve(), Path.cwd().resolve()
    if place.is_relative_to(here):
        return {"uri": quote(bytes(place.relative_to(here))), "uriBaseId": _ROOT}
    return {"uri": place.as_uri()}
