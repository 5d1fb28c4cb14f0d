"""A worker process, seen from outside: started, listened to, and ended with all its children."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from pagereel.render.ending import Held

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

Event = dict[str, Any]
_PULSE = 0.2  # seconds between two looks at the clock
_MAIN = "from pagereel.render.worker import main; main()"


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str], **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process and let it work during the `with` block; then end it and its children.

    It leads a group of its own, so that Ctrl-C reaches us alone and a signal of ours reaches all of
    it. It is born with SIGINT blocked: it would answer with a traceback.
    """
    held = Held()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        worker = subprocess.Popen(  # noqa: S603 (our own command)
            command, env=environment, process_group=0, **options
        )
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            held.release()
            yield worker
        finally:
            # Even a worker that has ended may have left children; a group without any is no error.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


class Worker:
    """The process that draws, and what it tells."""

    def __init__(self, requests: Sequence[Mapping[str, Any]], *, verbose: bool) -> None:
        self._order = json.dumps({"requests": requests, "verbose": verbose}).encode()
        self.code = 0

    def events(self, environment: Mapping[str, str]) -> Generator[Event]:
        """Yield what happens until the worker has ended, and now and then that nothing does.

        What the scenes print comes as the events "out" and "err".
        """
        ear, mouth = os.pipe()
        command = (sys.executable, "-u", "-c", _MAIN, str(mouth))
        pipe = subprocess.PIPE
        try:
            with started(
                command, environment, stdin=pipe, stdout=pipe, stderr=pipe, pass_fds=(mouth,)
            ) as worker:
                os.close(mouth)
                with suppress(BrokenPipeError), _given(worker.stdin) as order:
                    order.write(self._order)
                with _given(worker.stdout) as out, _given(worker.stderr) as err:
                    yield from self._listen(
                        worker, {ear: "told", out.fileno(): "out", err.fileno(): "err"}
                    )
            self.code = worker.returncode
        finally:
            os.close(ear)

    def _listen(self, worker: subprocess.Popen[bytes], pipes: dict[int, str]) -> Iterator[Event]:
        told = b""
        with selectors.DefaultSelector() as selector:
            for pipe, name in pipes.items():
                selector.register(pipe, selectors.EVENT_READ, name)
            while selector.get_map():
                ended = worker.poll() is not None  # its children may still hold the pipes
                ready = selector.select(0 if ended else _PULSE)
                if not ready:
                    if ended:
                        return
                    yield {"event": "pulse"}
                for key, _ in ready:
                    data = os.read(key.fd, 65536)
                    if not data:
                        selector.unregister(key.fd)
                    elif key.data == "told":
                        *lines, told = (told + data).split(b"\n")
                        yield from map(json.loads, lines)
                    else:
                        yield {"event": key.data, "data": data}
            worker.wait()


def _given(pipe: Any) -> Any:
    """Return a pipe that was asked for, as its type cannot know."""
    if pipe is None:
        raise RuntimeError("the process was started without this pipe")
    return pipe
