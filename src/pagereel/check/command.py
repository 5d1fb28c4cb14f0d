"""`pagereel check`: its options, and what it does."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.check.output import NAMED, parse_outputs
from pagereel.check.report import FORMATS, write
from pagereel.check.rules import RULES, SHORT_SIDE
from pagereel.check.settings import read_settings
from pagereel.discovery import choose_scenes
from pagereel.errors import CheckError
from pagereel.request import ASPECTS, add_jobs_option

if TYPE_CHECKING:
    from pagereel.check.runner import Verdict


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the check."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    off = " (taste: off if not asked for)"
    rules = (
        f"  {name:20}{facts.threshold}{off if facts.taste else ''}" for name, facts in RULES.items()
    )
    heading = f"rules and thresholds (px of a short side of {SHORT_SIDE}; they scale with it):"
    parser.epilog = "\n".join((heading, *rules))
    parser.add_argument(
        "scenes",
        nargs="*",
        metavar="FILE.py | SCENE",
        help="a file first, if it is not in scenes/; then scenes in it, all if none is named",
    )
    parser.add_argument(
        "--at",
        action="append",
        default=[],
        metavar="SIZE",
        help=f"{', '.join(NAMED)}, or a size such as 1280x720; 1080p if not given; several with "
        "commas between them",
    )
    parser.add_argument(
        "--aspect",
        action="append",
        default=[],
        metavar="SHAPE",
        help=f"{', '.join(ASPECTS)}; 16:9 if not given; several with commas between them",
    )
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another threshold, on or off; overrides [tool.pagereel.check] of pyproject.toml",
    )
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="NAME", help="switch a rule off"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="text if not given")
    parser.add_argument(
        "--stills", type=Path, metavar="DIR", help="write a picture of each finding into a folder"
    )
    add_jobs_option(parser, "worker processes")


def check(options: argparse.Namespace, story: Path | None = None) -> int:
    """Check scenes and report.

    Returns
    -------
    int
        0: nothing was found. 1: something was. 2: a scene could not be checked.
    """
    outputs = parse_outputs(options.at, options.aspect)
    scenes = choose_scenes(options.scenes, story, command="check")
    settings = read_settings(scenes[0].file.parent, rules=options.rule, ignore=options.ignore)
    if options.stills is not None:
        _make_folder(options.stills)
    from pagereel.check.runner import run_checks  # noqa: PLC0415 (list and help do without)

    verdict = run_checks(scenes, outputs, settings, stills=options.stills, jobs=options.jobs)
    write(verdict.findings, options.format, outputs=len(outputs), scenes=verdict.scenes)
    return _code(verdict)


def _code(verdict: Verdict) -> int:
    for failure in verdict.failures:
        print(f"pagereel: {failure}", file=sys.stderr)
    if verdict.failures:
        return 2
    return 1 if verdict.findings else 0


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CheckError(
            f"--stills: {folder} cannot be made: {reason}; name a folder that can be written"
        ) from None
