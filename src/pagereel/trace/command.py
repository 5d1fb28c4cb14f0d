"""`pagereel trace`: its commands, their options, and what they do."""

from __future__ import annotations

import argparse
import json
import re
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pagereel.cache import place
from pagereel.errors import TraceError, one_line
from pagereel.kinds import output_fault
from pagereel.trace.cut import EventRange, cut, recorded
from pagereel.trace.follow import Impossible, check_trace, finding
from pagereel.trace.reader import STANDARD_INPUT, early_end, open_trace
from pagereel.trace.report.show import picture
from pagereel.trace.write import written
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from pagereel.trace.follow import CheckedTrace
    from pagereel.trace.simulate.workload import Workload

    Act: TypeAlias = Callable[[argparse.Namespace], int]
    Draw: TypeAlias = Callable[[Path, Path], int]

_BEFORE = 60  # events that a film shows of what came before a fault


def add_commands(parser: argparse.ArgumentParser, draw: Draw) -> None:
    """Add the commands that read traces, each with its options.

    `draw` makes a film of a trace into a file, and returns its exit code.
    """
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, act: Act, text: str, *, several: bool = False) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        each = "a trace, .jsonl or .jsonl.gz; - to read standard input"
        if several:
            command.add_argument("files", nargs="+", metavar="FILE", help=each)
        else:
            command.add_argument("file", metavar="FILE", help=each)
        command.set_defaults(act=partial(_writing, act), out=None)
        return command

    check = add(
        "check",
        partial(_check, draw),
        "replay traces and say where they first disagree with the cache",
        several=True,
    )
    check.add_argument(
        "--film",
        type=Path,
        metavar="OUT",
        help="make a film of the events before that, such as out.mp4, or a still, out.png",
    )
    stats = add("stats", _stats, "say how the pool was used")
    stats.add_argument("--json", action="store_true", help="write JSON")
    stats.add_argument(
        "--plot", type=Path, dest="out", metavar="OUT.svg", help="draw the pool's use, too"
    )
    show = add("show", _show, "draw the state of the cache as text")
    show.add_argument(
        "--at",
        type=_event,
        metavar="SEQ",
        help="after this event, 0 for the start; the end, if not given",
    )
    show.add_argument(
        "--frame", type=int, metavar="N", help="what happened to this page frame, up to there"
    )
    show.add_argument("--task", metavar="NAME", help="what happened to this task, up to there")
    cutting = add("cut", _cut, "write a part of a trace that replays by itself")
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
    simulating.add_argument(
        "--vary",
        metavar="KEY=A,B",
        help="write a trace for each value, named by it: page_size=16,256 in the same memory, "
        "prefix_index=on,off, out_of_frames=defer,abort,preempt or reservation=paged,contiguous",
    )
    simulating.set_defaults(act=partial(_writing, _simulate))
    for command in (cutting, simulating):
        command.add_argument(
            "-o",
            type=Path,
            dest="out",
            metavar="OUT.jsonl",
            help="a file, instead of standard output",
        )


def _writing(act: Act, options: argparse.Namespace) -> int:
    """Run a command, if its output can be written."""
    if options.out is not None:
        _require_writable(options.out, options.file)
    return act(options)


def _require_writable(out: Path, file: str) -> None:
    """Refuse an output that cannot be written, before anything is read."""
    fault = output_fault(out, None if file == "-" else Path(file))
    if fault is None and not out.parent.is_dir():
        fault = "the file cannot be written: there is no such folder; choose one that is there"
    if fault:
        raise TraceError(str(out), fault)


def _event(text: str) -> int:
    if not re.fullmatch("[0-9]{1,15}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of an event")
    return int(text)


def _check(draw: Draw, options: argparse.Namespace) -> int:
    out = options.film
    if out is None:
        return max([_check_one(file, None) for file in options.files])
    if len(options.files) > 1 or STANDARD_INPUT in options.files:
        raise TraceError(str(out), "a film is made of one trace in a file; check it alone")
    (file,) = options.files
    _require_writable(out, file)
    return _check_one(file, lambda part: draw(part, out))


def _check_one(file: str, draw: Callable[[Path], int] | None) -> int:
    with open_trace(file) as trace:
        verdict = check_trace(trace)
        for fault in verdict.faults:
            from pagereel.trace.report.diagnosis import explained  # noqa: PLC0415 (most traces have no fault)

            print("\n".join(map(one_line, (*finding(fault), *explained(fault, verdict.ledger)))))
        if not verdict.disagreement:
            print(one_line(f"{trace.name}: {_agreement(verdict)}"))
            if trace.ended is not None:
                print(one_line(f"{trace.name}: {early_end(trace.ended)}"))
    if not verdict.faults:
        return int(trace.ended is not None)
    return max(1, _draw_before(file, verdict.faults[0], draw) if draw else 1)


