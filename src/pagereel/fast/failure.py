"""What goes wrong while drawing: in a line, or told by a forked process as facts, not as text."""

from __future__ import annotations

import errno
import json
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import av

from pagereel.errors import CannotWrite, PagereelError, RenderError, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class DrawingFailed(RenderError):  # noqa: N818 (a process has failed, the error is in `traceback`)
    """An error that only a process that draws has met.

    Attributes
    ----------
    traceback
        The whole of it, in lines.
    """

    def __init__(self, message: str, traceback: str) -> None:
        self.traceback = traceback
        super().__init__(f"drawing failed: {message}")
        self.add_note(traceback)


class Killed(RenderError):  # noqa: N818 (nobody has made a mistake)
    """Processes that draw were killed, and those that drew again in their stead, too."""

    def __init__(self) -> None:
        super().__init__("the processes that draw were killed, twice; is there too little memory?")


@contextmanager
def encoding(folder: Path) -> Iterator[None]:
    """Say in one line what keeps a video from being encoded into a folder."""
    with writing(folder):
        try:
            yield
        except OSError:  # also those of FFmpeg's errors that are the system's
            raise
        except av.FFmpegError as error:
            raise RenderError(
                f"{folder}: the video cannot be encoded: {error.strerror}; free some memory, "
                "or let manim do it with --stock"
            ) from error


def facts_of(error: BaseException) -> str:
    """Return what there is to tell of an error, as JSON."""
    facts = {"message": str(error), "traceback": "".join(traceback.format_exception(error))}
    match error:
        case CannotWrite():
            facts |= {"kind": "unwritable", "message": error.reason}
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            facts |= {"kind": "unwritable", "message": str(error.strerror)}
        case PagereelError():
            facts |= {"kind": "wrong"}
        case SystemExit(code=int(code)):
            facts |= {"kind": "exit", "message": str(code)}
        case _:
            last = traceback.format_exception_only(error)[-1].strip()
            facts |= {"kind": "other", "message": last}
    return json.dumps(facts)


def raise_told(story: str, folder: Path) -> None:
    """Raise what a process has told, if anything.

    Parameters
    ----------
    story
        What `facts_of` has made of an error. Half of it is nothing: the teller was killed.
    folder
        Where it wrote.
    """
    try:
        facts = json.loads(story)
    except ValueError:
        return
    match facts["kind"]:
        case "unwritable":
            raise CannotWrite(folder, facts["message"])
        case "wrong":
            raise RenderError(facts["message"])
        case "exit":
            raise SystemExit(int(facts["message"]))
        case _:
            raise DrawingFailed(facts["message"], facts["traceback"])
