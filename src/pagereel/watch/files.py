"""Watches the files that a scene depends on, and says when one of them has been saved.

Folders are watched, as most editors save by renaming a file of another name. Only what is in the
files counts: what is written again as it was is no save, nor is anything else in these folders,
such as our own output. Of a burst of saves, the first counts at once, and the others as one, when
they have ceased. The second one is announced, so that nothing is drawn until then.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import ObservedWatch

    _Kinds = tuple[type[FileSystemEvent], ...]

# Linux says when a file that was written has been closed, so none is read half written.
_WRITTEN = FileClosedEvent if sys.platform == "linux" else FileModifiedEvent
_FILE_EVENTS: _Kinds = (_WRITTEN, FileCreatedEvent, FileDeletedEvent, FileMovedEvent)
_FOLDER_EVENTS: _Kinds = (DirCreatedEvent, DirDeletedEvent, DirMovedEvent)
# Seconds without another event after which a save counts: the first one at once, those that follow
# it when they have ceased; longer where a file is gone or empty, as it is about to be written.
_FIRST, _FOLLOWING, _GONE = 0.005, 0.3, 0.5
_BURST = 0.6  # seconds after a save within which another one follows it
_READ_WHOLE = 4_000_000  # bytes; of a larger file, time and size tell whether it has changed
_ABOVE = 2  # folders above a file's own in which those below may be renamed; not the root


class Files(FileSystemEventHandler):
    """Watches files.

    Parameters
    ----------
    saved
        Called with the files that have changed, from a thread of its own.
    follows
        Called, from that thread, when a save has followed another one so soon that more may come;
        `saved` is then called when they have ceased, even if the files are again as they were.
    """

    def __init__(
        self, saved: Callable[[set[Path]], None], follows: Callable[[], None] = lambda: None
    ) -> None:
        self._saved, self._follows = saved, follows
        self._observer = Observer()
        self._watches: dict[str, tuple[ObservedWatch, _Kinds]] = {}
        self._turn = threading.Condition()  # on what follows
        self._known: dict[str, _Content] = {}
        self._beside = ""  # a folder in which any Python file counts
        self._event = 0.0  # when the last one came (monotonic); 0: none that is not dealt with
        self._moved: set[str] = set()  # folders that may be others now: put back, or moved
        self._is_new = False  # whether other folders may have to be watched
        self._is_over = False
        self._last = -_BURST  # when saves were last reported
        self._thread = threading.Thread(target=self._live, name="files", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._observer.start()
        self._thread.start()

    def close(self) -> None:
        """Watch no longer."""
        with self._turn:
            self._is_over = True
            self._turn.notify()
        self._thread.join()
        self._observer.stop()
        self._observer.join()

    def follow(self, files: Iterable[Path], beside: Path | None = None) -> None:
        """Watch these files from now on, which need not exist, and no others.

        Parameters
        ----------
        beside
            A folder in which every Python file counts, as one may be missing.
        """
        paths = {os.path.abspath(file) for file in files}  # noqa: PTH100 (a link stays one)
        paths |= {os.path.realpath(path) for path in paths}
        with self._turn:
            self._beside = str(beside.resolve()) if beside else ""
            paths |= self._found_beside()
            # What is known stays: a save of it may not have been reported yet.
            self._known = {path: self._known.get(path) or _Content.of(path) for path in paths}
            self._is_new = True
            self._turn.notify()

    def dispatch(self, event: FileSystemEvent) -> None:
        """Note an event, if it can concern one of the files."""
        paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
        with self._turn:
            is_folder = isinstance(event, _FOLDER_EVENTS)
            if any(self._concerns(path, is_folder=is_folder) for path in paths):
                self._event = time.monotonic()
                if is_folder:
                    self._moved.update(paths)
                    self._is_new = True
                self._turn.notify()

    def _concerns(self, path: str, *, is_folder: bool) -> bool:
        if is_folder:
            return any(each.startswith(path + os.sep) for each in self._known)
        is_python = path.endswith(".py")
        return path in self._known or (is_python and os.path.dirname(path) == self._beside)  # noqa: PTH120 (a text)

    def _found_beside(self) -> set[str]:
        return {str(path) for path in Path(self._beside).glob("*.py")} if self._beside else set()

    def _observe(self) -> None:
        """Watch the folders of the files, as far as they exist; in those above, only folders.

        Only one thread calls this, and holds nothing meanwhile: the observer holds a lock of its
        own while it dispatches events, and takes it here.
        """
        with self._turn:
            self._is_new, moved, self._moved = False, self._moved, set()
            parents = [[*Path(path).parents] for path in self._known]
        wanted = {str(each): _FOLDER_EVENTS for above in parents for each in above[1:][:_ABOVE]}
        wanted.pop(os.sep, None)
        wanted |= {str(own): _FILE_EVENTS + _FOLDER_EVENTS for own, *_ in parents}
        if self._beside:
            wanted[self._beside] = _FILE_EVENTS + _FOLDER_EVENTS
        wanted = {each: kinds for each, kinds in wanted.items() if os.path.isdir(each)}  # noqa: PTH112 (a text)
        for folder, (watch, kinds) in [*self._watches.items()]:
            is_moved = any(_is_in(folder, path) for path in moved)
            if is_moved or wanted.get(folder) != kinds:
                with suppress(KeyError, OSError):
                    self._observer.unschedule(watch)
                del self._watches[folder]
        for folder in wanted.keys() - self._watches.keys():
            with suppress(OSError):
                kinds = wanted[folder]
                watch = self._observer.schedule(self, folder, event_filter=[*kinds])
                self._watches[folder] = watch, kinds

    def _live(self) -> None:
        """Report saves when they have ceased for a moment."""
        while True:
            with self._turn:
                while not (self._event or self._is_new or self._is_over):
                    self._turn.wait()
                if self._is_over:
                    return
                is_new = self._is_new
            if is_new:
                self._observe()
            with self._turn:  # something may have been saved before it was watched
                began = self._event = self._event or time.monotonic()
            follows = began - self._last < _BURST
            patience = _FOLLOWING if follows else _FIRST
            is_announced = False
            changed: set[str] | None = None
            while changed is None and not self._is_over:
                if follows and not is_announced and self._has_changed():
                    self._follows()
                    is_announced = True
                if self._has_ceased(patience):
                    changed = self._changed(patience)
                    patience = _GONE
            if changed or (is_announced and not self._is_over):
                self._last = time.monotonic()
                self._saved({Path(path) for path in changed or ()})

    def _has_changed(self) -> bool:
        with self._turn:
            known = {**self._known}
        return any(_Content.of(path, each).digest != each.digest for path, each in known.items())

    def _has_ceased(self, patience: float) -> bool:
        """Wait until none has come for a time, True, or another event has, False."""
        with self._turn:
            since = self._event
            while (rest := since + patience - time.monotonic()) > 0:
                self._turn.wait(rest)
                if self._is_over or self._event != since:
                    return False
            return True

    def _changed(self, patience: float) -> set[str] | None:
        """Return what has changed; None if a file is gone and may soon be back."""
        with self._turn:
            known, nothing = self._known, _Content()
            paths = known.keys() | self._found_beside()
            now = {path: _Content.of(path, known.get(path)) for path in paths}
            changed = {
                path for path in paths if now[path].digest != known.get(path, nothing).digest
            }
            if patience < _GONE and any(not now[path].digest for path in changed):
                return None
            self._known, self._event = now, 0.0
            return changed


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


@dataclass(frozen=True, slots=True)
class _Content:
    """What is in a file.

    Attributes
    ----------
    facts
        Size, time and place on the disk; as long as they are the same, it is not read again.
    digest
        Tells whether it has changed; empty if the file is empty or not there.
    """

    facts: tuple[int, ...] = ()
    digest: str = ""

    @classmethod
    def of(cls, path: str, known: _Content | None = None) -> _Content:
        """Return what is in a file, of which something may be known."""
        try:
            found = os.stat(path)  # noqa: PTH116 (a text)
            facts = found.st_size, found.st_mtime_ns, found.st_ino
            if known is not None and known.facts == facts:
                return known
            if found.st_size > _READ_WHOLE:
                return cls(facts, str(facts))
            data = Path(path).read_bytes()
        except OSError:
            return cls()
        return cls(facts, hashlib.sha256(data).hexdigest() if data else "")