def _agreement(verdict: CheckedTrace) -> str:
    """Say what was compared, and what is wrong all the same."""
    checked = f"{verdict.claims} checks: all agree"
    if not verdict.claims:
        checked = "all possible; it has no checks, so no state was compared"
    used = f"; content that was never computed is used by {counted(verdict.uses, 'event')}"
    return f"{verdict.events} events, {checked}{used * bool(verdict.uses)}"


def _draw_before(file: str, fault: Impossible, draw: Callable[[Path], int]) -> int:
    """Draw the events before one that cannot happen; the film says below its title what that is."""
    last = fault.record.seq - 1
    if not last:
        print("no film is made: nothing came before it")
        return 1
    part = EventRange(max(1, last - _BEFORE + 1), last)
    where = place(fault.record.seq, fault.record.event.label)
    with TemporaryDirectory() as folder, open_trace(file) as trace:
        before = Path(folder) / "before.jsonl"
        with written(before) as lines:
            lines.writelines(cut(trace, part, f"before {where}: {fault.cause}"))
        return draw(before)


def _stats(options: argparse.Namespace) -> int:
    from pagereel.trace.report.plot import Curve, svg_of  # noqa: PLC0415 (no other command waits for it)
    from pagereel.trace.report.stats import Stats, stats_text  # noqa: PLC0415 (no other command waits for it)

    with open_trace(options.file) as trace:
        ledger = trace.header.ledger()
        for number, record in recorded(trace, ledger):
            if record is None:
                stats = Stats.starting(trace.header, ledger, number + 1)
                curve = Curve(number + 1)
            else:
                stats.add(record, ledger)
                curve.add(ledger)
        stats.ended = trace.ended
    if options.out is not None:
        with written(options.out) as file:
            file.write(svg_of(curve, trace.header))
    report = stats.report()
    print(
        json.dumps(report, indent=2) if options.json else stats_text(report),
        end="\n" if options.json else "",
    )
    return 0


def _show(options: argparse.Namespace) -> int:
    if options.frame is not None or options.task is not None:
        return _show_history(options)
    at, first = options.at, 1
    with open_trace(options.file) as trace:
        ledger = trace.header.ledger()
        for reached, record in recorded(trace, ledger):
            first = first if record else reached + 1
            if at is not None and reached >= at:
                break
        ended = trace.ended  # unless it was read in part only
    if at and not first - 1 <= at <= reached:
        ends = f"ends with event {reached}; choose that or an earlier one"
        begins = f"begins with event {first}; choose that or a later one"
        raise TraceError(trace.name, f"the trace {ends if at > reached else begins}")
    print(f"after event {reached}")
    print(picture(ledger), end="")
    if ended is not None:
        print(one_line(early_end(ended)))
    return 0


def _show_history(options: argparse.Namespace) -> int:
    from pagereel.trace.report.history import FrameHistory, TaskHistory, histories, name_of  # noqa: PLC0415 (no other command waits for it)

    subjects: list[FrameHistory | TaskHistory] = []
    with open_trace(options.file) as trace:
        if options.frame is not None:
            if not 0 <= options.frame < trace.header.frames:
                there = f"the pool has frames 0 to {trace.header.frames - 1}"
                raise TraceError(trace.name, f"there is no frame {options.frame}; {there}")
            subjects.append(FrameHistory(options.frame))
        if options.task is not None:
            subjects.append(TaskHistory(options.task))
        told: list[list[str]] = [[] for _ in subjects]
        fault = None
        try:
            for at, entry in histories(trace, subjects, options.at):
                told[at].append(f"  {entry}")
        except Impossible as error:  # what came before it is what a reader looks for
            fault = error
    for subject, lines in zip(subjects, told, strict=True):
        print(
            "\n".join(map(one_line, (name_of(subject), *(lines or ["  nothing happened to it"]))))
        )
    if fault is not None:
        raise fault
    return 0


def _cut(options: argparse.Namespace) -> int:
    part = EventRange(options.first, options.last)
    if part.first < 1 or (part.last is not None and part.last < part.first):
        raise TraceError(
            options.file, f"there are no {part}; choose --from 1 or more, and --to not before it"
        )
    with open_trace(options.file) as trace, written(options.out) as file:
        file.writelines(cut(trace, part))
    return 0


def _simulate(options: argparse.Namespace) -> int:
    from pagereel.trace.simulate.engine import simulated  # noqa: PLC0415 (no other command waits for it)
    from pagereel.trace.simulate.workload import load_workload  # noqa: PLC0415 (no other command waits for it)

    workload = load_workload(options.file)
    if options.vary is not None:
        return _simulate_variants(workload, options)
    with written(options.out) as file:
        file.writelines(simulated(workload))
    return 0


def _simulate_variants(workload: Workload, options: argparse.Namespace) -> int:
    from pagereel.trace.simulate.vary import Variation, write_variants  # noqa: PLC0415 (no other command waits for it)

    variation = Variation.parsed(options.vary)
    files = variation.files(options.out or Path(f"{Path(options.file).stem}.jsonl"))
    for file in files:
        _require_writable(file, options.file)
    write_variants(workload, variation, files)
    print("\n".join(map(one_line, map(str, files))))
    return 0
