"""What the lines of a trace mean: its header, and one event each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pagereel.cache import (
    Abort,
    Arrive,
    Checks,
    Copy,
    Defer,
    Evict,
    Expand,
    Finish,
    Ledger,
    Preempt,
    Submit,
)
from pagereel.errors import CacheError
from pagereel.trace.fields import Fault, Fields
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from pagereel.cache import Event

FORMAT, VERSION = "pagereel-trace", 1
MOST_FRAMES = 2**24
HEADER_KEYS = (*("ev", "format", "version", "engine", "frames", "page_size", "reserved", "note"),)
_COMMON = ("ev", "seq", "step", "mask", "refcounts", "evictable", "tables")
_CHECKS = frozenset(("mask", "refcounts", "evictable", "tables"))
NO_CHECKS = Checks()


@dataclass(frozen=True, slots=True)
class Header:
    """What a trace says about its engine.

    Parameters
    ----------
    engine
        Its name and version.
    frames
        Size of the pool in page frames.
    page_size
        Tokens per page, where it is known.
    reserved
        Frames that the engine never hands out.
    note
        What the trace shows, for people.
    """

    engine: str
    frames: int
    page_size: int | None = None
    reserved: tuple[int, ...] = ()
    note: str | None = None

    def ledger(self) -> Ledger:
        """Make the cache as it is before the first event."""
        return Ledger(self.frames, self.page_size, self.reserved)


@dataclass(frozen=True, slots=True)
class Record:
    """One event of a trace.

    Parameters
    ----------
    line
        Where it stands in the file, from 1.
    seq
        Which event it is, from 1.
    step
        The engine's own step, where it is known.
    event
        What happened.
    checks
        What the trace claims about the state after it.
    """

    line: int
    seq: int
    step: int | None
    event: Event
    checks: Checks


def read_header(values: dict[str, Any]) -> Header:
    """Read the first line.

    Raises
    ------
    Fault
        If it is not the header of a trace of version 1.
    """
    fields = Fields(values)
    if values.get("ev") != "init" or values.get("format") != FORMAT:
        message = f'{{"ev": "init", "format": "{FORMAT}", "version": {VERSION}, …}}'
        raise Fault(f"a trace begins with the line {message}; add it")
    version = fields.needed_number("version", least=0)
    if version != VERSION:
        raise Fault(f"this is version {version}; version {VERSION} can be read")
    fields.allow(HEADER_KEYS)
    engine = fields.text("engine")
    if not engine or not engine.strip():
        raise Fault("the name of the engine is missing; add engine")
    header = Header(
        engine=engine,
        frames=fields.needed_number("frames", least=1, most=MOST_FRAMES),
        page_size=fields.number("page_size", least=1),
        reserved=fields.numbers("reserved") or (),
        note=fields.text("note"),
    )
    if header.reserved:
        try:
            header.ledger()
        except CacheError as error:
            raise Fault(f"reserved: {error}; name frames of the pool") from None
    return header


def read_event(values: dict[str, Any]) -> Event:
    """Read what happened.

    Raises
    ------
    Fault
        If this is not an event of a trace.
    """
    name = values.get("ev")
    if not isinstance(name, str) or name not in _EVENTS:
        if name == "init":
            raise Fault("a second init: a trace is that of one engine; cut the file here")
        said = "ev is missing" if "ev" not in values else f"unknown ev {shown(name)}"
        raise Fault(f"{said}; {suggestion(name if type(name) is str else '', EVENTS)}")
    make, keys = _EVENTS[name]
    fields = Fields(values)
    fields.allow(keys)
    return make(fields)


def read_checks(values: dict[str, Any], frames: int) -> Checks:
    """Read what is claimed about the state after an event, for a pool of so many frames.

    Raises
    ------
    Fault
        If a claim is not written as it should be.
    """
    if _CHECKS.isdisjoint(values):
        return NO_CHECKS
    fields = Fields(values)
    return Checks(
        mask=fields.mask(frames),
        refcounts=fields.numbers("refcounts"),
        tables=fields.tables(),
        evictable=fields.numbers("evictable"),
    )


def _submit(fields: Fields) -> Event:
    return Submit(fields.task(), fields.number("tokens", least=1))


def _defer(fields: Fields) -> Event:
    return Defer(fields.task(), fields.number("need", least=1))


def _arrive(fields: Fields) -> Event:
    frames, shared = fields.needed_numbers("frames"), fields.numbers("shared") or ()
    return Arrive(fields.task(), frames, fields.number("tokens", least=1), shared)


def _expand(fields: Fields) -> Event:
    task, frames = fields.task(), fields.needed_numbers("frames")
    if len(frames) != 1:
        raise Fault(f"expand takes one frame, not {len(frames)}; write an event for each")
    return Expand(task, frames[0], fields.number("pos", least=0))


def _copy(fields: Fields) -> Event:
    task, page = fields.task(), fields.needed_number("page", least=0)
    src, dst = (fields.needed_number(key, least=0) for key in ("src", "dst"))
    return Copy(task, page, src, dst)


def _evict(fields: Fields) -> Event:
    return Evict(fields.needed_numbers("frames"))


def _release(verb: type[Finish | Abort | Preempt]) -> Callable[[Fields], Event]:
    def make(fields: Fields) -> Event:
        return verb(fields.task(), fields.numbers("freed"), fields.numbers("cached") or ())

    return make


_RELEASE = ("task", "freed", "cached")
_OWN: dict[str, tuple[Callable[[Fields], Event], tuple[str, ...]]] = {
    "submit": (_submit, ("task", "tokens")),
    "defer": (_defer, ("task", "need")),
    "arrive": (_arrive, ("task", "tokens", "shared", "frames")),
    "expand": (_expand, ("task", "pos", "frames")),
    "copy": (_copy, ("task", "page", "src", "dst")),
    "evict": (_evict, ("frames",)),
    "finish": (_release(Finish), _RELEASE),
    "abort": (_release(Abort), _RELEASE),
    "preempt": (_release(Preempt), _RELEASE),
}
EVENTS = tuple(_OWN)
_EVENTS = {name: (make, dict.fromkeys((*_COMMON, *own))) for name, (make, own) in _OWN.items()}
