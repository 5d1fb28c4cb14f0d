# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but Python 3.9: copy it into an engine.
"""Record what a paged KV cache does, as a trace that pagereel checks and draws.

    writer = TraceWriter("trace.jsonl", frames=1024, page_size=16, engine="mine 1.0")
    writer.arrive("request-1", [0, 1], tokens=20)
    writer.expand("request-1", [2], pos=32)
    writer.finish("request-1", freed=[0, 1, 2])
    writer.close()

Events are queued in the order of the calls, from any thread; a call takes some microseconds.
They are numbered and written in whole lines: every half second by a thread, at the latest every
second by the next event, when 512 wait, on `close` and at the end of the process. A killed process
loses at most its last second. A forked child records nothing; make a new writer there.

After construction the writer raises nothing into the engine. A failure (a full disk, a frame that
is not a whole number) ends the recording and is logged once; the lines written before stay
readable, and the last line says why it ended, where the disk takes it. The writer checks types,
because the file has to be JSON, and escapes the characters that a trace does not allow in a task's
name, as ``=20``. It does not check whether an event is possible; `pagereel trace check` does, in
the finished file.

Events are recorded in the order of the calls, so make them while you hold the lock that guards the
cache.

An engine that is not to be changed is recorded by an adapter: a `Recording` that listens to the
engine's methods, and derives the events from the page tables that it finds after the calls.
"""
# It has more than 400 lines, since an engine copies one file.

from __future__ import annotations

import atexit
import functools
import gzip
import inspect
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
from itertools import chain, islice
from operator import index
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import Self, TypeAlias, Unpack

    _Numbers: TypeAlias = tuple[tuple[str, int | None], ...]
    _Pages: TypeAlias = Iterable[int | None]
    _Lists: TypeAlias = tuple[tuple[str, _Pages | Iterable[str | bytes] | None], ...]
    # Kind, task or tier, numbers, copies of the lists, and the line from behind its seq.
    _Event: TypeAlias = tuple[str, str, _Numbers, list[list[Any]], str]

_LOG = logging.getLogger("pagereel.recorder")
_MANY = 512  # waiting events that are written at once
_MOST = 8192  # waiting events for which the engine has to wait itself
_PATIENCE = 10.0  # seconds that it waits, at most
_LATEST = 1.0  # seconds after which an event writes; the thread does so in half of the time
# A made-up task, from which those take their pages that are there when a part begins.
_OPENING = "_earlier"
_NO_RESULT = object()
_LONGEST = 1000  # characters of a text that a trace allows
_LONGEST_KEY = 128  # of what an engine calls the content of a slot
_GROUP = re.compile("[A-Za-z0-9_-]{1,32}")
_NAMES_SAY = "have names of at most 32 letters, digits, - or _"
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_:@#+=/-]|\.(?!\.)){0,255}")
_NAMES: dict[str, str] = {}  # of the last tasks, as traces allow them
_OF_TIERS = {"offload", "load", "discard"}
_NEW = {"share", "release", "shrink", "drop", *_OF_TIERS}  # events of version 2 of the format
_quoted = json.encoder.encode_basestring_ascii  # a text as JSON
_UNNAMEABLE = re.compile(r"[^A-Za-z0-9_:@#+/-]")


