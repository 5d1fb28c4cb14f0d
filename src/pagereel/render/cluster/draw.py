"""The process that draws some shards of a scene for a worker of a cluster.

Its argument is a folder, to write the shards and a report into; it reads its order from standard
input. It forgets all else at its end.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from manim import logger

from pagereel.failure import Failure
from pagereel.fast.shards.processes import leave
from pagereel.fast.shards.remote import ChosenCutter
from pagereel.files import checksum, write_facts
from pagereel.render.cluster.parcel import name_in_parcel
from pagereel.render.cluster.remote import REPORT
from pagereel.render.worker.main import render_assignment

if TYPE_CHECKING:
    from pagereel.fast import FastWriter
    from pagereel.render.cluster.remote import DrawOrder
    from pagereel.render.job import Assignment


class _Cutter(ChosenCutter):
    """Ends also when the process that asked for the shards has ended."""

    def __init__(self, todo: list[int], place: Path, parent: int) -> None:
        super().__init__(todo, self._deliver)
        self._place = place
        self._shards = todo
        self._parent = parent

    def count(self, images: int) -> None:
        super().count(images)
        if os.getppid() != self._parent:
            shutil.rmtree(self._place, ignore_errors=True)
            leave(1)

    def _deliver(self, writer: FastWriter, shown: list[str]) -> NoReturn:
        sums = {}
        for index in self._shards:
            path = writer.shard_path(index)
            sums[index] = checksum(path)
            path.replace(self._place / f"{index}.shard")
        write_facts(self._place / REPORT, {"shown": shown, "sums": sums})
        leave(0)


def main() -> None:
    """Draw what the order says."""
    place = Path(sys.argv[1])
    order: DrawOrder
    order, todo, parent = pickle.load(sys.stdin.buffer)  # noqa: S301 (the worker wrote it)
    logger.setLevel("ERROR")
    assignment = _here(order.assignment, place / "root")
    try:
        cutter = _Cutter(todo, place, parent)
        render_assignment(assignment, place / "work" / "scene.mp4", cutter=cutter)
    except BaseException as error:  # noqa: BLE001 (also what a scene raises to end the program)
        explained = _explained(error, assignment.request.file, place / "root")
        write_facts(place / REPORT, {"sums": {}, **explained})
    leave(0)


def _here(assignment: Assignment, root: Path) -> Assignment:
    """Return an assignment with its files where the parcel was unpacked."""

    def moved(path: Path) -> Path:
        return root / name_in_parcel(path) if path.is_absolute() else path

    request = assignment.request
    options = request.options
    story, brand = (file and moved(file) for file in (options.story, options.brand))
    pair = options.pair
    if pair:
        pair = replace(pair, first=moved(pair.first), second=moved(pair.second))
    options = replace(options, story=story, brand=brand, pair=pair)
    request = replace(request, file=moved(request.file), options=options)
    return replace(assignment, request=request, target=moved(assignment.target))


def _explained(error: BaseException, file: Path, root: Path) -> dict[str, Any]:
    """Return the failure, with files named as on the machine that they come from.

    If this machine is at fault, it is called trouble: another one may draw.
    """
    failure = Failure.of(error, file)
    if failure.is_the_machines:
        return {"trouble": failure.message}
    message, lines = (
        text.replace(f"{root}/", "/") for text in (failure.message, failure.traceback)
    )
    return {"failure": replace(failure, message=message, traceback=lines).facts}
