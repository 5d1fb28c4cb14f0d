"""Numbers about a trace, gathered while it is replayed, and written as a table for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pagereel.cache import present
from pagereel.cache.events import (
    KINDS,
    Arrive,
    Discard,
    Evict,
    Leave,
    Load,
    Offload,
    TaskEvent,
    table_name,
    tables_of,
)
from pagereel.errors import one_line
from pagereel.wording import counted, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pagereel.cache import Event, Ledger
    from pagereel.trace.records import Header, Record

# Kinds that have no row of their own: that of events, of frames, or of a tier speaks of them.
_SAID = {"submit", "arrive", "expand", "finish", "evict", "offload", "load", "discard"}
_COUNTED = [
    verb for verb in dict.fromkeys(("defer", "abort", "preempt", *KINDS)) if verb not in _SAID
]
_PLURALS = {"copy": "copies"}
_UNKNOWN = "not known"


@dataclass(slots=True)
class Mean:
    """A weighted mean, over the engine's steps or, if it has none, over events."""

    total: float = 0.0
    weight: float = 0.0

    def add(self, value: float, weight: float) -> None:
        """Add a value."""
        self.total += value * weight
        self.weight += weight

    @property
    def value(self) -> float | None:
        """The mean; None where there is none."""
        return self.total / self.weight if self.weight else None


@dataclass(slots=True)
class Peak:
    """The highest value, and the event after which it was reached first."""

    value: float = 0
    seq: int = 0

    def add(self, value: float, seq: int) -> None:
        """Add a value."""
        if value > self.value:
            self.value, self.seq = value, seq


@dataclass(slots=True)
class TierUse:
    """How a tier was used; a page is what is in one of its slots.

    Attributes
    ----------
    pages
        How many were in it at most, and after which event first.
    offloaded, loaded, overwritten, discarded
        How many came, went back to frames, or were lost.
    now
        How many are in it.
    """

    pages: Peak = field(default_factory=Peak)
    offloaded: int = 0
    loaded: int = 0
    overwritten: int = 0
    discarded: int = 0
    now: int = 0

    def add(self, event: Offload | Load | Discard, held: int, number: int) -> None:
        """Add an event, after which the tier holds so many pages."""
        pages = len(event.slots)
        match event:
            case Offload():
                self.offloaded += pages
                self.overwritten += self.now + pages - held
            case Load():
                self.loaded += pages
            case Discard():
                self.discarded += pages
        self.now = held
        self.pages.add(held, number)