class Common(TypedDict, total=False):
    """What every event may carry: the engine's step, and checks of the state after the event.

    `mask` is a whole number, bit i for frame i; `refcounts` go by frame; `evictable` is in eviction
    order; `tables` maps tasks to frames, or to groups and these to frames; `tiers` maps tiers to
    the slots that hold something.
    """

    step: int | None
    mask: int
    refcounts: Iterable[int]
    evictable: Iterable[int]
    tables: Mapping[str, _Pages | Mapping[str, _Pages]]
    tiers: Mapping[str, Iterable[int]]


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
    groups
        If a task has several page tables, such as one for a sliding window: the name of each group
        of them -> tokens a page in it, or None. `arrive`, `expand`, `copy`, `share`, `release` and
        `shrink` then name their group, and `tables` maps tasks to groups to frames.
    tiers
        If pages are kept elsewhere, too, such as in host memory: the name of each tier -> how many
        slots it has, each with room for what is in a frame.
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
    page_size, groups
        Tokens a page, where it is known; the same by group, if there are groups.

    Raises
    ------
    OSError
        If the file cannot be made.
    TypeError
        If `frames`, `page_size`, an entry of `reserved` or a tier's size is not a whole number.
    ValueError
        If `groups` or `tiers` is empty, or has a name that a trace does not allow.
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
        groups: Mapping[str, int | None] | None = None,
        tiers: Mapping[str, int] | None = None,
        part_bytes: int | None = None,
        keep: int | None = None,
        strict: bool = False,
    ) -> None:
        header: dict[str, Any] = {
            "ev": "init",
            "format": "pagereel-trace",
            "version": 1,
            "engine": engine,
            "frames": int(index(frames)),
            **({} if page_size is None else {"page_size": int(index(page_size))}),
            **({} if note is None else {"note": note}),
            **({} if groups is None else {"groups": dict(groups)}),
            **({} if tiers is None else {"tiers": {t: int(index(n)) for t, n in tiers.items()}}),
        }
        for what, names in (("groups", groups), ("tiers", tiers)):
            if names is not None and not (names and all(map(_GROUP.fullmatch, names))):
                raise ValueError(f"{what} {_NAMES_SAY}, not {[*names]}")
        kept = array("q", reserved).tolist()
        self._files = _Files(
            os.fspath(path), {**header, "reserved": kept} if kept else header, part_bytes, keep
        )
        self.step: int | None = None
        self.page_size: int | None = header.get("page_size")
        self.groups: dict[str, int | None] = header.get("groups", {})
        self._strict = strict
        # Lines alone where nothing else is asked of an event: what the garbage collector has to
        # look through costs an engine more than it does to write it.
        self._waiting: deque[_Event | str] = deque()
        self._in_parts = part_bytes is not None
        self._is_new = bool(groups or tiers)  # of version 2 from the first line on
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
        frames: _Pages,
        *,
        tokens: int | None = None,
        shared: _Pages = (),
        group: str | None = None,
        **common: Unpack[Common],
    ) -> None:
        """Record an admission: the page table is `shared`, from the prefix index, then `frames`.

        In a list or tuple, None is a page that has no frame, as before a window.
        """
        lists = (("shared", shared), ("frames", frames))
        self._add("arrive", task, (("tokens", tokens),), lists, common, group)

    def expand(
        self,
        task: str,
        frames: _Pages,
        *,
        pos: int | None = None,
        group: str | None = None,
        **common: Unpack[Common],
    ) -> None:
        """Record one page more, which token position `pos` needs; `frames` has a frame or None."""
        if not common and self._add_short("expand", task, frames, pos, group):
            return
        self._add("expand", task, (("pos", pos),), (("frames", frames),), common, group)

    def copy(
        self,
        task: str,
        *,
        page: int,
        src: int,
        dst: int,
        group: str | None = None,
        **common: Unpack[Common],
    ) -> None:
        """Record a copy on write: the task's page moves from a shared frame to one of its own."""
        self._add("copy", task, (("page", page), ("src", src), ("dst", dst)), (), common, group)

    def share(
        self,
        task: str,
        shared: Iterable[int],
        *,
        page: int,
        freed: Iterable[int] | None = None,
        cached: Iterable[int] = (),
        group: str | None = None,
        **common: Unpack[Common],
    ) -> None:
        """Record that a running task's pages, from `page` on, move to frames of the prefix index.

        `freed` and `cached` say what has become of the frames that they were in, as in `finish`.
        """
        lists = (("shared", shared), ("freed", freed), ("cached", cached))
        self._add("share", task, (("page", page),), lists, common, group)

    def release(
        self,
        task: str,
        frames: Iterable[int],
        *,
        freed: Iterable[int] | None = None,
        cached: Iterable[int] = (),
        group: str | None = None,
        **common: Unpack[Common],
    ) -> None:
        """Record that a task keeps its page table, but has no frame any more for some pages.

        `freed` and `cached` say what has become of these frames, as in `finish`.
        """
        lists = (("frames", frames), ("freed", freed), ("cached", cached))
        self._add("release", task, (), lists, common, group)

    def shrink(
        self,
        task: str,
        frames: _Pages,
        *,
        freed: Iterable[int] | None = None,
        cached: Iterable[int] = (),
        group: str | None = None,
        **common: Unpack[Common],
    ) -> None:
        """Record that the last pages leave a task's page table; in `frames`, None is a hole.

        `freed` and `cached` say what has become of these frames, as in `finish`.
        """
        lists = (("frames", frames), ("freed", freed), ("cached", cached))
        self._add("shrink", task, (), lists, common, group)

    def evict(self, frames: Iterable[int], **common: Unpack[Common]) -> None:
        """Record that cached frames lose their content; the next event takes them."""
        if not common and self._add_short("evict", "", frames, None, None):
            return
        self._add("evict", "", (), (("frames", frames),), common)

    def finish(
        self,
        task: str,
        freed: Iterable[int] | None = None,
        cached: Iterable[int] = (),
        uncomputed: Iterable[int] = (),
        **common: Unpack[Common],
    ) -> None:
        """Record that a task is done.

        Of its frames `freed` are free now and `cached` kept for reuse, the first to be evicted
        first; the rest is still held by others. Without `freed`, all are free that are not cached
        and that no other task holds. `uncomputed` are frames, not free, of which the engine keeps
        the content though no step has computed it.
        """
        self._leave("finish", task, freed, cached, uncomputed, common)

    def abort(
        self,
        task: str,
        freed: Iterable[int] | None = None,
        cached: Iterable[int] = (),
        uncomputed: Iterable[int] = (),
        **common: Unpack[Common],
    ) -> None:
        """Record that a task is given up; a queued one has no frames."""
        self._leave("abort", task, freed, cached, uncomputed, common)

    def preempt(
        self,
        task: str,
        freed: Iterable[int] | None = None,
        cached: Iterable[int] = (),
        uncomputed: Iterable[int] = (),
        **common: Unpack[Common],
    ) -> None:
        """Record that a task makes room for others, and is queued again."""
        self._leave("preempt", task, freed, cached, uncomputed, common)

    def drop(self, frames: Iterable[int], **common: Unpack[Common]) -> None:
        """Record that cached frames lose their content and are free, as when an index is reset."""
        self._add("drop", "", (), (("frames", frames),), common)

    def offload(
        self,
        tier: str,
        slots: Iterable[int],
        frames: Iterable[int],
        *,
        keys: Iterable[str | bytes] = (),
        **common: Unpack[Common],
    ) -> None:
        """Record that what is in frames is copied to slots of a tier; the frames keep it.

        `keys` are names of the contents, such as their hashes, one for each slot; bytes are
        written in hexadecimal.
        """
        lists = (("slots", slots), ("frames", frames), ("keys", keys))
        self._add("offload", tier, (), lists, common)

    def load(
        self,
        tier: str,
        slots: Iterable[int],
        frames: Iterable[int],
        *,
        keys: Iterable[str | bytes] = (),
        **common: Unpack[Common],
    ) -> None:
        """Record that what is in slots of a tier is copied to frames; the slots keep it.

        A frame that a task has got for it stays that task's; a free one is cached then.
        """
        lists = (("slots", slots), ("frames", frames), ("keys", keys))
        self._add("load", tier, (), lists, common)

    def discard(self, tier: str, slots: Iterable[int], **common: Unpack[Common]) -> None:
        """Record that slots of a tier lose their content."""
        self._add("discard", tier, (), (("slots", slots),), common)

    def flush(self) -> None:
        """Write the events that wait."""
        if self._open:
            self._write(_PATIENCE)

    def close(self) -> None:
        """Write the events that wait, and close the file. Later events are ignored."""
        self.flush()
        self._end()

    def stop(self, why: object) -> None:
        """Write the events that wait, end the recording, log why, and say so in its last line."""
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

    def _leave(
        self,
        kind: str,
        task: str,
        freed: Iterable[int] | None,
        cached: Iterable[int],
        uncomputed: Iterable[int],
        common: Common,
    ) -> None:
        lists = (("freed", freed), ("cached", cached), ("uncomputed", uncomputed))
        self._add(kind, task, (), lists if uncomputed else lists[:2], common)

    def _add(
        self,
        kind: str,
        task: str,
        numbers: _Numbers,
        lists: _Lists,
        common: Common,
        group: str | None = None,
    ) -> None:
        """Copy the lists, which the engine may change later, and queue the event."""
        if not self._open:
            self._say_where()
            return
        try:
            step: int | None = common.pop("step", self.step)
            event = _event(kind, task, (("step", step), *numbers), lists, dict(common), group)
        except (TypeError, ValueError, OverflowError) as error:
            self.stop(f"{kind}: {said(error)}")
            if self._strict:
                raise
            return
        if kind == "drop" and not event[3][0]:  # an index was reset that had nothing
            return
        is_new = not self._is_new and (kind in _NEW or _is_later(event[-1]))
        self._queue(event if self._in_parts or is_new else event[-1])

    def _add_short(
        self, kind: str, task: str, frames: Any, pos: int | None, group: str | None
    ) -> bool:
        """Queue an `expand` or `evict` of one frame, the most frequent events, in half of the time.

        Return False if there is more to it, or something is wrong, which `_add` then finds.
        """
        if self._in_parts or not self._open or type(frames) not in {list, tuple}:
            return False
        try:
            (frame,) = frames
            at = "" if self.step is None else f', "step": {index(self.step):d}'
            what = ""
            if kind == "expand":
                of = f', "group": "{group}"' if group in self.groups else ""
                if pos is None or (group is not None and not of):
                    return False
                name = _NAMES.get(task) or _name(task)
                what = f', "task": "{name}"{of}, "pos": {index(pos):d}'
            text = f'{at}, "ev": "{kind}"{what}, "frames": [{index(frame):d}]}}\n'
        except (TypeError, ValueError):
            return False
        self._queue(text)
        return True

    def _queue(self, event: _Event | str) -> None:
        self._waiting.append(event)  # atomic
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
            self._break_off(said(error), locked=True)
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
            self._end(str(why), locked=locked)

    def _end(self, why: str = "", *, locked: bool = False) -> None:
        self._open = False
        self._closing.set()
        self._waiting.clear()
        atexit.unregister(self.close)
        if locked:
            self._files.close(why)
        elif self._writing.acquire(timeout=_PATIENCE):  # else the hanging write keeps the file
            self._files.close(why)
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
        self._state = _State(header) if most else None
        self._packed = path.endswith(".gz")
        self._size = self._recorded = 0
        self._part = max(self._parts(), default=0)  # earlier recordings stay
        self._fd = -1
        self._begin()

    @property
    def name(self) -> str:
        """The file that is being written."""
        return self._named(self._part)

    def write(self, events: Iterable[_Event | str]) -> None:
        """Write events in whole lines."""
        lines: list[str] = []
        for event in events:
            if self._state and not isinstance(event, str):
                if self._size + self._pending >= self._limit:
                    self._put(lines)
                    lines = []
                    self._begin()
                self._state.note(event)
            self._append(event, lines)
            self._recorded += 1
        self._put(lines)

    def close(self, why: str = "") -> None:
        """Close the file, if it is open; say in its last line why, if it ends early."""
        if self._fd >= 0:
            if why:
                said = "".join(c if c.isprintable() else " " for c in why)[:_LONGEST]
                end = {"seq": self._written + 1, "ev": "end", "why": said}
                with suppress(OSError):  # the disk may be full
                    self._put([json.dumps(end) + "\n"])
            os.close(self._fd)
            self._fd = -1

    def _named(self, part: int) -> str:
        number = f".{part:04}" if self._most else ""
        return f"{self._stem}{number}{self._ending}"

    def _begin(self) -> None:
        """Begin the file, or its next part, with events that build up the present state."""
        self.close()
        opening = [*self._state.events()] if self._state else []
        if self._most:
            if self._state and self._part and self._size:
                note = f"continues {os.path.basename(self.name)}"  # noqa: PTH119
                self._header.update(note=note, first=self._recorded + 1)
            self._header.pop("made_up", None)
            if opening:
                self._header["made_up"] = len(opening)
            self._part += 1
        self._header["version"] = 2 if {"groups", "tiers"} & {*self._header} else 1
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        self._fd = os.open(self.name, flags, 0o666)
        self._size = self._seq = self._written = self._pending = 0
        self._put_header()
        lines: list[str] = []
        for event in opening:
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

    def _put_header(self) -> None:
        """Write the first line; when another version of the format is needed, in its old place."""
        data = (json.dumps(self._header) + "\n").encode()
        if self._packed:
            data = gzip.compress(data, 0, mtime=0)  # as long as before
        if not self._size:  # not by seeking: a pipe cannot
            self._write_all(data)
            self._size = len(data)
            return
        os.lseek(self._fd, 0, os.SEEK_SET)
        try:
            self._write_all(data)
        finally:
            os.lseek(self._fd, 0, os.SEEK_END)

    def _append(self, event: _Event | str, lines: list[str]) -> None:
        text = event if isinstance(event, str) else event[-1]
        is_new = text is not event and (event[0] in _NEW or _is_later(text))
        if is_new and self._header["version"] == 1:
            self._header["version"] = 2
            self._put_header()
        self._seq += 1
        lines.append(f'{{"seq": {self._seq}{text}')
        self._pending += 0 if self._packed else len(lines[-1])

    def _put(self, lines: list[str]) -> None:
        data = "".join(lines).encode()
        if self._packed and data:
            data = gzip.compress(data, 1)  # a complete member of the file
        self._write_all(data)
        self._size += len(data)
        self._written, self._pending = self._seq, 0

    def _write_all(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._fd, self._size)  # no half line
            raise


