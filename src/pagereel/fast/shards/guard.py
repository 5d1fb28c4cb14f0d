"""What a scene does that cannot be done twice, or in several processes, as processes are forked.

A fork has no threads but one, and it shares connections, open files and mapped memory with its
parent. What a scene does outside of its process, such as writing a file, is seen by an audit hook
of Python before it happens. What manim or this package does on the scene's behalf is their own
affair: texts, for instance, are laid out in folders of each process's own.
"""

from __future__ import annotations

import atexit
import errno
import faulthandler
import fcntl
import gc
import inspect
import io
import os
import re
import resource
import signal
import stat
import sys
import sysconfig
import threading
import time
from contextlib import contextmanager, suppress
from functools import wraps
from itertools import pairwise
from multiprocessing.process import active_children
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from tqdm import TMonitor

from pagereel.errors import StockNeeded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, ModuleType

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = (
    *(
        "remove",
        "rename",
        "mkdir",
        "rmdir",
        "link",
        "symlink",
        "truncate",
        "chmod",
        "chown",
        "utime",
    ),
    *("setxattr", "removexattr"),
)
_ACTS = {
    "open": "writes the file {}",
    **dict.fromkeys((f"os.{name}" for name in _CHANGING), "changes the file {}"),
    **dict.fromkeys(("os.exec", "os.fork", "os.forkpty"), "starts a process"),
    **dict.fromkeys(("os.posix_spawn", "os.spawn", "os.startfile"), "starts the program {}"),
    "os.system": "starts a program",
    "subprocess.Popen": "starts the program {}",
    "socket.__new__": "opens a connection",
    "sqlite3.connect": "opens the database {}",
    "mmap.__new__": "shares memory",
    **dict.fromkeys(("ctypes.dlopen", "ctypes.dlsym"), "calls a library in C"),
    **dict.fromkeys(("os.listdir", "os.scandir", "os.readlink"), ""),
}
# Functions of C that close or replace files by their numbers, ours too; Python hears no calls.
_BLIND = {"close", "close_range", "closefrom", "dup2", "dup3"}
_TYING = {"mmap.__new__", "ctypes.dlopen", "ctypes.dlsym"}
_READINGS = {"open", "os.listdir", "os.scandir", "os.readlink"}
_ABOUT_PROCESSES = re.compile(r"/proc/(self|thread-self|[0-9]+)\b")
# What a fork answers otherwise than the process that it is forked from, or does not take over.
_ASKS: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (faulthandler, ("dump_traceback_later",)),  # by a thread that Python does not list
    (os, ("getpid", "getppid", "times")),
    (resource, ("getrusage",)),
    (signal, ("alarm", "setitimer", "signal")),
    (threading, ("get_native_id",)),
    (time, ("clock_gettime", "clock_gettime_ns", "process_time", "process_time_ns")),
    (time, ("thread_time", "thread_time_ns")),
)
_WAITS = ("wait", "wait3", "wait4", "waitid", "waitpid")  # our workers are none of the scene's
_FOR_THEMSELVES = {"logging", "tempfile"}  # they ask for the ID each time, and seldom tell it
_ERRORS = 2  # the last number that belongs to the scene, too: input, output, errors
_LIBRARIES = tuple(
    f"{path}{os.sep}"
    for name in ("stdlib", "platstdlib", "purelib", "platlib")
    if (path := sysconfig.get_path(name))
)
_OURS = ("manim", "pagereel")
_BUFFERED = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)


class Guard:
    """Watches what a scene does, from when the guard is made."""

    def __init__(self) -> None:
        self._threads = _threads()
        _Watch.tie = ""
        _listen()
        self.has_opened()
        _Watch.ours = _open_files()

    def ties(self) -> str:
        """Return what keeps this process from being forked, such as "has threads"; or nothing."""
        if _threads() - self._threads:
            return "has threads"
        if active_children():
            return "has processes of its own"
        if _descriptors() - self._descriptors:
            return "has open files or connections"
        if not _is_open(1):  # no fork could be silenced
            return "has closed its output"
        return _Watch.tie

    def has_opened(self) -> None:
        """Note that this package has opened what is open now: pipes to forks, a shard's file."""
        self._descriptors = _descriptors()