@dataclass(slots=True)
class Stats:
    """What happened in a trace so far; memory does not grow with its length.

    Parameters
    ----------
    header
        The trace's.
    first
        The number of the first event that is counted.
    """

    header: Header
    first: int = 1
    events: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    held: Peak = field(default_factory=Peak)
    cached: Peak = field(default_factory=Peak)
    tasks: Peak = field(default_factory=Peak)
    queued: Peak = field(default_factory=Peak)
    sharing: Peak = field(default_factory=Peak)
    longest: Peak = field(default_factory=Peak)
    longest_task: str | None = None
    arriving_pages: int = 0
    shared_pages: int = 0
    hits: int = 0
    revived: int = 0
    evicted: int = 0
    slots: int = 0
    tokens: int = 0
    first_step: int | None = None
    last_step: int | None = None
    ended: str | None = None
    tiers: dict[str, TierUse] = field(init=False)
    _with_hits: set[str] = field(default_factory=set)
    _lengths: dict[str, int] = field(default_factory=dict)
    _pages: int = 0
    _was: tuple[int, int, int] = (0, 0, 0)
    _by_event: tuple[Mean, Mean, Mean] = field(default_factory=lambda: (Mean(), Mean(), Mean()))
    _by_step: tuple[Mean, Mean, Mean] = field(default_factory=lambda: (Mean(), Mean(), Mean()))

    def __post_init__(self) -> None:
        self.tiers = {tier: TierUse() for tier in self.header.tiers or ()}

    @classmethod
    def starting(cls, header: Header, ledger: Ledger, first: int) -> Stats:
        """Return the numbers of a part before its first event, whose number is given."""
        stats = cls(header, first)
        for tier, stored in ledger.stored.items():
            stats.tiers[tier] = TierUse(Peak(len(stored)), now=len(stored))
        stats._lengths = {task: len(present(table)) for task, table in ledger.tables.items()}
        stats._pages = sum(stats._lengths.values())
        stats._was = (ledger.held_count, stats._pages, len(ledger.cached))
        stats.longest_task = max(stats._lengths, key=stats._lengths.__getitem__, default=None)
        stats.longest.value = max(stats._lengths.values(), default=0)
        return stats

    def add(self, record: Record, ledger: Ledger) -> None:
        """Add an event and the cache after it."""
        number = self.first + self.events
        self.events += 1
        self.counts[record.event.verb] += self._is_counted(record.event, ledger)
        if record.step is not None:
            self._pass_to(record.step)
        self._count(record.event, ledger, number)
        now = (ledger.held_count, self._pages, len(ledger.cached))
        for mean, value in zip(self._by_event, now, strict=True):
            mean.add(value, 1)
        self.held.add(now[0], number)
        self.cached.add(now[2], number)
        self.tasks.add(len(ledger.tasks), number)
        self.queued.add(len(ledger.queued), number)
        self.sharing.add(self._pages / now[0] if now[0] else 0, number)
        self._was = now

    def _pass_to(self, step: int) -> None:
        """Weight the state until now by the number of steps that it lasted."""
        if self.last_step is not None:
            for mean, value in zip(self._by_step, self._was, strict=True):
                mean.add(value, step - self.last_step)
        else:
            self.first_step = step
        self.last_step = step

    def _is_counted(self, event: Event, ledger: Ledger) -> bool:
        """Say whether an event is one by itself: a task arrives once, in all of its groups."""
        if not isinstance(event, Arrive) or event.group is None:
            return True
        names = (table_name(event.task, group) for group in ledger.groups)
        return not any(name in ledger.tables for name in names if name != event.table)

    def _count(self, event: Event, ledger: Ledger, number: int) -> None:
        groups = self.header.groups or ()
        for name in tables_of(event, groups) if isinstance(event, TaskEvent) else ():
            table = ledger.tables.get(name, ())
            # A look for holes, which version 1 has not, takes as long as the table is.
            pages = len(table if self.header.version == 1 else present(table))
            self._pages += pages - self._lengths.pop(name, 0)
            if pages:
                self._lengths[name] = pages
            if pages > self.longest.value:
                self.longest.add(pages, number)
                self.longest_task = name
        if isinstance(event, Arrive):
            self._arrive(event, ledger)
        elif isinstance(event, Evict):
            self.evicted += len(event.frames)
        elif isinstance(event, Leave):
            self._with_hits.discard(event.task)
        elif isinstance(event, Offload | Load | Discard):
            self.tiers[event.tier].add(event, len(ledger.stored[event.tier]), number)

    def _arrive(self, event: Arrive, ledger: Ledger) -> None:
        pages, shared = len(event.shared) + len(event.frames), len(present(event.shared))
        self.arriving_pages += shared + len(present(event.frames))
        self.shared_pages += shared
        if shared and event.task not in self._with_hits:
            self._with_hits.add(event.task)
            self.hits += 1
        self.revived += self._was[2] - len(ledger.cached)
        groups = self.header.groups
        size = groups[event.group] if groups and event.group else self.header.page_size
        if event.tokens is not None and size is not None:
            self.slots += pages * size
            self.tokens += event.tokens

    @property
    def over(self) -> str:
        """What the means are over: ``steps`` or ``events``."""
        return "steps" if self._by_step[0].weight else "events"

    def report(self) -> dict[str, Any]:
        """Return the numbers, ready for JSON; None stands for what is not known."""
        held, pages, cached = self._by_step if self.over == "steps" else self._by_event
        usable = self.header.frames - len(self.header.reserved)
        return {
            "engine": self.header.engine,
            "frames": self.header.frames,
            "reserved": len(self.header.reserved),
            "page_size": self.header.page_size,
            "events": self.events,
            "steps": None if self.first_step is None else [self.first_step, self.last_step],
            "counts": self.counts,
            "means_over": self.over,
            "held": _use(self.held, held, usable),
            "cached": _use(self.cached, cached, usable),
            "tasks": _peak(self.tasks),
            "queued": _peak(self.queued),
            "sharing": {
                "mean": pages.total / held.total if held.total else None,
                **_peak(self.sharing),
            },
            "prefix_index": {
                "arrivals_with_hits": self.hits,
                "pages_shared": self.shared_pages,
                "pages_arriving": self.arriving_pages,
                "pages_from_cached": self.revived,
                "hit_rate": _ratio(self.shared_pages, self.arriving_pages),
            },
            "fragmentation_at_arrival": _ratio(self.slots - self.tokens, self.slots),
            "frames_evicted": self.evicted,
            "longest_table": {"task": self.longest_task, "pages": self.longest.value},
            "tiers": {tier: self._tier(tier) for tier in self.tiers},
            "ended_early": self.ended,
        }

    def _tier(self, tier: str) -> dict[str, Any]:
        use, slots = self.tiers[tier], (self.header.tiers or {})[tier]
        return {
            "slots": slots,
            **_peak(use.pages),
            "peak_share": use.pages.value / slots,
            "at_end": use.now,
            "pages_offloaded": use.offloaded,
            "pages_loaded": use.loaded,
            "pages_overwritten": use.overwritten,
            "pages_discarded": use.discarded,
        }


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _peak(peak: Peak) -> dict[str, Any]:
    return {"peak": peak.value, "peak_at": peak.seq or None}