def _event(
    kind: str,
    task: str,
    numbers: _Numbers,
    lists: _Lists,
    checks: dict[str, Any],
    group: str | None = None,
) -> _Event:
    """Write an event as JSON by hand, in a third of the time that `json` takes."""
    text = f', "ev": "{kind}"'
    if kind in _OF_TIERS:
        text += f', "tier": "{_plain("tiers", task)}"'
    elif kind not in {"evict", "drop"}:
        task = _NAMES.get(task) or _name(task)
        text += f', "task": "{task}"'
        if group is not None:
            text += f', "group": "{_plain("groups", group)}"'
            task = f"{task} {group}"  # what the page table is called
    for name, number in numbers:
        if number is not None:
            text += f', "{name}": {index(number):d}'
    copies = []
    for name, values in lists:
        copy: list[Any] = []
        if name == "keys":
            copy = [*map(_key, values or ())]
            text += f', "keys": [{", ".join(map(_quoted, copy))}]' if copy else ""
        elif values is not None or name != "freed":
            copy = _copied(values)
            text += f', "{name}": {_listed(copy)}'
        copies.append(copy)
    if checks:
        text += _checks(checks)
    return kind, task, numbers, copies, text + "}\n"


def _key(value: Any) -> str:
    """Return the name of what is in a slot, if a trace allows it; bytes in hexadecimal."""
    key = value.hex() if isinstance(value, bytes) else str(value)
    if not 1 <= len(key) <= _LONGEST_KEY or not key.isprintable():
        raise ValueError(f"keys are texts of 1 to {_LONGEST_KEY} characters, not {key[:40]!r}")
    return key