class _Watch:
    """What the audit hook calls. There is one hook, since Python cannot remove any."""

    on_act: Callable[[str], None] | None = None
    ours: ClassVar[dict[int, tuple[int, int] | None]] = {}  # files that a scene knows nothing of
    tie = ""  # which act of the scene keeps it from being forked from now on
    is_there = False


def arm(on_act: Callable[[str], None]) -> None:
    """Call `on_act` before the scene does something outside of its process, with what it is."""
    _Watch.on_act = on_act
    _listen()


def _listen() -> None:
    if not _Watch.is_there:
        sys.addaudithook(_hear)
        for module, names in _ASKS:
            for name in names:
                _replace(module, name, ties=True)
        for name in _WAITS:
            _replace(os, name, ties=False)
        os.close = _sparing(os.close)  # type: ignore[assignment]
        os.closerange = _sparing_many(os.closerange)
        os.dup2 = _leaving(os.dup2)
        os.readlink = _heard("os.readlink", os.readlink)
        _Watch.is_there = True


def _sparing(close: Callable[[int], None]) -> Callable[[int], None]:
    """Return a function that closes no file of ours for a scene, as if there were none."""

    @wraps(close)
    def spare(fd: int) -> None:
        if fd in _Watch.ours and _is_ours(fd) and _is_scenes(_caller()):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        close(fd)

    return spare


def _sparing_many(closerange: Callable[[int, int], None]) -> Callable[[int, int], None]:
    @wraps(closerange)
    def spare(first: int, behind: int, /) -> None:
        if not _is_scenes(_caller()):
            closerange(first, behind)
            return
        ours = sorted(each for each in _Watch.ours if first <= each < behind and _is_ours(each))
        for one, other in pairwise((first - 1, *ours, behind)):
            closerange(one + 1, other)

    return spare


def _leaving(dup2: Callable[..., int]) -> Callable[..., int]:
    """Return a function that leaves a scene to manim rather than replace a file of ours."""

    @wraps(dup2)
    def replace(fd: int, fd2: int, *inheritable: bool, **named: bool) -> int:
        if fd2 in _Watch.ours and _is_ours(fd2) and _is_scenes(_caller()):
            raise StockNeeded("it replaces open files by their numbers")
        return dup2(fd, fd2, *inheritable, **named)

    return replace


def _is_ours(descriptor: int) -> bool:
    """Return whether a number is still that of a file of ours: a scene may have it since."""
    identity = _identity(descriptor)
    return identity is not None and identity == _Watch.ours.get(descriptor)


