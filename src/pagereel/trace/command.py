"""`pagereel trace`: its commands, their options, and what they do."""

from __future__ import annotations

import argparse
import os
import re
import sys
from functools import partial
from pathlib import Path

_PIPE_CLOSED = 141


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add the commands that read traces, each with its options."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument(
            "file", metavar="FILE", help="a trace, .jsonl or .jsonl.gz; - to read standard input"
        )
        command.set_defaults(act=partial(_piped, name))
        return command

    add("check", "replay a trace and say where it first disagrees with the cache")
    stats = add("stats", "say how the pool was used")
    stats.add_argument("--json", action="store_true", help="write JSON")
    stats.add_argument("--plot", type=Path, metavar="OUT.svg", help="draw the pool's use, too")
    show = add("show", "draw the state of the cache as text")
    show.add_argument(
        "--at",
        type=_event,
        metavar="SEQ",
        help="after this event, 0 for the start; the end, if not given",
    )
    cutting = add("cut", "write a part of a trace that replays by itself")
    cutting.add_argument(
        "--from",
        type=_event,
        default=1,
        dest="first",
        metavar="SEQ",
        help="the first event; 1 if not given",
    )
    cutting.add_argument(
        "--to",
        type=_event,
        dest="last",
        metavar="SEQ",
        help="the last event; that of the trace, if not given",
    )
    text = "run a workload through the reference engine, and write what happens as a trace"
    simulating = commands.add_parser("simulate", help=text, description=text)
    simulating.add_argument("file", metavar="WORKLOAD.toml", help="its pool and tasks")
    simulating.set_defaults(act=partial(_piped, "simulate"))
    for command in (cutting, simulating):
        command.add_argument(
            "-o",
            type=Path,
            dest="out",
            metavar="OUT.jsonl",
            help="a file, instead of standard output",
        )


def _piped(command: str, options: argparse.Namespace) -> int:
    """Do what is asked for; stop silently when whoever reads the output has read enough."""
    from pagereel.trace.acts import ACTS  # noqa: PLC0415 (no other command waits for it)

    try:
        code = ACTS[command](options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python writes what is left when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    return code


def _event(text: str) -> int:
    if not re.fullmatch("[0-9]{1,15}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of an event")
    return int(text)
