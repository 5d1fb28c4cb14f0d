# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but Python 3.9: copy it into an engine.
"""Record what a paged KV cache does, as a trace that pagereel checks and draws.

    writer = TraceWriter("trace.jsonl", frames=1024, page_size=16, engine="mine 1.0")
    writer.arrive("request-1", [0, 1], tokens=20)
    writer.expand("request-1", pos=32, frames=[2])
    writer.finish("request-1", freed=[0, 1, 2])
    writer.close()

Events are queued in the order of the calls, from any thread; a call takes some microseconds.
They are numbered and written in whole lines: every half second by a thread, at the latest every
second by the next event, when 512 wait, on `close` and at the end of the process. A killed process
loses at most its last second. A forked child records nothing; make a new writer there.

After construction the writer raises nothing into the engine. A failure (a full disk, a frame that
is not a whole number) ends the recording and is logged once; the lines written before stay
readable. The writer checks types, because the file has to be JSON, and escapes the characters that
a trace does not allow in a task's name, as ``=20``. It does not check whether an event is possible;
`pagereel trace check` does, in the finished file.

Events are recorded in the order of the calls, so make them while you hold the lock that guards the
cache.
"""

from __future__ import annotations

import atexit
import gzip
import json
import logging
import os
import re
import threading
import time
import weakref
import zlib
from array import array
from collections import deque
from contextlib import suppress
from itertools import chain
from operator import index
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Self, TypeAlias, Unpack

    _Numbers: TypeAlias = tuple[tuple[str, int | None], ...]
    _Lists: TypeAlias = tuple[tuple[str, Iterable[int]], ...]
    # Kind, task, numbers, copies of the lists, and the line from behind its seq.
    _Event: TypeAlias = tuple[str, str, _Numbers, list[list[int]], str]

_LOG = logging.getLogger("pagereel.recorder")
_MANY = 512  # waiting events that are written at once
_MOST = 8192  # waiting events for which the engine has to wait itself
_PATIENCE = 10.0  # seconds that it waits, at most
_LATEST = 1.0  # seconds after which an event writes; the thread does so in half of the time
# Made-up tasks, for what a trace has no event for.
_OPENING = "_earlier"
_DROPPING = "_dropped"
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_:@#+=/-]|\.(?!\.)){0,255}")
_NAMES: dict[str, str] = {}  # of the last tasks, as traces allow them
_UNNAMEABLE = re.compile(r"[^A-Za-z0-9_:@#+/-]")


class Common(TypedDict, total=False):
    """What every event may carry: the engine's step, and checks of the state after the event.

    `mask` is a whole number, bit i for frame i; `refcounts` go by frame; `evictable` is in eviction
    order; `tables` maps tasks to frames.
    """

    step: int | None
    mask: int
    refcounts: Iterable[int]
    evictable: Iterable[int]
    tables: Mapping[str, Iterable[int]]