def _plain(what: str, name: Any) -> str:
    """Return the name of one of the groups or tiers, if a trace allows it."""
    if not isinstance(name, str) or not _GROUP.fullmatch(name):
        raise ValueError(f"{what} {_NAMES_SAY}, not {name!r}")
    return name


def _copied(frames: Iterable[Any] | None) -> list[Any]:
    """Return a copy of a list of frames, which the engine may change later."""
    given: Any = frames
    try:
        return array("q", given).tolist()  # refuses anything but whole numbers
    except TypeError:
        if not isinstance(frames, (list, tuple)) or None not in frames:
            raise
        return [None if frame is None else index(frame) for frame in frames]


def _table(table: Any) -> Any:
    """Return a copy of a page table, or of those of several groups."""
    if hasattr(table, "items"):
        return {group: _copied(frames) for group, frames in table.items()}
    return _copied(table)


def _listed(frames: list[Any]) -> str:
    return str(frames).replace("None", "null") if None in frames else str(frames)


def _is_later(line: str) -> bool:
    """Say whether a line has null in a list, or a list that is new in version 2 of the format.

    No name of a task has a bracket, a space or a quotation mark.
    """
    has_hole = "null" in line and ("[null" in line or " null" in line)
    return has_hole or '"uncomputed": [' in line


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
            tables = {_name(task): _table(table) for task, table in value.items()}
            text += f', "tables": {json.dumps(tables)}'
        elif name == "tiers":
            tiers = {tier: array("q", slots).tolist() for tier, slots in value.items()}
            text += f', "tiers": {json.dumps(tiers)}'
        elif name in {"refcounts", "evictable"}:
            text += f', "{name}": {array("q", value).tolist()}'
        else:
            raise TypeError(f"an event has no {name}")
    return text


class _State:
    """The state that a part of a trace begins with: page tables, cached frames, queue, tiers."""

    def __init__(self, header: Mapping[str, Any]) -> None:
        self._group = next(iter(header.get("groups", ())), None)  # any of them
        self._frames, self._reserved = header["frames"], frozenset(header.get("reserved", ()))
        # Tier -> slot -> the name of what is in it, or None.
        self._stored: dict[str, dict[int, str | None]] = {t: {} for t in header.get("tiers", ())}
        self._tables: dict[str, list[Any]] = {}  # by task, or by task and group with a space
        self._cached: dict[int, None] = {}
        self._uncomputed: set[int] = set()
        self._queued: dict[str, int | None] = {}

    def note(self, event: _Event) -> None:
        """Follow an event."""
        kind, task, numbers, lists, _ = event
        if kind == "submit":
            self._queued[task] = dict(numbers)["tokens"]
        elif kind == "arrive":
            self._queued.pop(task.partition(" ")[0], None)
            self._tables[task] = [*lists[0], *lists[1]]
            self._uncache(lists[0])
            self._uncomputed.difference_update(lists[1])
        elif kind == "expand":
            self._tables.setdefault(task, []).extend(lists[0])
            self._uncomputed.difference_update(lists[0])
        elif kind == "copy":
            moved = dict(numbers)
            self._tables[task][moved["page"] or 0] = dst = moved["dst"] or 0
            self._uncomputed.discard(dst)
            if moved["src"] in self._uncomputed:
                self._uncomputed.add(dst)
        elif kind in {"evict", "drop"}:
            self._uncache(lists[0])
        elif kind in _OF_TIERS:
            self._use_tier(event)
        elif kind != "defer":
            self._give_back(event)

    def _use_tier(self, event: _Event) -> None:
        """Follow an event of a tier."""
        kind, tier, _, lists, _ = event
        stored = self._stored.setdefault(tier, {})
        if kind == "offload":
            slots, _, keys = lists
            stored.update(zip(slots, keys) if keys else dict.fromkeys(slots))  # noqa: B905 (3.9)
        elif kind == "load":
            self._uncomputed.difference_update(lists[1])
            free = {*lists[1]}
            for table in reversed(self._tables.values()):  # most are loaded for what arrived last
                if not free:
                    break
                free.difference_update(table)
            self._cached.update(dict.fromkeys(frame for frame in lists[1] if frame in free))
        else:
            for slot in lists[0]:
                stored.pop(slot, None)

    def _give_back(self, event: _Event) -> None:
        """Follow an event in which a task gives frames back."""
        kind, task, numbers, lists, _ = event
        ends = kind not in {"release", "shrink", "share"}
        self._cached.update(dict.fromkeys(lists[1 if ends else 2]))
        if kind == "release":
            gone, table = {*lists[0]}, self._tables[task]
            table[:] = [None if frame in gone else frame for frame in table]
        elif kind == "shrink":
            del self._tables[task][-len(lists[0]) :]
        elif kind == "share":
            first = dict(numbers)["page"] or 0
            self._uncache(lists[0])
            self._tables[task][first : first + len(lists[0])] = lists[0]
        else:
            for name in [task, *(name for name in self._tables if name.startswith(f"{task} "))]:
                self._tables.pop(name, None)
            self._uncomputed.update(*lists[2:])
            self._queued.pop(task, None)
            if kind == "preempt":
                self._queued[task] = None

    def events(self) -> Iterator[_Event]:
        """Yield events that lead to the state: one task takes all frames, and the others share."""
        pages = chain(*self._tables.values(), self._cached)
        known = dict.fromkeys(frame for frame in pages if frame is not None)
        most = max(map(len, self._stored.values()), default=0)
        others = (f for f in range(self._frames) if f not in known and f not in self._reserved)
        spare = [*islice(others, max(0, most - len(known)))]  # to fill tiers from
        everything = [*known, *spare]
        if everything:
            lists: _Lists = (("shared", ()), ("frames", everything))
            yield _event("arrive", _OPENING, (), lists, {}, self._group)
            yield from self._offloads(everything)
        for name, table in self._tables.items():
            task, _, group = name.partition(" ")
            lists = (("shared", table), ("frames", ()))
            yield _event("arrive", task, (), lists, {}, group or None)
        if everything:
            left = [("freed", spare), ("cached", self._cached)]
            if missing := [frame for frame in known if frame in self._uncomputed]:
                left.append(("uncomputed", missing))
            yield _event("finish", _OPENING, (), tuple(left), {})
        for task, tokens in self._queued.items():
            yield _event("submit", task, (("tokens", tokens),), (), {})

    def _offloads(self, frames: list[int]) -> Iterator[_Event]:
        """Yield events that fill the tiers from frames; some slots may have no key."""
        for tier, stored in self._stored.items():
            for has_key in (True, False):
                slots = [slot for slot, key in stored.items() if (key is not None) is has_key]
                for start in range(0, len(slots), len(frames)):
                    some = slots[start : start + len(frames)]
                    keys = [key for slot in some if (key := stored[slot]) is not None]
                    into: _Lists = (("slots", some), ("frames", frames[: len(some)]))
                    yield _event("offload", tier, (), (*into, ("keys", keys)), {})

    def _uncache(self, frames: Iterable[int]) -> None:
        for frame in frames:
            self._cached.pop(frame, None)


