"""What happened to one frame, or to one task, event by event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pagereel.cache.events import (
    Arrive,
    Copy,
    Defer,
    Discard,
    Drop,
    Evict,
    Expand,
    Leave,
    LetGo,
    Load,
    Offload,
    Release,
    Share,
    Shrink,
    Submit,
    TaskEvent,
    task_of,
)
from pagereel.cache.rules import named_pages
from pagereel.trace.cut import recorded
from pagereel.wording import counted, listed, named_frames, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pagereel.cache import Event, Ledger
    from pagereel.trace.reader import Trace
    from pagereel.trace.records import Record


class Entry(NamedTuple):
    """One event of a history.

    Parameters
    ----------
    number
        Which event it is, from 1; in the longer trace, if there is one.
    record
        The event, and its line.
    text
        What it did to the frame or the task.
    """

    number: int
    record: Record
    text: str

    def __str__(self) -> str:
        step = "" if self.record.step is None else f", step {self.record.step}"
        return f"line {self.record.line}, event {self.number}{step}: {self.text}"


@dataclass
class FrameHistory:
    """What happened to a frame.

    Parameters
    ----------
    frame
        Its number.
    holders
        The tasks that have it.
    """

    frame: int
    holders: dict[str, None] = field(default_factory=dict)
    _sources: dict[tuple[str, int], int] = field(default_factory=dict)  # tier, slot -> frame

    def begin(self, ledger: Ledger) -> None:
        """Begin with the state of a cache."""
        tables = ledger.tables.items()
        self.holders = dict.fromkeys(task for task, table in tables if self.frame in table)

    def tell(self, event: Event, ledger: Ledger) -> str:
        """Return what an event did to the frame, given the cache after it; empty for nothing."""
        text = ""
        match event:
            case Arrive(table=task, shared=shared, frames=frames) if self.frame in (
                *shared,
                *frames,
            ):
                page = (*shared, *frames).index(self.frame)
                text = f"{task} {'finds' if self.frame in shared else 'gets'} it as page {page}"
                self.holders[task] = None
            case Expand(table=task, frame=self.frame):
                text = f"{task} gets it as page {len(ledger.tables[task]) - 1}"
                self.holders[task] = None
            case Copy(table=task, page=page, src=src, dst=self.frame):
                text = f"{task} gets it as page {page}, a copy of frame {src}"
                self.holders[task] = None
            case Copy(table=task, page=page, src=self.frame, dst=dst):
                del self.holders[task]
                text = f"{task} leaves it to {listed(self.holders)} and copies it to frame {dst}"
            case Evict(frames=frames) | Drop(frames=frames) if self.frame in frames:
                text = "it loses its cached content"
                text += ", and is free" if isinstance(event, Drop) else ""
            case Share(table=task, shared=shared, page=page) if self.frame in shared:
                text = f"page {page + shared.index(self.frame)} of {task} moves to it"
                self.holders[task] = None
            case Leave() | Release() | Shrink() | Share():
                text = self._let_go(event, ledger)
            case Offload() | Load() | Discard():
                text = self._use_tier(event)
        return text

    def _use_tier(self, event: Offload | Load | Discard) -> str:
        tier, slots = event.tier, event.slots
        if isinstance(event, Discard):
            for slot in slots:
                self._sources.pop((tier, slot), None)
            return ""
        if isinstance(event, Offload):
            self._sources.update(
                ((tier, slot), frame) for slot, frame in zip(slots, event.frames, strict=True)
            )
        if self.frame not in event.frames:
            return ""
        slot = slots[event.frames.index(self.frame)]
        if isinstance(event, Offload):
            return f"its content is copied to slot {slot} of {tier}"
        source = self._sources.get((tier, slot))
        came = "" if source is None else f", which came from frame {source}"
        kept = "" if self.holders else ", and is cached"
        return f"it gets the content of slot {slot} of {tier}{came}{kept}"

    def _let_go(self, event: LetGo, ledger: Ledger) -> str:
        task = event.table
        left = [name for name in self.holders if task in {name, task_of(name)}]
        if not left or self.frame in ledger.tables.get(task, ()):
            return ""
        for name in left:
            del self.holders[name]
        never = ", though never computed" if self.frame in ledger.uncomputed else ""
        return f"{event.verb} {task}: {self._left(ledger)}{never}"

    def _left(self, ledger: Ledger) -> str:
        if self.holders:
            return f"still held by {listed(self.holders)}"
        return "it is cached" if self.frame in ledger.cached else "it is free"


@dataclass
class TaskHistory:
    """What happened to a task.

    Parameters
    ----------
    task
        Its name.
    """

    task: str

    def begin(self, ledger: Ledger) -> None:
        """Begin with the state of a cache, which says all."""

    def tell(self, event: Event, ledger: Ledger) -> str:
        """Return what an event did to the task, given the cache after it; empty for nothing."""
        if isinstance(event, Offload | Load):
            return self._use_tier(event, ledger)
        if not isinstance(event, TaskEvent) or event.task != self.task:
            return ""
        group = event.table.removeprefix(self.task)
        return f"{event.verb}{group}{self._more(event, ledger)}"

    def _use_tier(self, event: Offload | Load, ledger: Ledger) -> str:
        """Say which pages are copied to a tier, or come from it."""
        parts = []
        for name, table in ledger.tables.items():
            moved = [page for page, frame in enumerate(table) if frame in event.frames]
            if moved and task_of(name) == self.task:
                pages = f"{'page' if len(moved) == 1 else 'pages'} {listed(moved)}"
                parts.append(pages + name.removeprefix(self.task).replace(" ", " of ", 1))
        to = "to" if isinstance(event, Offload) else "from"
        return f"{event.verb}, {', '.join(parts)} {to} {event.tier}" if parts else ""

    def _more(self, event: TaskEvent, ledger: Ledger) -> str:
        more: list[str] = []
        match event:
            case Submit(tokens=int(tokens)):
                more = [counted(tokens, "token")]
            case Defer(need=int(need)):
                more = [f"{counted(need, 'frame')} needed"]
            case Arrive(shared=shared, frames=frames):
                more = [f"finds {named_pages(shared)}"] if shared else []
                more += [f"gets {named_pages(frames)}"] if frames else []
            case Expand(frame=frame):
                more = [
                    f"gets {named_pages((frame,))} as page {len(ledger.tables[event.table]) - 1}"
                ]
            case Copy(page=page, src=src, dst=dst):
                more = [f"page {page} moves from frame {src} to frame {dst}"]
            case Share(page=page, shared=shared):
                last = page + len(shared) - 1
                pages = f"page {page} moves" if page == last else f"pages {page} to {last} move"
                more = [f"{pages} to {named_frames(shared)}"]
            case Release(frames=frames) | Shrink(frames=frames):
                more = [f"gives back {named_pages(frames)}"]
        if isinstance(event, LetGo):
            more += [f"{named_frames(event.freed)} free"] if event.freed else []
            more += [f"{named_frames(event.cached)} cached"] if event.cached else []
        return "".join(f", {part}" for part in more)


def histories(
    trace: Trace, subjects: Sequence[FrameHistory | TaskHistory], last: int | None = None
) -> Iterator[tuple[int, Entry]]:
    """Replay a trace, and say what happened to each subject, up to the event `last`.

    Yields
    ------
    tuple
        Which subject it is, from 0, and what happened.

    Raises
    ------
    TraceError
        As `recorded`.
    """
    ledger = trace.header.ledger()
    for number, record in recorded(trace, ledger):
        for place, subject in enumerate(subjects):
            if record is None:
                subject.begin(ledger)
            elif text := subject.tell(record.event, ledger):
                yield place, Entry(number, record, text)
        if last is not None and number >= last:
            return


def name_of(subject: FrameHistory | TaskHistory) -> str:
    """Name a subject: ``frame 4``, ``task R7``."""
    if isinstance(subject, FrameHistory):
        return f"frame {subject.frame}"
    return f"task {subject.task if len(subject.task) <= 40 else shown(subject.task)}"