class TraceWriter:
    """Writes a trace.

    Parameters
    ----------
    path
        The file; what was there is replaced. With the ending ``.gz`` it is compressed.
    frames
        How many page frames the pool has, the reserved ones among them.
    page_size, engine, note
        Tokens a page, where it is known; name and version of the engine; a remark.
    reserved
        Frames that the engine never hands out.
    part_bytes
        Begin a new file at about this size: ``trace.0001.jsonl``, ``trace.0002.jsonl`` … Each
        begins with events that build up the state at its start, and is a trace by itself.
    keep
        How many of these files to keep, those of earlier runs among them; the oldest are deleted.
        None: all.
    strict
        Raise errors into the engine, for tests.

    Attributes
    ----------
    step
        The engine's step number, for events that are not given one.

    Raises
    ------
    OSError
        If the file cannot be made.
    TypeError
        If `frames`, `page_size` or an entry of `reserved` is not a whole number.
    """

    def __init__(  # noqa: PLR0913 (all options in one place)
        self,
        path: str | os.PathLike[str],
        frames: int,
        *,
        page_size: int | None = None,
        engine: str = "unknown",
        note: str | None = None,
        reserved: Iterable[int] = (),
        part_bytes: int | None = None,
        keep: int | None = None,
        strict: bool = False,
    ) -> None:
        header = {
            "ev": "init",
            "format": "pagereel-trace",
            "version": 1,
            "engine": engine,
            "frames": int(index(frames)),
            **({} if page_size is None else {"page_size": int(index(page_size))}),
            **({} if note is None else {"note": note}),
        }
        kept = array("q", reserved).tolist()
        self._files = _Files(
            os.fspath(path), {**header, "reserved": kept} if kept else header, part_bytes, keep
        )
        self.step: int | None = None
        self._strict = strict
        self._waiting: deque[_Event] = deque()
        self._writing = threading.Lock()
        self._written_at = time.monotonic()
        self._open = True
        self._elsewhere = False
        self._closing = threading.Event()
        _WRITERS.add(self)
        atexit.register(self.close)
        threading.Thread(target=self._write_regularly, name="pagereel", daemon=True).start()

    def submit(self, task: str, tokens: int | None = None, **common: Unpack[Common]) -> None:
        """Record that a task is queued, with a prompt of so many tokens."""
        self._add("submit", task, (("tokens", tokens),), (), common)

    def defer(self, task: str, need: int | None = None, **common: Unpack[Common]) -> None:
        """Record that admission failed for want of `need` frames; the task stays queued."""
        self._add("defer", task, (("need", need),), (), common)

    def arrive(
        self,
        task: str,
        frames: Iterable[int],
        *,
        tokens: int | None = None,
        shared: Iterable[int] = (),
        **common: Unpack[Common],
    ) -> None:
        """Record an admission: the page table is `shared`, from the prefix index, then `frames`."""
        lists = (("shared", shared), ("frames", frames))
        self._add("arrive", task, (("tokens", tokens),), lists, common)

    def expand(
        self, task: str, pos: int | None, frames: Iterable[int], **common: Unpack[Common]
    ) -> None:
        """Record one page more, which token position `pos` needs."""
        self._add("expand", task, (("pos", pos),), (("frames", frames),), common)

    def copy(self, task: str, *, page: int, src: int, dst: int, **common: Unpack[Common]) -> None:
        """Record a copy on write: the task's page moves from a shared frame to one of its own."""
        self._add("copy", task, (("page", page), ("src", src), ("dst", dst)), (), common)

    def evict(self, frames: Iterable[int], **common: Unpack[Common]) -> None:
        """Record that cached frames lose their content; the next event takes them."""
        self._add("evict", "", (), (("frames", frames),), common)

    def finish(
        self, task: str, freed: Iterable[int], cached: Iterable[int] = (), **common: Unpack[Common]
    ) -> None:
        """Record that a task is done.

        Of its frames `freed` are free now and `cached` kept for reuse, the first to be evicted
        first; the rest is still held by others.
        """
        self._add("finish", task, (), (("freed", freed), ("cached", cached)), common)

    def abort(
        self, task: str, freed: Iterable[int], cached: Iterable[int] = (), **common: Unpack[Common]
    ) -> None:
        """Record that a task is given up; if it is only queued, `freed` is empty."""
        self._add("abort", task, (), (("freed", freed), ("cached", cached)), common)

    def preempt(
        self, task: str, freed: Iterable[int], cached: Iterable[int] = (), **common: Unpack[Common]
    ) -> None:
        """Record that a task makes room for others, and is queued again."""
        self._add("preempt", task, (), (("freed", freed), ("cached", cached)), common)

    def drop(self, frames: Iterable[int], **common: Unpack[Common]) -> None:
        """Record that cached frames lose their content and are free, as when an index is reset.

        A trace has no event for that; a made-up task takes the frames and is aborted.
        """
        dropped = array("q", frames)
        if dropped:
            self.evict(dropped)
            self.arrive(_DROPPING, dropped)
            self.abort(_DROPPING, dropped, **common)

    def flush(self) -> None:
        """Write the events that wait."""
        if self._open:
            self._write(_PATIENCE)

    def close(self) -> None:
        """Write the events that wait, and close the file. Later events are ignored."""
        self.flush()
        self._end()

    def stop(self, why: object) -> None:
        """Write the events that wait, end the recording and log why."""
        self.flush()
        self._break_off(why)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _add(
        self,
        kind: str,
        task: str,
        numbers: _Numbers,
        lists: _Lists,
        common: Common,
    ) -> None:
        """Copy the lists, which the engine may change later, and queue the event."""
        if not self._open:
            self._say_where()
            return
        step: int | None = common.pop("step", self.step)
        try:
            self._waiting.append(  # atomic
                _event(kind, task, (("step", step), *numbers), lists, dict(common))
            )
        except (TypeError, ValueError, OverflowError) as error:
            self.stop(f"{kind}: {error!r}")
            if self._strict:
                raise
        waiting = len(self._waiting)
        if waiting >= _MANY or time.monotonic() - self._written_at >= _LATEST:
            self._write(_PATIENCE if waiting >= _MOST else 0)

    def _write(self, patience: float) -> None:
        """Write the events that wait, unless another thread is doing so."""
        if not self._writing.acquire(timeout=patience):
            if patience:
                self._break_off(f"the disk has not answered for {patience:g} s")
            return
        try:
            self._written_at = time.monotonic()
            waiting = self._waiting
            while waiting:
                self._files.write([waiting.popleft() for _ in range(min(len(waiting), _MANY))])
        except Exception as error:
            self._break_off(repr(error), locked=True)
            if self._strict:
                raise
        finally:
            self._writing.release()

    def _write_regularly(self) -> None:
        while not self._closing.wait(_LATEST / 2):
            self._write(0)

    def _break_off(self, why: object, *, locked: bool = False) -> None:
        if self._open:
            _LOG.warning("%s ends here: %s", self._files.name, why)
        self._end(locked=locked)

    def _end(self, *, locked: bool = False) -> None:
        self._open = False
        self._closing.set()
        self._waiting.clear()
        atexit.unregister(self.close)
        if locked:
            self._files.close()
        elif self._writing.acquire(timeout=_PATIENCE):  # else the hanging write keeps the file
            self._files.close()
            self._writing.release()

    def _after_fork(self) -> None:
        """Leave the file to the parent, which writes the events that wait in this copy, too."""
        self._elsewhere = self._open
        self._open = False
        self._writing = threading.Lock()
        self._files.close()

    def _say_where(self) -> None:
        if self._elsewhere:
            self._elsewhere = False
            _LOG.warning("%s is written by the process that opened it", self._files.name)


