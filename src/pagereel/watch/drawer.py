"""The warm process, seen from the process that serves: ordered, listened to, and ended.

One thread listens. All that an order starts belongs to a process group of its own, which is killed
when the next order comes, whatever its processes are doing.
"""

from __future__ import annotations

import os
import pickle
import selectors
import shutil
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from subprocess import PIPE
from typing import TYPE_CHECKING, Any, cast

from pagereel.files import temporary_folder
from pagereel.pipe import read_event
from pagereel.render.job import worker_environment
from pagereel.render.process import Group, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import Popen

    from pagereel.watch.drawing.order import Order

    Event = dict[str, Any]

_RUN = "import gc; gc.disable(); from pagereel.failure import run; run('{}')"
_MAIN = _RUN.format("pagereel.watch.drawing.warm")
_SPARE = 2.0  # seconds that a warm process has to live before another one is started in its place
_LONG = 10.0  # seconds without an event after which a scene may never end
_MOST = 65_536  # bytes read at a time


class Drawer:
    """Has orders carried out by a warm process.

    Parameters
    ----------
    hear
        Called with each event, by the thread that listens. Besides those of the warm process there
        are "printed" with `text`, "quiet" with `seconds` when an order has not said anything for
        long, and "lost" if the warm process cannot be kept alive, until the next order.

    Attributes
    ----------
    folder
        Where everything is drawn; there from `start` to `close`.
    """

    folder: Path

    def __init__(self, hear: Callable[[Event], None]) -> None:
        self._hear = hear
        self._lock = threading.RLock()  # on what follows
        self._worker: Popen[bytes] | None = None
        self._waiting: Order | None = None  # until there is a worker
        self._group: Group | None = None
        self._next_group: Group | None = None
        self._printed: tuple[int, Path] | None = None
        self._is_over = self._is_to_begin_anew = self._is_lost = self._is_ready = False
        self._heard = time.monotonic()
        self._wake_read, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._live, name="drawer", daemon=True)
        self._folder = temporary_folder()

    def start(self) -> None:
        """Start the warm process."""
        self.folder = self._folder.__enter__()
        for name in ("drawing", "media"):
            (self.folder / name).mkdir()
        self._thread.start()

    def close(self) -> None:
        """End all processes, and remove what they have drawn."""
        self._is_over = True
        self.stop()
        self._call()
        self._thread.join()
        if self._next_group is not None:
            self._next_group.end()
        self._folder.__exit__(None, None, None)
        os.close(self._wake)
        os.close(self._wake_read)

    def carry_out(self, order: Order) -> None:
        """Have an order carried out in place of any other."""
        with self._lock:
            self.stop()
            self._waiting = order
            self._heard = time.monotonic()
            if self._is_lost:
                self._call()
            self._send()

    def go_on(self, order: Order) -> None:
        """Have an order carried out, in the group of the one that has ended."""
        with self._lock:
            self._waiting = order
            self._send()

    def stop(self) -> None:
        """End all that the current order has started, and tidy up."""
        with self._lock:
            self._waiting = None
            self._end_group()

    def draw(self, process: int) -> None:
        """Let a process draw that waits for its turn."""
        with self._lock:
            if self._group is not None:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGUSR1)

    def begin_anew(self) -> None:
        """Import everything anew, as our own code has changed; the order has to come again."""
        with self._lock:
            self.stop()
            self._worker, self._is_to_begin_anew = None, True
        self._call()

    def _tidy(self) -> None:
        """Remove what processes have left that were killed; laid out texts are of use again."""
        for left in (self.folder / "drawing").iterdir():
            if left.name != "texts":
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:  # a process that is being killed may just have moved it
                    left.unlink(missing_ok=True)

    def _end_group(self) -> None:
        if self._group is not None:
            self._group.end()
            self._group = None
            self._tidy()

    def _call(self) -> None:
        os.write(self._wake, b".")

    def _send(self) -> None:
        """Send the order that waits, if the warm process is there."""
        order, worker = self._waiting, self._worker
        if order is None or worker is None or worker.stdin is None:
            return
        self._waiting = None
        if self._group is None:
            self._group, self._next_group = self._next_group or Group(), None
        printed = self.folder / f"printed-{order.number}-{order.task}-{time.monotonic_ns()}"
        os.mkfifo(printed)
        self._close_printed()
        # Opened first at this end, as a writer would wait for a reader.
        self._printed = os.open(printed, os.O_RDONLY | os.O_NONBLOCK), printed
        self._call()
        data = pickle.dumps(replace(order, group=self._group.number, printed=printed))
        with suppress(BrokenPipeError):
            worker.stdin.write(data)
            worker.stdin.flush()
        if self._next_group is None:  # so that the next order need not wait for it
            self._next_group = Group()

    def _close_printed(self) -> None:
        """Close what nobody has begun to listen to, as another order came at once."""
        if self._printed is not None:
            os.close(self._printed[0])
            self._printed = None

    def _live(self) -> None:
        """Keep a warm process alive, and listen to it."""
        while not self._is_over:
            began = time.monotonic()
            self._serve()
            if self._is_over or self._is_to_begin_anew:
                self._is_to_begin_anew = False
            elif not self._is_ready or time.monotonic() - began < _SPARE:
                self._is_lost = True
                self._hear({"event": "lost"})
                _read(self._wake_read)  # waits for an order, or the end
                self._is_lost = self._is_to_begin_anew = False
            else:
                self._hear({"event": "anew"})

    def _serve(self) -> None:
        """Start a warm process; listen until it has ended, or is to end."""
        self._is_ready = False
        reading, writing = os.pipe()
        command = (sys.executable, "-P", "-u", "-c", _MAIN, str(writing))
        try:
            with started(command, worker_environment(), stdin=PIPE, pass_fds=(writing,)) as worker:
                os.close(writing)
                with self._lock:
                    self._worker = worker
                    self._send()
                try:
                    self._listen(reading)
                finally:
                    with self._lock:
                        self._worker = None
                        self._end_group()
                    with suppress(BrokenPipeError):
                        cast("Any", worker.stdin).close()
        finally:
            os.close(reading)

    def _listen(self, reading: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(reading, selectors.EVENT_READ)
            selector.register(self._wake_read, selectors.EVENT_READ)
            try:
                self._listen_to(selector, reading)
            finally:
                self._forget_printed(selector)

    def _listen_to(self, selector: selectors.BaseSelector, reading: int) -> None:
        """Pass events on until the warm process has ended, or is to end."""
        part = b""
        while True:
            ready = selector.select(None if self._group is None else _LONG)
            if not ready:
                self._hear({"event": "quiet", "seconds": time.monotonic() - self._heard})
            for key, _ in ready:
                if key.fd not in selector.get_map():  # forgotten just now
                    continue
                data = _read(key.fd)
                if key.fd == self._wake_read:
                    if self._is_over or self._is_to_begin_anew:
                        return
                    self._follow_printed(selector)
                elif key.fd != reading:
                    self._pass_on(selector, key.fd, data)
                elif not data:
                    return
                else:
                    self._heard = time.monotonic()
                    *lines, part = (part + data).split(b"\n")
                    for line in lines:
                        with suppress(FileNotFoundError):  # its order has been ended
                            self._note(read_event(line))

    def _note(self, event: Event) -> None:
        self._is_ready |= event["event"] == "ready"
        self._hear(event)

    def _follow_printed(self, selector: selectors.BaseSelector) -> None:
        """Listen to what the scene prints that has just been ordered, and no longer to others."""
        with self._lock:
            printed, self._printed = self._printed, None
        if printed is not None:
            descriptor, path = printed
            self._forget_printed(selector)
            selector.register(descriptor, selectors.EVENT_READ, path)

    def _forget_printed(self, selector: selectors.BaseSelector) -> None:
        for key in [*selector.get_map().values()]:
            if key.data:
                self._forget(selector, key.fd, key.data)

    def _pass_on(self, selector: selectors.BaseSelector, descriptor: int, data: bytes) -> None:
        if data:
            self._hear({"event": "printed", "text": data.decode(errors="backslashreplace")})
        else:
            self._forget(selector, descriptor, selector.get_key(descriptor).data)

    def _forget(self, selector: selectors.BaseSelector, descriptor: int, path: Path) -> None:
        selector.unregister(descriptor)
        os.close(descriptor)
        path.unlink(missing_ok=True)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _MOST)
    except BlockingIOError:
        return b""