def _identity(descriptor: int) -> tuple[int, int] | None:
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _heard(event: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose calls are heard as if Python had an event for them."""

    @wraps(function)
    def call(*values: Any, **named: Any) -> Any:
        _note_event(event, (*values, *named.values()), inspect.currentframe())
        return function(*values, **named)

    return call


def _replace(module: ModuleType, name: str, *, ties: bool) -> None:
    """Replace a function by one that tells who calls it."""
    replaced, act = getattr(module, name, None), f"calls {module.__name__}.{name}"
    if replaced is None:  # not all systems have all
        return

    @wraps(replaced)
    def ask(*values: Any, **named: Any) -> Any:
        if _Watch.on_act is None and (_Watch.tie or not ties):  # there is nothing left to tell
            return replaced(*values, **named)
        caller = _caller()
        if caller.f_globals.get("__name__") not in _FOR_THEMSELVES:
            _note(act, caller, ties=ties)
        return replaced(*values, **named)

    ask.__module__ = module.__name__  # by which it is pickled
    setattr(module, name, ask)


@contextmanager
def opening() -> Iterator[None]:
    """Take what is open after the `with` block, and was not before, for ours."""
    before = _open_files().items()
    try:
        yield
    finally:
        _Watch.ours.update(_open_files().items() - before)


def disarm() -> None:
    """Let the scene do what it likes."""
    _Watch.on_act = None


def _hear(event: str, values: tuple[Any, ...]) -> None:
    """Receive an event of Python.

    There are millions, such as one for each call of `id`, so most have to be dismissed quickly. For
    a bound method, Python would take four times as long as for this function.
    """
    if event in _ACTS:
        _note_event(event, values, inspect.currentframe())


def _note_event(event: str, values: tuple[Any, ...], hearer: FrameType | None) -> None:
    act, ties = _act(event, values)
    if act and hearer:
        if event == "ctypes.dlsym" and values[1] in _BLIND and _is_scenes(hearer.f_back):
            raise StockNeeded("it closes or replaces files by a library in C")
        _note(act, hearer.f_back, ties=ties)


def _note(act: str, caller: FrameType | None, *, ties: bool) -> None:
    """Note an act if it is the scene's.

    Parameters
    ----------
    ties
        Whether it keeps the scene from being forked later, too.
    """
    if (_Watch.on_act or ties) and _is_scenes(caller):
        if ties:
            _Watch.tie = act
        if _Watch.on_act:
            _Watch.on_act(act)


class _Ending:
    """Whether the scene ends in another process, to which it has been left."""

    is_elsewhere = False


def end_elsewhere() -> None:
    """Leave it to another process to call `conclude`."""
    _Ending.is_elsewhere = True


def conclude() -> None:
    """Do what Python does for a scene at the end of a program, in the process that has run it.

    Functions of `atexit` are called, and what files have not written yet is written.
    """
    if _Ending.is_elsewhere:
        return
    atexit._run_exitfuncs()  # noqa: SLF001 (there is no other way to call them)
    if any(map(_is_written, _descriptors())):  # all objects are many to look at
        for each in gc.get_objects():
            if issubclass(type(each), _BUFFERED):
                with suppress(OSError, ValueError):  # it is closed, only read, or its disk is full
                    each.flush()


def _is_written(descriptor: int) -> bool:
    try:
        return bool(fcntl.fcntl(descriptor, fcntl.F_GETFL) & (os.O_WRONLY | os.O_RDWR))
    except OSError:  # it has been closed
        return False


def _act(event: str, values: tuple[Any, ...]) -> tuple[str, bool]:
    """Return an event in words, if it is an act, and whether it ties; see `_note`."""
    first = values[0] if values else None
    path = os.fsdecode(first) if isinstance(first, str | bytes | os.PathLike) else ""
    if event in _READINGS and _ABOUT_PROCESSES.match(path):
        return f"reads {path}", True
    if event == "open" and (path.startswith("/dev/") or not values[2] & _WRITING):
        return "", False
    if event == "mmap.__new__" and first != -1:  # that of a file, which is open
        return "", False
    return _ACTS[event].format(Path(path).name), event in _TYING


def _caller() -> FrameType:
    """Return the frame of whoever has called the function that asks.

    A function that kept its own frame in a variable would keep all its callers' variables, too,
    until Python looks for cycles: pictures among them.
    """
    return sys._getframe(2)  # noqa: SLF001 (inspect has no function for another's frame)


def _is_scenes(frame: FrameType | None) -> bool:
    """Return whether the scene's own code has called, if need be through libraries."""
    while frame is not None:
        module, file = str(frame.f_globals.get("__name__", "")), frame.f_code.co_filename
        if module.partition(".")[0] in _OURS or module.startswith("importlib."):
            return False  # Python itself writes what it has compiled
        if not file.startswith((*_LIBRARIES, "<frozen ")):
            return True
        frame = frame.f_back
    return False


def _threads() -> set[threading.Thread]:
    """Return all threads but tqdm's, which manim starts with a bar, and which does no harm."""
    return {each for each in threading.enumerate() if not isinstance(each, TMonitor)}


def _descriptors() -> set[int]:
    """Return the numbers of all open files and connections, unlike devices and folders.

    A fork would share with its parent what has been read or written of them.
    """
    return {descriptor for descriptor in _numbers() if _is_shared(descriptor)}


def _open_files() -> dict[int, tuple[int, int] | None]:
    """Return all that is open but input and output, each with its identity."""
    return {each: _identity(each) for each in _numbers() if each > _ERRORS}


def _numbers() -> set[int]:
    """Return the numbers of all that is open, and perhaps of the folder that lists them."""
    for folder in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):
            return {int(name) for name in os.listdir(folder)}  # noqa: PTH208 (each play asks)
    return set()


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _is_shared(descriptor: int) -> bool:
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:  # it was that of the folder that was listed
        return False
    return not (stat.S_ISCHR(mode) or stat.S_ISDIR(mode) or stat.S_ISBLK(mode))