class _Files:
    """The file, or its numbered parts."""

    def __init__(
        self, path: str, header: dict[str, Any], most: int | None, keep: int | None
    ) -> None:
        folder, file = os.path.split(path)
        stem, dot, ending = file.partition(".")
        self._stem, self._ending = os.path.join(folder, stem), dot + ending  # noqa: PTH118
        self._header, self._most, self._keep = header, most, keep
        self._state = _State() if most else None
        self._packed = path.endswith(".gz")
        self._size = 0
        self._part = max(self._parts(), default=0)  # earlier recordings stay
        self._fd = -1
        self._begin()

    @property
    def name(self) -> str:
        """The file that is being written."""
        return self._named(self._part)

    def write(self, events: Iterable[_Event]) -> None:
        """Write events in whole lines."""
        lines: list[str] = []
        for event in events:
            if self._state:
                if self._size + self._pending >= self._limit:
                    self._put(lines)
                    lines = []
                    self._begin()
                self._state.note(event)
            self._append(event, lines)
        self._put(lines)

    def close(self) -> None:
        """Close the file, if it is open."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _named(self, part: int) -> str:
        number = f".{part:04}" if self._most else ""
        return f"{self._stem}{number}{self._ending}"

    def _begin(self) -> None:
        """Begin the file, or its next part, with events that build up the present state."""
        self.close()
        header = self._header
        if self._most:
            if self._state and self._part and self._size:
                header = {**header, "note": f"continues {os.path.basename(self.name)}"}  # noqa: PTH119
            self._part += 1
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        self._fd = os.open(self.name, flags, 0o666)
        self._size = self._seq = self._pending = 0
        lines = [json.dumps(header) + "\n"]
        for event in self._state.events() if self._state else ():
            self._append(event, lines)
        self._put(lines)
        self._limit = max(self._most or 0, 2 * self._size)
        for part in sorted(self._parts())[: -self._keep] if self._keep else ():
            with suppress(FileNotFoundError):
                os.remove(self._named(part))  # noqa: PTH107

    def _parts(self) -> list[int]:
        """Return the numbers of the parts that are there, those of earlier recordings, too."""
        if not self._most:
            return []
        folder, stem = os.path.split(self._stem)
        part = re.compile(rf"{re.escape(stem)}\.([0-9]{{4,}}){re.escape(self._ending)}")
        found = map(part.fullmatch, os.listdir(folder or "."))  # noqa: PTH208
        return [int(match[1]) for match in found if match and int(match[1])]

    def _append(self, event: _Event, lines: list[str]) -> None:
        self._seq += 1
        lines.append(f'{{"seq": {self._seq}{event[-1]}')
        self._pending += 0 if self._packed else len(lines[-1])

    def _put(self, lines: list[str]) -> None:
        data = "".join(lines).encode()
        if self._packed and data:
            data = gzip.compress(data, 1)  # a complete member of the file
        try:
            left = data
            while left:
                left = left[os.write(self._fd, left) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._fd, self._size)  # no half line
            raise
        self._size += len(data)
        self._pending = 0


def _event(
    kind: str, task: str, numbers: _Numbers, lists: _Lists, checks: dict[str, Any]
) -> _Event:
    """Write an event as JSON by hand, in a third of the time that `json` takes."""
    text = f', "ev": "{kind}"'
    if kind != "evict":
        task = _NAMES.get(task) or _name(task)
        text += f', "task": "{task}"'
    for name, number in numbers:
        if number is not None:
            text += f', "{name}": {index(number):d}'
    copies = []
    for name, frames in lists:
        copy = array("q", frames).tolist()  # refuses anything but whole numbers
        copies.append(copy)
        text += f', "{name}": {copy}'
    if checks:
        text += _checks(checks)
    return kind, task, numbers, copies, text + "}\n"


def _name(task: str) -> str:
    """Return a task's name as traces allow it: without spaces and other things, and not long."""
    name = str(task)
    if not _NAME.fullmatch(name) or name.startswith("_="):
        plain = _UNNAMEABLE.sub(lambda found: f"={ord(found[0]):x}", name)
        if len(plain) > 254:
            plain = f"{plain[:200]}={zlib.crc32(name.encode(errors='replace')):x}"
        name = f"_={plain}"
    if len(_NAMES) >= _MOST:
        _NAMES.clear()
    _NAMES[task] = name
    return name