def _use(peak: Peak, mean: Mean, usable: int) -> dict[str, Any]:
    part = None if mean.value is None else _ratio(mean.value, usable)
    share = {"peak_share": _ratio(peak.value, usable), "mean_share": part}
    return {**_peak(peak), "mean": mean.value, **share}


def stats_text(report: Mapping[str, Any]) -> str:
    """Write the numbers of `Stats.report`, one row for each subject."""
    rows = [
        ("engine", shown(report["engine"])),
        ("pool", _pool(report)),
        ("events", _events_text(report)),
        ("use", _use_text(report["held"], report["means_over"])),
        ("cached", _use_text(report["cached"], report["means_over"])),
        ("tasks", _peaks(report)),
        ("longest table", _longest(report["longest_table"])),
        ("sharing", _sharing(report["sharing"])),
        ("prefix index", _prefix_index(report["prefix_index"])),
        ("fragmentation", _fragmentation(report["fragmentation_at_arrival"])),
        ("evictions", counted(report["frames_evicted"], "frame")),
        *((f"tier {tier}", _tier_text(use)) for tier, use in report["tiers"].items()),
        *((_PLURALS.get(verb, f"{verb}s"), str(report["counts"][verb])) for verb in _COUNTED),
    ]
    if report["ended_early"] is not None:
        rows.append(("ended early", one_line(report["ended_early"])))
    width = max(len(name) for name, _ in rows)
    return "".join(f"{name:{width}}  {text}\n" for name, text in rows)


def _pool(report: Mapping[str, Any]) -> str:
    size = report["page_size"]
    pages = f" of {counted(size, 'token')}" if size else ""
    reserved = f", {report['reserved']} reserved" if report["reserved"] else ""
    return f"{counted(report['frames'], 'frame')}{pages}{reserved}"


def _events_text(report: Mapping[str, Any]) -> str:
    counts = report["counts"]
    arrivals = f"{counts['arrive']} arrive, {counts['expand']} expand, {counts['finish']} finish"
    steps = report["steps"]
    over = f", steps {steps[0]} to {steps[1]}" if steps else ""
    return f"{report['events']}{over}: {arrivals}"


def _use_text(use: Mapping[str, Any], over: str) -> str:
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


def _tier_text(use: Mapping[str, Any]) -> str:
    at = f" after event {use['peak_at']}" if use["peak_at"] else ""
    peak = f"peak {counted(use['peak'], 'page')} ({_percent(use['peak_share'])}){at}"
    lost = use["pages_overwritten"] + use["pages_discarded"]
    loaded = f"{use['pages_loaded']} loaded and not computed again"
    return f"{peak}; {counted(use['pages_offloaded'], 'page')} offloaded, {loaded}, {lost} lost"


def _fragmentation(share: float | None) -> str:
    if share is None:
        return _UNKNOWN
    return f"{_percent(share)} of the slots in arriving pages hold no token"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
