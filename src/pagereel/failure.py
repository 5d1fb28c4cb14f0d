"""Failures of processes that draw, as plain facts that travel to the process that waits.

A forked process writes them into a pipe, the worker into its events, and a Dask worker into its
answer. The kind of an error is never guessed from its text.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from xml.etree.ElementTree import ParseError

from pagereel.errors import CannotWrite, PagereelError, RenderError, StockNeeded, fullest, room

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSED = 2
"""The exit code of a process of ours that could not begin, as manim refuses a manim.cfg."""
_BLOCKS = 4 * 4096  # bytes; a disk with less room is full


class Kind(StrEnum):
    """The kinds of failures."""

    MISTAKE = "mistake"  # of the user; the message says how to correct it
    STOCK = "stock"  # only manim can render the scene; the message says why
    UNWRITABLE = "unwritable"  # the message is the system's reason
    MEMORY = "memory"  # there was too little of it
    EXIT = "exit"  # the scene ended the program
    RAISED = "raised"  # anything else, for which there is a traceback


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that a process met.

    Attributes
    ----------
    message
        One line.
    traceback
        All its lines, if they help the user: from the scene's file on.
    status
        The exit code, if the scene ended the program.
    folder
        Where nothing can be written.
    """

    kind: Kind
    message: str
    traceback: str = ""
    status: int = 0
    folder: str = ""

    @classmethod
    def of(  # noqa: PLR0911 (a kind each)
        cls, error: BaseException, file: Path | None = None, folder: Path | None = None
    ) -> Failure:
        """Return the failure that an error is.

        Parameters
        ----------
        file
            The scene's file. The traceback begins there, as the callers before it are ours.
        folder
            Where media files are written. If there is no room at all for them, any error is due to
            that: not everything that manim calls says so.
        """
        kind = Kind.RAISED
        match error:
            case DrawingFailed():
                return error.failure
            case CannotWrite():
                return cls(Kind.UNWRITABLE, error.reason, folder=str(error.folder))
            case OSError(errno=errno.ENOSPC | errno.EDQUOT):  # manim writes, too: texts, sounds
                where = str(fullest(folder)) if folder else ""
                return cls(Kind.UNWRITABLE, str(error.strerror), folder=where)
            case ParseError() if folder is not None and _has_cut(folder):
                where = str(fullest(folder))
                return cls(Kind.UNWRITABLE, os.strerror(errno.ENOSPC), folder=where)
            case StockNeeded(why=why):
                return cls(Kind.STOCK, why)
            case PagereelError():
                return cls(Kind.MISTAKE, str(error))
            case SystemExit(code=int(code)) if code:
                return cls(Kind.EXIT, f"the scene ended with exit code {code}", status=code)
            case MemoryError() | OSError(errno=errno.ENOMEM):
                kind = Kind.MEMORY
        if folder is not None and kind is Kind.RAISED and room(full := fullest(folder)) < _BLOCKS:
            return cls(Kind.UNWRITABLE, os.strerror(errno.ENOSPC), folder=str(full))
        last = traceback.format_exception_only(error)[-1].strip()
        return cls(kind, last, "".join(_users_part(error, file)))

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Failure:
        """Return the failure that `facts` describes."""
        return cls(**{**facts, "kind": Kind(facts["kind"])})

    @property
    def facts(self) -> dict[str, Any]:
        """The failure as plain data."""
        return asdict(self)

    @property
    def code(self) -> int:
        """The exit code that the failure deserves."""
        match self.kind:
            case Kind.MISTAKE | Kind.STOCK | Kind.UNWRITABLE:
                return 2
            case Kind.EXIT:
                return self.status
            case Kind.MEMORY | Kind.RAISED:
                return 1

    @property
    def is_the_machines(self) -> bool:
        """Whether another machine, or this one later, may succeed."""
        return self.kind in {Kind.UNWRITABLE, Kind.MEMORY}

    def raise_again(self, folder: Path | None = None) -> NoReturn:
        """Raise the error in this process.

        Parameters
        ----------
        folder
            Where the other process wrote, if it was on this machine.
        """
        match self.kind:
            case Kind.UNWRITABLE if folder is not None:
                raise CannotWrite(Path(self.folder) if self.folder else folder, self.message)
            case Kind.STOCK:
                raise StockNeeded(self.message)
            case Kind.MISTAKE | Kind.UNWRITABLE:
                raise RenderError(self.message)
            case Kind.EXIT:
                raise SystemExit(self.status)
            case Kind.MEMORY | Kind.RAISED:
                raise DrawingFailed(self)


class DrawingFailed(RenderError):  # noqa: N818 (the error is another process's)
    """An error that another process met and that has a traceback."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(f"drawing failed: {failure.message}")
        self.add_note(failure.traceback)


class Killed(RenderError):  # noqa: N818 (it is not the user's mistake)
    """Workers were killed, and so was the process that drew their shards again."""

    def __init__(self) -> None:
        super().__init__("the processes that draw were killed, twice; is there too little memory?")


def run(module: str) -> None:
    """Run `main` of a module in a process of ours, which imports manim; or say why it cannot."""
    try:
        import_module("pagereel.library")
    except PagereelError as error:
        print(f"pagereel: {error}", file=sys.stderr)
        sys.exit(REFUSED)
    import_module(module).main()


def ending(code: int) -> str:
    """Return in words how a process ended, such as "exit code 3" or "SIGKILL, out of memory?"."""
    if code >= 0:
        return f"exit code {code}"
    name = signal_name(-code)
    return f"{name}, out of memory?" if -code == signal.SIGKILL else name


def _has_cut(folder: Path) -> bool:
    """Return whether an SVG file that was laid out in a folder is cut off: Pango says nothing."""
    laid_out = (file.read_bytes() for file in folder.glob("*/*.svg"))
    return any(not content.rstrip().endswith(b"</svg>") for content in laid_out)


def signal_name(number: int) -> str:
    """Return the name of a signal."""
    try:
        return signal.Signals(number).name
    except ValueError:  # a realtime signal
        return f"signal {number}"


def _users_part(error: BaseException, file: Path | None) -> list[str]:
    """Return a traceback from the scene's file on."""
    step = error.__traceback__
    while file is not None and step is not None:
        if Path(step.tb_frame.f_code.co_filename) in {file, file.absolute()}:
            break
        step = step.tb_next
    return traceback.format_exception(type(error), error, step or error.__traceback__)
