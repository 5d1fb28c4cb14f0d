"""`pagereel compare`: its options, and what it prints.

Nothing here needs numpy before two traces are read, so that help and mistakes answer at once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.errors import CompareError

if TYPE_CHECKING:
    import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the traces, and how the comparison is written."""
    parser.description = (
        "compare two traces of one workload: what differs, where they part, and by how much"
    )
    for name in ("A", "B"):
        parser.add_argument(
            name.lower(),
            type=Path,
            metavar=name,
            help="a trace, .jsonl or .jsonl.gz; - to read standard input",
        )
    parser.add_argument(
        "--name",
        action="append",
        metavar="NAME",
        help="what A is called; once more for B; if not given, what differs in their headers",
    )
    parser.add_argument("--json", action="store_true", help="write all of it as JSON")


def names_of(arguments: argparse.Namespace) -> tuple[str | None, str | None]:
    """Return what the runs are to be called; None where nothing is given.

    Raises
    ------
    CompareError
        If there are more names than runs.
    """
    names: list[str] = arguments.name or []
    if len(names) > 2:
        raise CompareError(f"{len(names)} names for two traces; give --name twice at most")
    first, second, *_ = *names, None, None
    return first, second


def compare(arguments: argparse.Namespace) -> int:
    """Print how two traces differ; return the exit code.

    Raises
    ------
    TraceError
        If a trace cannot be read, or something in it cannot happen.
    CompareError
        If they cannot be compared.
    """
    from pagereel.compare.comparison import compare_traces  # noqa: PLC0415 (loads numpy)
    from pagereel.compare.report import as_json, as_table  # noqa: PLC0415 (loads numpy)

    comparison = compare_traces((arguments.a, arguments.b), names_of(arguments))
    if arguments.json:
        print(json.dumps(as_json(comparison)))
    else:
        print(as_table(comparison), end="")
    return 0
