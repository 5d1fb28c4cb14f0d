"""The comparison as text: a table for people, JSON for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.compare.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.compare.clock import Clock
    from pagereel.compare.comparison import Comparison
    from pagereel.compare.run import Run
    from pagereel.compare.stops import Stop

_SIDES = ("A", "B")


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return all of a comparison, ready for JSON; docs/compare.md explains the names."""
    clock, result = comparison.clock, comparison.result
    return {
        "title": comparison.title,
        "pools": list(comparison.subtitle),
        "same_memory": comparison.same_memory,
        "clock": {"unit": clock.unit, "at": _times(clock)},
        "runs": [_run(run) for run in comparison.runs],
        "requests": [request._asdict() for request in comparison.requests],
        "totals": {
            key: {
                "label": pair.total.label,
                "values": list(pair.values),
                "difference": pair.difference,
                "better": None if pair.better is None else _SIDES[pair.better],
            }
            for key, pair in comparison.totals.items()
        },
        "stops": [_stop(comparison, stop) for stop in comparison.stops],
        "result": {
            "rule": result.rule,
            "better": None if result.winner is None else _SIDES[result.winner],
            "headlines": [
                {"run": None if line.side is None else _SIDES[line.side], "text": line.text}
                for line in result.headlines
            ],
            "boxes": [box.total.key for box in result.boxes],
            "command": result.command,
        },
    }


def _times(clock: Clock) -> list[float]:
    whole = clock.unit == "step"
    return [max(0, int(time) if whole else round(time, 6)) for time in clock.at.tolist()]


def _run(run: Run) -> dict[str, Any]:
    last = len(run.reached) - 1
    return {
        "run": _SIDES[run.side],
        "name": run.name,
        "file": str(run.file),
        "engine": run.engine,
        "note": run.reading.header.note,
        "frames": run.frames,
        "reserved": run.frames - run.usable,
        "page_size": run.page_size,
        "events": run.tape.events,
        "unfinished": run.unfinished,
        "states": run.states(last).tolist(),
        "measures": {
            measure.key: [round(value, 6) for value in run.values[measure.key].tolist()]
            for measure in MEASURES
            if measure.key in run.values
        },
    }


def _stop(comparison: Comparison, stop: Stop) -> dict[str, Any]:
    request = None if stop.request is None else comparison.requests[stop.request].task
    return {
        "kind": stop.kind,
        "moment": stop.moment,
        "when": comparison.clock.says(stop.moment),
        "run": _SIDES[stop.side],
        "request": request,
        "frames": [list(frames) for frames in stop.frames],
        "caption": stop.caption.plain(comparison.names),
    }


def as_table(comparison: Comparison) -> str:
    """Write what matters of a comparison, in at most 100 columns if the names are short."""
    parts = (_heading(comparison), _headlines(comparison), _totals(comparison), _stops(comparison))
    return "\n".join("".join(f"{line}\n" for line in part) for part in map(list, parts) if part)


def _heading(comparison: Comparison) -> Iterator[str]:
    first, *more = comparison.subtitle
    yield f"{comparison.title}: {first}"
    yield from (f"{'':{len(comparison.title)}}  {line}" for line in more)


def _headlines(comparison: Comparison) -> Iterator[str]:
    names = comparison.names
    width = max(map(len, names)) + 1
    for line in comparison.result.headlines:
        name = "" if line.side is None else f"{names[line.side] + ':':{width}} "
        yield f"{name}{line.text}"


def _totals(comparison: Comparison) -> Iterator[str]:
    pairs = comparison.totals.values()
    rows = [("", *comparison.names, "")]
    rows += [(pair.total.label, *pair.says, pair.difference) for pair in pairs if any(pair.values)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for label, one, other, difference in rows:
        line = f"{label:{widths[0]}}  {one:>{widths[1]}}  {other:>{widths[2]}}  {difference}"
        yield line.rstrip()


def _stops(comparison: Comparison) -> Iterator[str]:
    when = [comparison.clock.says(stop.moment) for stop in comparison.stops]
    width = max(map(len, when), default=0)
    for time, stop in zip(when, comparison.stops, strict=True):
        yield f"{time:{width}}  {stop.caption.plain(comparison.names)}"