_WRITERS: weakref.WeakSet[TraceWriter] = weakref.WeakSet()


def _after_fork() -> None:
    for writer in list(_WRITERS):
        writer._after_fork()  # noqa: SLF001 (of this module)


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_after_fork)


class Recording:
    """Derives the events of a trace from an engine's page tables: the base of adapters.

    An adapter listens to the engine's methods, and says after a call which page table a task has
    now (`table`), or that it has none any more (`leave`). What arrived, which page is new, what was
    evicted for it, and what is free or cached afterwards follows from the tables before. If the
    writer has groups, a task has a table in each of them, which are named with each call.

    Parameters
    ----------
    writer
        Writes the trace.
    is_cached
        Says whether the engine keeps the content of a frame that no task holds any more.
    last_first
        Whether a task gives its pages back from the last to the first, so that its last cached page
        is evicted first.
    step
        Returns the engine's step number, where it has one. If it fails, the events have no step.
    state
        Returns checks of the state, such as the allocator's own refcounts. They go with the last
        event of each call.

    Attributes
    ----------
    writer
        Writes the trace.
    tables
        Task -> page table, as recorded so far; with groups, it is called ``task group``.
    queued
        The tasks that are queued.
    cached
        The cached frames as the keys, the next to be evicted first.
    stored
        Tier -> slot -> the key of what is in it.
    """

    def __init__(
        self,
        writer: TraceWriter,
        is_cached: Callable[[int], bool],
        *,
        last_first: bool = False,
        step: Callable[[], int] | None = None,
        state: Callable[[], Common] | None = None,
    ) -> None:
        self.writer = writer
        self.tables: dict[str, list[int | None]] = {}
        self.queued: set[str] = set()
        self._is_cached = is_cached
        self._last_first = last_first
        self._step, self._state = step, state
        self._refs: dict[int, int] = {}
        self.cached: dict[int, None] = {}
        self.stored: dict[str, dict[int, str]] = {}
        self._undo: list[Callable[[], None]] = []

    def listen(
        self,
        owner: Any,
        name: str,
        after: Callable[..., None] | None = None,
        before: Callable[[], None] | None = None,
        nothing: object = _NO_RESULT,
    ) -> None:
        """Call `after` when a method of the engine has returned.

        An error in `after` or `before` ends the recording; it does not reach the engine.

        Parameters
        ----------
        owner, name
            An object, a class or a module, and its method.
        after
            Gets the result, then the arguments in the order of the method's own parameters;
            keyword-only ones by their names.
        before
            Is called before the method.
        nothing
            A result that means that nothing has changed. Then `after` is not called, which is much
            cheaper where an engine calls the method for each request at each step.
        """

        def noting(
            function: Callable[..., Any], only: Any, active: list[None]
        ) -> Callable[..., Any]:
            def failed(when: str, error: Exception) -> None:
                self.writer.stop(f"{when} {name}: {said(error)}")

            calls = {"before": before, "after": after, "failed": failed}
            return _forwarding(
                function, {**calls, "only": only, "active": active, "nothing": nothing}
            )

        self.undo_with(_replaced(owner, name, noting))

    def undo_with(self, undo: Callable[[], None]) -> None:
        """Have `close` call this, too, which restores what was wrapped."""
        self._undo.append(undo)

    def safely(self, note: Callable[..., None], *values: Any) -> None:
        """Call a function; an error in it ends the recording and does not reach the engine."""
        try:
            note(*values)
        except Exception as error:  # noqa: BLE001 (it must not reach the engine)
            self.writer.stop(said(error))

    def close(self) -> None:
        """Restore the engine, and close the trace."""
        while self._undo:
            self._undo.pop()()
        self.writer.close()

    def count_step(self) -> None:
        """Begin the next step of an engine that has no number for it."""
        self.writer.step = (self.writer.step or 0) + 1

    def submit(self, task: str, tokens: int | None = None) -> None:
        """Record that a task is queued, unless it is known already."""
        if task not in self.queued and not self._tables_of(task):
            self._look_up_step()
            self.queued.add(task)
            self.writer.submit(task, tokens)

    def defer(
        self, task: str, need: int | None = None, *, tried: Sequence[int] = (), hits: int = 0
    ) -> None:
        """Record that a queued task was not admitted for want of `need` frames.

        Of the frames that it got and gave back, `tried`, the first `hits` came from the prefix
        index. If some were cached, they have lost their content or their place: the task arrives
        with all of them, and is preempted.
        """
        if task in self.queued:
            common = self._look_up()
            if not self.cached.keys().isdisjoint(tried):
                self._arrive(task, None, [*tried], hits, None, {})
                self._release(task, "preempt", (), {})
                self.queued.add(task)
            self.writer.defer(task, need, **common)

    def table(
        self,
        task: str,
        frames: Sequence[int | None],
        *,
        hits: int = 0,
        tokens: int | None = None,
        group: str | None = None,
    ) -> None:
        """Record the page table that a task has now.

        Parameters
        ----------
        task
            Its name.
        frames
            The page table. None is a page that has no frame, as before a window.
        hits
            How many of its first pages came from the prefix index, if the task arrives.
        tokens
            How many tokens fill it, if the task arrives and no page is taken ahead.
        group
            Of which group of page tables it is, if there are groups.
        """
        common = self._look_up()
        before = self.table_of(task, group)
        table = list(frames)
        if before is None:
            if table:
                self._arrive(task, group, table, hits, tokens, common)
        elif table[: len(before)] == before:
            self._expand(task, group, table[len(before) :], common)
        else:
            self._change(task, group, table, common)

    def grow(self, task: str, new: Sequence[int | None], group: str | None = None) -> None:
        """Record pages behind a task's last one; unlike `table`, without comparing all of them."""
        self._expand(task, group, new, self._look_up())

    def leave(self, task: str, kind: str = "finish", *, computed: int | None = None) -> None:
        """Record that a task has no page table any more, in no group, or is queued no more.

        `kind` is ``finish``, ``abort`` or ``preempt``. `computed` says how many of its tokens were
        computed, if the engine may keep the content of pages that were not.
        """
        common = self._look_up()
        if self._tables_of(task):
            self._release(task, kind, (), common, computed)
            if kind == "preempt":
                self.queued.add(task)
        elif task in self.queued and kind != "preempt":
            self.queued.discard(task)
            self.writer.abort(task, (), **common)

    def drop(self, frames: Iterable[int] | None = None) -> None:
        """Record that cached frames are free whose content the engine no longer keeps.

        With `frames`, only these are looked at, and not all that are cached.
        """
        common = self._look_up()
        known = self.cached if frames is None else filter(self.cached.__contains__, frames)
        lost = [frame for frame in known if not self._is_cached(frame)]
        for frame in lost:
            del self.cached[frame]
        if lost:
            self.writer.drop(lost, **common)

    def offload(self, tier: str, pages: Iterable[tuple[int, int, str]]) -> None:
        """Record that pages are copied to a tier: the slot of each, the frame, and a key, or "".

        Frames that are neither held nor cached are left out, since the trace does not say what is
        in them. What is in their slots then is not known either, as if these were empty.
        """
        self._look_up_step()
        copied = [*pages]
        known = [page for page in copied if self._is_there(page[1])]
        if len(known) < len(copied):
            self.discard(tier, [slot for slot, frame, _ in copied if not self._is_there(frame)])
        if known:
            slots, frames, keys = zip(*known)  # noqa: B905 (Python 3.9)
            self.stored.setdefault(tier, {}).update(zip(slots, keys))  # noqa: B905
            self.writer.offload(tier, slots, frames, keys=keys if all(keys) else ())

    def load(self, tier: str, pages: Iterable[tuple[int, int, str]]) -> None:
        """Record that pages are copied from a tier, unless it is not known what is in the slot."""
        self._look_up_step()
        stored = self.stored.get(tier, {})
        known = [page for page in pages if page[0] in stored]
        if known:
            slots, frames, keys = zip(*known)  # noqa: B905 (Python 3.9)
            self._evict(frames)
            self.writer.load(tier, slots, frames, keys=keys if all(keys) else ())
            self.cached.update(dict.fromkeys(each for each in frames if each not in self._refs))

    def discard(self, tier: str, slots: Iterable[int] | None = None) -> None:
        """Record that slots of a tier hold nothing any more; without `slots`, all of them."""
        self._look_up_step()
        stored = self.stored.get(tier, {})
        gone = [slot for slot in ([*stored] if slots is None else slots) if slot in stored]
        for slot in gone:
            del stored[slot]
        if gone:
            self.writer.discard(tier, gone)

    def table_of(self, task: str, group: str | None = None) -> list[int | None] | None:
        """Return the page table of a task, as recorded so far, or None if it has none."""
        return self.tables.get(_called(task, group))

    def known(self, table: Sequence[int | None]) -> int:
        """Return how many of the first pages are in frames that are held or cached, or in none."""
        for page, frame in enumerate(table):
            if frame is not None and not self._is_there(frame):
                return page
        return len(table)

    def _tables_of(self, task: str) -> list[str]:
        """Return what the page tables of a task are called, those of all groups."""
        names = [_called(task, group) for group in self.writer.groups or (None,)]
        return [name for name in names if name in self.tables]

    def _arrive(
        self,
        task: str,
        group: str | None,
        table: list[int | None],
        hits: int,
        tokens: int | None,
        common: Common,
    ) -> None:
        shared, new = table[:hits], table[hits:]
        self._evict(new)
        self.writer.arrive(task, new, tokens=tokens, shared=shared, group=group, **common)
        self._hold(table)
        self.tables[_called(task, group)] = table
        self.queued.discard(task)

    def _expand(
        self, task: str, group: str | None, new: Sequence[int | None], common: Common
    ) -> None:
        table, refs = self.tables[_called(task, group)], self._refs
        page_size = self.writer.groups[group] if group else self.writer.page_size
        for at, frame in enumerate(new, 1):
            if frame in self.cached:
                del self.cached[frame]
                self.writer.evict((frame,))
            pos = len(table) * page_size if page_size else None
            table.append(frame)
            if frame is not None:
                refs[frame] = refs.get(frame, 0) + 1
            if common and at == len(new):
                self.writer.expand(task, (frame,), pos=pos, group=group, **common)
            else:
                self.writer.expand(task, (frame,), pos=pos, group=group)

    def _change(
        self, task: str, group: str | None, table: list[int | None], common: Common
    ) -> None:
        """Record a table of which pages were given back or exchanged."""
        before = self.tables[_called(task, group)]
        pages = [*zip(before, table)]  # noqa: B905 (Python 3.9; only those in both)
        moved = [at for at, (old, now) in enumerate(pages) if now not in {old, None}]
        if any(before[at] is None or not self._is_there(table[at]) for at in moved):
            self._replace(task, group, table, common)  # a page that nobody had, in the middle
            return
        gone = [old for old, now in pages if now is None and old is not None]
        if gone:
            freed, cached = self._let_go(gone)
            self.writer.release(task, gone, freed=freed, cached=cached, group=group)
        if len(table) < len(before):
            tail = before[len(table) :]
            freed, cached = self._let_go(tail)
            self.writer.shrink(task, tail, freed=freed, cached=cached, group=group)
        while moved:
            run = [at for place, at in enumerate(moved) if at == moved[0] + place]
            del moved[: len(run)]
            shared = [frame for at in run if (frame := table[at]) is not None]
            self._hold(shared)
            freed, cached = self._let_go([before[at] for at in run])
            self.writer.share(task, shared, page=run[0], freed=freed, cached=cached, group=group)
        self.tables[_called(task, group)] = table[: len(before)]
        self._expand(task, group, table[len(before) :], common)

    def _is_there(self, frame: int | None) -> bool:
        return frame in self._refs or frame in self.cached

    def _replace(
        self, task: str, group: str | None, table: list[int | None], common: Common
    ) -> None:
        """Record a table that no other event leads to, as leaving and returning."""
        others = [each for each in self.writer.groups if each != group]
        kept = {each: self.tables.get(_called(task, each), []) for each in others}
        self._release(task, "preempt", {*table, *chain(*kept.values())}, {})
        for each, pages in kept.items():
            if pages:
                self._arrive(task, each, pages, len(pages), None, {})
        self._arrive(task, group, table, self.known(table), None, common)

    def _release(
        self,
        task: str,
        kind: str,
        kept: Container[int | None],
        common: Common,
        computed: int | None = None,
    ) -> None:
        """Record that a task's tables are gone; the frames that are `kept` count as cached."""
        freed: list[int] = []
        cached: list[int] = []
        uncomputed: list[int] = []
        for name in self._tables_of(task):
            table = self.tables.pop(name)
            of_table = self._let_go(table, kept)
            freed += of_table[0]
            cached += of_table[1]
            group = name.partition(" ")[2]
            page_size = self.writer.groups[group] if group else self.writer.page_size
            if computed is not None and page_size:
                gone = {*of_table[0]}
                pages = table[computed // page_size :]
                uncomputed += [each for each in pages if each is not None and each not in gone]
        getattr(self.writer, kind)(task, freed, cached, uncomputed, **common)

    def _let_go(
        self, frames: Sequence[int | None], kept: Container[int | None] = ()
    ) -> tuple[list[int], list[int]]:
        """Take frames from a table; return those that are free now, and those that are cached."""
        freed: list[int] = []
        cached: list[int] = []
        refs, is_cached = self._refs, self._is_cached
        for frame in reversed(frames) if self._last_first else frames:
            if frame is None:
                continue
            count = refs[frame] - 1
            if count:
                refs[frame] = count
            else:
                del refs[frame]
                (cached if frame in kept or is_cached(frame) else freed).append(frame)
        self.cached.update(dict.fromkeys(cached))
        return freed, cached

    def _evict(self, frames: Iterable[int | None]) -> None:
        evicted = [frame for frame in frames if frame in self.cached and frame is not None]
        if evicted:
            self.writer.evict(evicted)
            for frame in evicted:
                del self.cached[frame]

    def _hold(self, frames: Iterable[int | None]) -> None:
        refs = self._refs
        for frame in frames:
            if frame is not None:
                count = refs.get(frame, 0)
                refs[frame] = count + 1
                if not count:
                    self.cached.pop(frame, None)

    def _look_up(self) -> Common:
        """Look up the step, and return checks for the last event of a call."""
        self._look_up_step()
        return self._state() if self._state else {}

    def _look_up_step(self) -> None:
        if self._step is None:
            return
        try:
            step = index(self._step())
        except Exception as error:  # noqa: BLE001 (the engine's own function, and not its cache)
            why = said(error)
        else:
            if step >= (self.writer.step or 0):
                self.writer.step = step
                return
            why = f"step {step} comes after step {self.writer.step}"
        self._step = self.writer.step = None
        _LOG.warning("events have no step from here on: %s", why)


def _called(task: str, group: str | None) -> str:
    """Return what a task's page table is called; a group's name has no space."""
    return f"{task} {group}" if group else task


def said(error: BaseException) -> str:
    """Return what an error says, in a line."""
    return f"{type(error).__name__}: {error}"


def find(owner: Any, *places: str) -> Any:
    """Return the first of these attributes that an object has; a place is `name` or `name.name`.

    Raises
    ------
    ValueError
        If it has none of them.
    """
    for place in places:
        found = owner
        for name in place.split("."):
            found = getattr(found, name, None)
        if found is not None:
            return found
    kind = owner.__name__ if isinstance(owner, type) else type(owner).__name__
    raise ValueError(f"{kind} has no {' or '.join(places)}, so it cannot be recorded")


def record_each(
    kind: type, record: Callable[..., Any], path: str | os.PathLike[str], **options: Any
) -> Callable[[], None]:
    """Record each object of an engine's class from the moment that it is made.

    What cannot be recorded is logged; the engine starts all the same.

    Parameters
    ----------
    kind
        The class, such as a scheduler. Classes derived from it are not recorded.
    record
        An adapter's function `record`.
    path
        The trace; ``{pid}`` in it becomes the number of the process.
    options
        Of `record`.

    Returns
    -------
    callable
        Ends it for objects to come.
    """

    def make(initialize: Callable[..., None], made: Any, *values: Any, **named: Any) -> None:
        initialize(made, *values, **named)
        if type(made) is kind:  # else a class derived from it is not ready yet
            try:
                record(made, os.fspath(path).replace("{pid}", str(os.getpid())), **options)
            except Exception as error:  # noqa: BLE001 (the engine has to start)
                _LOG.warning("%s is not recorded: %s", type(made).__name__, error)

    return wrap(kind, "__init__", make)


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> Callable[[], None]:
    """Wrap a method of an object, a class or a module in `around`, which gets it first.

    The method of a class is wrapped for all of its objects; `around` gets the object as well. For
    one object the method is wrapped in its class, and others pass through: the engine may give the
    object an attribute of that name, and delete it again.

    Returns
    -------
    callable
        Puts the method back; once is enough, and more do nothing.
    """

    def wrapping(function: Callable[..., Any], only: Any, active: list[None]) -> Callable[..., Any]:
        bound = function if only is None else function.__get__(only)

        def call(*values: Any, **named: Any) -> Any:
            return around(function, *values, **named) if active else function(*values, **named)

        def call_one(one: Any, *values: Any, **named: Any) -> Any:
            if one is not only or not active:
                return function(one, *values, **named)
            return around(bound, *values, **named)

        return call if only is None else call_one

    return _replaced(owner, name, wrapping)


def _replaced(
    owner: Any, name: str, make: Callable[[Callable[..., Any], Any, list[None]], Callable[..., Any]]
) -> Callable[[], None]:
    """Replace a method by the function that `make` returns.

    `make` gets the method; the object, if its class is changed for it alone; and a list that is
    empty once this is undone.
    """
    place, is_for_one, method = _located(owner, name)
    is_bare = isinstance(method, (staticmethod, classmethod))
    function = method.__func__ if is_bare else method
    active: list[None] = [None]
    made: Any = functools.wraps(function)(make(function, owner if is_for_one else None, active))
    if is_bare:
        made = type(method)(made)
    own = vars(place).get(name)

    def undo() -> None:
        active.clear()
        if vars(place).get(name) is not made:  # another has wrapped it since, or it is undone
            return
        if own is None:
            delattr(place, name)
        else:
            setattr(place, name, own)

    setattr(place, name, made)
    return undo


def _forwarding(function: Callable[..., Any], given: Mapping[str, Any]) -> Callable[..., Any]:
    """Make a function that calls another one, and what listens to it, with exactly its parameters.

    To pack arguments into ``*values, **named`` and to unpack them again takes longer than all else
    that a hook does, ten times a call with the parameters themselves. So does a call more.

    Parameters
    ----------
    function
        The method that is listened to.
    given
        `before` and `after` are called, if there are any; `failed` gets an error in them. `only` is
        the object that is listened to, if the method is wrapped in its class; `active` is empty
        once this is undone; `nothing` is a result that means that nothing has changed.
    """
    is_for_one = given["only"] is not None
    takes, gives, values, by_name = _parameters(function, is_for_one=is_for_one)
    whom, ours = (["__one"], "__active and __one is __only") if is_for_one else ([], "__active")
    lines = [f"def call({', '.join([*whom, *takes])}):"]
    if given["before"]:
        lines += _trying("before", (), ours)
    lines.append(f" __result = __function({', '.join([*whom, *gives])})")
    if given["after"]:
        lines += _trying("after", ["__result", *gives], f"__result is not __nothing and {ours}")
    lines.append(" return __result")
    names = {f"__{name}": value for name, value in given.items()}
    names["__function"] = function
    exec("\n".join(lines), names)  # noqa: S102 (as dataclasses do)
    made: Any = names["call"]
    made.__defaults__, made.__kwdefaults__ = values, by_name
    return made  # type: ignore[no-any-return]


def _trying(what: str, values: Iterable[str], when: str) -> list[str]:
    """Return lines that call a function, if a condition holds, and keep its errors."""
    return [
        f" if {when}:",
        f"  try: __{what}({', '.join(values)})",
        f"  except Exception as __error: __failed({what!r}, __error)",
    ]


def _parameters(
    function: Callable[..., Any], *, is_for_one: bool
) -> tuple[list[str], list[str], tuple[Any, ...], dict[str, Any]]:
    """Return a function's parameters, the arguments that pass them on, and their defaults.

    Without its first one, the object, if it is the method of one object.
    """
    try:
        parameters = [*inspect.signature(function, follow_wrapped=False).parameters.values()]
    except (TypeError, ValueError):  # a function in C
        parameters = []
    if not all(parameter.name.isidentifier() for parameter in parameters):
        parameters = []
    if not parameters:
        return ["*values", "**named"], ["*values", "**named"], (), {}
    if is_for_one and parameters[0].kind is not inspect.Parameter.VAR_POSITIONAL:
        del parameters[0]
    takes, gives = [], []
    for at, each in enumerate(parameters):
        before = parameters[at - 1].kind if at else None
        named = each.kind is each.KEYWORD_ONLY
        if named and before not in {each.KEYWORD_ONLY, each.VAR_POSITIONAL}:
            takes.append("*")
        if before is each.POSITIONAL_ONLY and each.kind is not each.POSITIONAL_ONLY:
            takes.append("/")
        stars = "*" * (each.kind is each.VAR_POSITIONAL) + "**" * (each.kind is each.VAR_KEYWORD)
        takes.append(f"{stars}{each.name}{'' if each.default is each.empty else '=None'}")
        gives.append(f"{each.name}={each.name}" if named else stars + each.name)
    if parameters and parameters[-1].kind is inspect.Parameter.POSITIONAL_ONLY:
        takes.append("/")
    optional = [each for each in parameters if each.default is not each.empty]
    by_name = {each.name: each.default for each in optional if each.kind is each.KEYWORD_ONLY}
    values = tuple(each.default for each in optional if each.name not in by_name)
    return takes, gives, values, by_name


def _located(owner: Any, name: str) -> tuple[Any, bool, Any]:
    """Return where to wrap a method, whether for one object of a class only, and what is there."""
    if isinstance(owner, type):
        return owner, False, inspect.getattr_static(owner, name)
    of_class, method = getattr(type(owner), name, None), getattr(owner, name)
    # Not by vars(): an object whose __dict__ was asked for is slower from then on.
    if inspect.isfunction(of_class) and getattr(method, "__func__", None) is of_class:
        return type(owner), True, of_class
    return owner, False, method