def _checks(checks: dict[str, Any]) -> str:
    text = ""
    for name, value in checks.items():
        if name == "mask":
            text += f', "mask": "{index(value):#x}"'
        elif name == "tables":
            tables = {_name(task): array("q", table).tolist() for task, table in value.items()}
            text += f', "tables": {json.dumps(tables)}'
        elif name in {"refcounts", "evictable"}:
            text += f', "{name}": {array("q", value).tolist()}'
        else:
            raise TypeError(f"an event has no {name}")
    return text


class _State:
    """The state that a part of a trace begins with: page tables, cached frames, queued tasks."""

    def __init__(self) -> None:
        self._tables: dict[str, list[int]] = {}
        self._cached: dict[int, None] = {}
        self._queued: dict[str, int | None] = {}

    def note(self, event: _Event) -> None:
        """Follow an event."""
        kind, task, numbers, lists, _ = event
        if kind == "submit":
            self._queued[task] = dict(numbers)["tokens"]
        elif kind == "arrive":
            self._queued.pop(task, None)
            self._tables[task] = [*lists[0], *lists[1]]
            self._uncache(lists[0])
        elif kind == "expand":
            self._tables.setdefault(task, []).extend(lists[0])
        elif kind == "copy":
            moved = dict(numbers)
            self._tables[task][moved["page"] or 0] = moved["dst"] or 0
        elif kind == "evict":
            self._uncache(lists[0])
        elif kind in {"finish", "abort", "preempt"}:
            self._tables.pop(task, None)
            self._queued.pop(task, None)
            self._cached.update(dict.fromkeys(lists[1]))
            if kind == "preempt":
                self._queued[task] = None

    def events(self) -> Iterator[_Event]:
        """Yield events that lead to the state: one task takes all frames, and the others share."""
        everything = [*dict.fromkeys(chain(*self._tables.values(), self._cached))]
        if everything:
            yield _event("arrive", _OPENING, (), (("shared", ()), ("frames", everything)), {})
        for task, table in self._tables.items():
            yield _event("arrive", task, (), (("shared", table), ("frames", ())), {})
        if everything:
            yield _event("finish", _OPENING, (), (("freed", ()), ("cached", self._cached)), {})
        for task, tokens in self._queued.items():
            yield _event("submit", task, (("tokens", tokens),), (), {})

    def _uncache(self, frames: Iterable[int]) -> None:
        for frame in frames:
            self._cached.pop(frame, None)


_WRITERS: weakref.WeakSet[TraceWriter] = weakref.WeakSet()


def _after_fork() -> None:
    for writer in list(_WRITERS):
        writer._after_fork()  # noqa: SLF001 (of this module)


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_after_fork)


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> Callable[[], None]:
    """Wrap a method of one object in `around`, which gets it as its first argument.

    Returns
    -------
    callable
        Puts the method back.
    """
    before = vars(owner).get(name)
    method = getattr(owner, name)

    def call(*values: Any, **named: Any) -> Any:
        return around(method, *values, **named)

    def undo() -> None:
        if before is None:
            delattr(owner, name)
        else:
            setattr(owner, name, before)

    setattr(owner, name, call)
    return undo
