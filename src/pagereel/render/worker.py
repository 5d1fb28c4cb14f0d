"""The process that draws: it imports manim once, and forks for each scene.

It reads a list of requests, as JSON, from its standard input. What happens it tells, in lines of
JSON, through a pipe whose number is its argument. A fork for each scene keeps what one changes,
such as manim's settings, from the next, and what ends one process from ending the other scenes.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manim import logger

from pagereel.errors import PagereelError
from pagereel.fast import RenderSettings, render_scene
from pagereel.fast.processes import leave
from pagereel.fast.render import StockNeeded
from pagereel.render.encode import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from pagereel.fast import Drawings

Request = dict[str, Any]
_NO_ROOM = (28, 122)  # ENOSPC, EDQUOT
_OURS = "FastRenderer: "


class Mouth:
    """Tells what happens; every line at once, as processes that were forked speak here, too."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self.scene = -1

    def tell(self, event: str, **facts: Any) -> None:
        """Tell something about the current scene."""
        line = json.dumps({"event": event, "scene": self.scene, **facts}) + "\n"
        data = line.encode()
        while data:
            data = data[os.write(self._pipe, data) :]


class _Notes(logging.Handler):
    """Hands on what the fast renderer has to say, whatever else of manim's log is shown."""

    def __init__(self, mouth: Mouth) -> None:
        super().__init__(logging.INFO)
        self._mouth = mouth

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith(_OURS):
            self._mouth.tell("note", message=message.removeprefix(_OURS))


def main() -> None:
    """Work through the requests."""
    mouth = Mouth(int(sys.argv[1]))
    order = json.load(sys.stdin)
    for handler in logger.handlers:
        handler.setLevel(logging.INFO if order["verbose"] else logging.WARNING)
        handler.addFilter(lambda record: not record.getMessage().startswith(_OURS))
    logger.addHandler(_Notes(mouth))
    for mouth.scene, request in enumerate(order["requests"]):
        process = os.fork()
        if not process:
            _work(request, mouth)
            leave(0)
        _, status = os.waitpid(process, 0)
        if os.WIFSIGNALED(status):
            mouth.tell("killed", signal=os.WTERMSIG(status))


def _work(request: Request, mouth: Mouth) -> None:
    """Make the files of one scene, and tell how that ended."""
    mouth.tell("begin")
    try:
        made = _make(request, lambda images: mouth.tell("images", images=images))
        mouth.tell("done", images=made)
    except StockNeeded:
        mouth.tell("stock")
    except BaseException as error:  # noqa: BLE001 (also what a scene raises to end the program)
        mouth.tell("failed", **_explained(error, Path(request["file"])))


def _make(request: Request, on_progress: Callable[[int], None]) -> int:
    target = Path(request["target"])
    formats, sections = request["formats"], tuple(request["sections"])
    settings = RenderSettings(
        width=request["width"],
        height=request["height"],
        fps=request["fps"],
        jobs=request["jobs"],
        exact=request["exact"],
        keep_images=formats != ["mp4"],
        sections=sections,
        manim=_settings(request),
    )
    source = (Path(request["file"]), request["scene"])
    images = 0

    def write(drawings: Drawings) -> None:
        nonlocal images
        images = encode(drawings, formats, target.parent)

    render_scene(source, target, settings, on_progress, encode=write)
    return images


def _settings(request: Request) -> dict[str, Any]:
    return {
        "media_dir": request["media"],
        "disable_caching": True,
        "verbosity": "INFO",
        "preview": False,
    }


def _explained(error: BaseException, file: Path) -> dict[str, Any]:
    """Return the exit code that an error deserves, and a line or a traceback that explains it."""
    notes = getattr(error, "__notes__", [])  # what a process that was forked had to tell
    lines = "".join(notes) or "".join(_users_part(error, file))
    last = lines.rstrip().rpartition("\n")[2]
    number = re.search(r"\[Errno (\d+)\] ([^:]*)", last)
    if number and int(number[1]) in _NO_ROOM:
        return {"code": 2, "no_room": number[2]}
    if isinstance(error, PagereelError) and not notes:
        return {"code": 2, "message": str(error)}
    if last.startswith("pagereel.errors."):
        return {"code": 2, "message": last.partition(": ")[2]}
    if isinstance(error, SystemExit) and isinstance(error.code, int) and error.code:
        return {"code": error.code, "message": f"the scene ended with exit code {error.code}"}
    return {"code": 1, "traceback": lines}


def _users_part(error: BaseException, file: Path) -> list[str]:
    """Return a traceback from the scene's file on: what is before it is about us."""
    step = error.__traceback__
    while step is not None and Path(step.tb_frame.f_code.co_filename) != file.absolute():
        if Path(step.tb_frame.f_code.co_filename) == file:
            break
        step = step.tb_next
    return traceback.format_exception(type(error), error, step or error.__traceback__)
