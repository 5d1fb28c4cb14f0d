"""The numbers about a trace as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.wording import counted, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNKNOWN = "not known"


def stats_text(report: Mapping[str, Any]) -> str:
    """Write what `Stats.report` returns, a line for each matter."""
    rows = [
        ("engine", shown(report["engine"])),
        ("pool", _pool(report)),
        ("events", _events(report)),
        ("use", _use(report["held"], report["means_over"])),
        ("cached", _use(report["cached"], report["means_over"])),
        ("tasks", _peaks(report)),
        ("longest table", _longest(report["longest_table"])),
        ("sharing", _sharing(report["sharing"])),
        ("prefix index", _prefix_index(report["prefix_index"])),
        ("fragmentation", _fragmentation(report["fragmentation_at_arrival"])),
        ("evictions", counted(report["frames_evicted"], "frame")),
        *(
            (f"{verb}s", str(report["counts"][verb]))
            for verb in ("defer", "abort", "preempt", "copy")
        ),
    ]
    names = {"copys": "copies"}
    width = max(len(name) for name, _ in rows)
    return "".join(f"{names.get(name, name):{width}}  {text}\n" for name, text in rows)


def _pool(report: Mapping[str, Any]) -> str:
    size = report["page_size"]
    pages = f" of {counted(size, 'token')}" if size else ""
    reserved = f", {report['reserved']} reserved" if report["reserved"] else ""
    return f"{counted(report['frames'], 'frame')}{pages}{reserved}"


def _events(report: Mapping[str, Any]) -> str:
    counts = report["counts"]
    arrivals = f"{counts['arrive']} arrive, {counts['expand']} expand, {counts['finish']} finish"
    steps = report["steps"]
    over = f", steps {steps[0]} to {steps[1]}" if steps else ""
    return f"{report['events']}{over}: {arrivals}"


def _use(use: Mapping[str, Any], over: str) -> str:
    if use["peak_at"] is None or use["mean"] is None:
        return "none"
    peak = f"peak {counted(use['peak'], 'frame')} ({_percent(use['peak_share'])})"
    mean = f"mean {use['mean']:.1f} ({_percent(use['mean_share'])}) over {over}"
    return f"{peak} after event {use['peak_at']}, {mean}"


def _peaks(report: Mapping[str, Any]) -> str:
    tasks, queued = report["tasks"]["peak"], report["queued"]["peak"]
    return f"at most {tasks} in the cache, {queued} queued"


def _longest(longest: Mapping[str, Any]) -> str:
    if longest["task"] is None:
        return "none"
    return f"{counted(longest['pages'], 'page')}, of {shown(longest['task'])}"


def _sharing(sharing: Mapping[str, Any]) -> str:
    if sharing["mean"] is None:
        return _UNKNOWN
    mean = f"{sharing['mean']:.2f} pages in a held frame"
    return f"{mean}, peak {sharing['peak']:.2f} after event {sharing['peak_at']}"


def _prefix_index(index: Mapping[str, Any]) -> str:
    if not index["pages_arriving"]:
        return _UNKNOWN
    hits = counted(index["arrivals_with_hits"], "arrival")
    pages = f"{index['pages_shared']} of {index['pages_arriving']} arriving pages"
    cached = f"{index['pages_from_cached']} of them from cached frames"
    return f"{hits} with hits: {pages} ({_percent(index['hit_rate'])}), {cached}"


def _fragmentation(share: float | None) -> str:
    if share is None:
        return _UNKNOWN
    return f"{_percent(share)} of the slots in arriving pages hold no token"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
