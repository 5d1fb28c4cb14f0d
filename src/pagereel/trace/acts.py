"""What the commands of `pagereel trace` do. Each returns its exit code."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from pagereel.errors import TraceError
from pagereel.trace.check import check_trace
from pagereel.trace.cut import Part, cut
from pagereel.trace.follow import follow
from pagereel.trace.reader import open_trace
from pagereel.trace.report.plot import Curve, svg_of
from pagereel.trace.report.show import picture
from pagereel.trace.report.stats import Stats
from pagereel.trace.report.stats_text import stats_text
from pagereel.trace.simulate.engine import simulated
from pagereel.trace.simulate.workload_file import load_workload
from pagereel.trace.write import written

if TYPE_CHECKING:
    import argparse


def _check(options: argparse.Namespace) -> int:
    with open_trace(options.file) as trace:
        verdict = check_trace(trace)
        if verdict.finding:
            print("\n".join(verdict.finding))
            return 1
        print(f"{trace.name}: {verdict.events} events, {verdict.claims} checks: all agree")
    return 0


def _stats(options: argparse.Namespace) -> int:
    with open_trace(options.file) as trace:
        stats, curve = Stats(trace.header), Curve()
        for record, ledger in follow(trace):
            stats.add(record, ledger)
            curve.add(record, ledger)
    if options.plot is not None:
        with written(options.plot) as file:
            file.write(svg_of(curve, trace.header))
    report = stats.report()
    print(
        json.dumps(report, indent=2) if options.json else stats_text(report),
        end="\n" if options.json else "",
    )
    return 0


def _show(options: argparse.Namespace) -> int:
    with open_trace(options.file) as trace:
        ledger = trace.header.ledger()
        reached = sum(1 for _ in islice(follow(trace, ledger), options.at))
    if reached < (options.at or 0):
        message = f"the trace ends with event {reached}; choose that or an earlier one"
        raise TraceError(trace.name, message)
    print(f"after event {reached}")
    print(picture(ledger), end="")
    return 0


def _cut(options: argparse.Namespace) -> int:
    part = Part(options.first, options.last)
    if part.first < 1 or (part.last is not None and part.last < part.first):
        raise TraceError(
            options.file, f"there are no {part}; choose --from 1 or more, and --to not before it"
        )
    with open_trace(options.file) as trace, written(options.out) as file:
        file.writelines(cut(trace, part))
    return 0


def _simulate(options: argparse.Namespace) -> int:
    workload = load_workload(options.file)
    with written(options.out) as file:
        file.writelines(simulated(workload))
    return 0


ACTS = {"check": _check, "stats": _stats, "show": _show, "cut": _cut, "simulate": _simulate}
