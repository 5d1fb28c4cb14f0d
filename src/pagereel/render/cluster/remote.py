"""The task of a cluster's worker: a process of its own draws shards.

Workers draw with threads, and manim's settings belong to a whole process. What comes and goes is
plain data, so that nothing of pagereel has to be known in between, such as by a scheduler: a
`DrawOrder` travels pickled, and is unpickled only where pagereel is the same.
"""

from __future__ import annotations

import json
import os
import pickle
import platform
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pagereel.failure import Failure, Kind, signal_name
from pagereel.files import temporary_folder
from pagereel.manifest import difference, machine_versions
from pagereel.render.cluster.parcel import unpack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pagereel.render.job import Assignment

_MAIN = "from pagereel.failure import run; run('pagereel.render.cluster.draw')"
_LAST_WORDS = 300  # characters
REPORT = "report.json"

Answer = tuple[str, dict[int, bytes]]
"""A report, as JSON, and the content of each shard."""


class NotDrawn(Exception):  # noqa: N818 (nobody made a mistake)
    """A fault of this machine, which another one, or this one later, may not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawOrder:
    """A scene to be drawn, and where its files are in the parcel.

    Attributes
    ----------
    assignment
        As the worker process got it. Its files are named as on the machine that it comes from.
    folder, home
        The current folder and the user's, in the parcel.
    python_path
        Where the scene's modules are, in the parcel.
    hash_seed
        Python's.
    """

    assignment: Assignment
    folder: str
    home: str
    python_path: tuple[str, ...]
    hash_seed: str


def draw(parcel: bytes, order: bytes, todo: Sequence[int], wanted: Mapping[str, str]) -> Answer:
    """Draw shards of a scene.

    Parameters
    ----------
    parcel
        The scene and what it needs; see `parcel`.
    order
        A `DrawOrder`, pickled.
    todo
        The numbers of the shards.
    wanted
        The versions with which it has to be drawn; see `manifest`.

    Returns
    -------
    str
        A report, as JSON: "shown", what each shard shows as far as the scene was run
        through, and "sums", the checksum of each shard; or "failure", the facts of a `Failure`.
    dict
        The shards by their numbers.

    Raises
    ------
    NotDrawn
        If the process that draws was ended, or nothing can be written.
    """
    if odd := difference(wanted, machine_versions()):
        message = f"the worker on {platform.node()} has {odd}"
        return json.dumps({"failure": Failure(Kind.MISTAKE, message).facts}), {}
    try:
        with temporary_folder() as temporary:
            place = temporary.resolve()
            unpack(parcel, place / "root")
            report = _run(pickle.loads(order), todo, place)  # noqa: S301 (it runs the user's code)
            shards = {int(name): (place / f"{name}.shard").read_bytes() for name in report["sums"]}
            return json.dumps(report), shards
    except OSError as error:
        raise NotDrawn(f"on {platform.node()}: {error}") from error


def _run(order: DrawOrder, todo: Sequence[int], place: Path) -> dict[str, Any]:
    """Have a process draw into a folder; return its report."""
    folder = place / "root" / order.folder
    for needed in (folder, place / "root" / order.home):
        needed.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603 (our own command)
        (sys.executable, "-P", "-c", _MAIN, str(place)),
        cwd=folder,
        env=_environment(order, place / "root"),
        input=pickle.dumps((order, todo, os.getpid())),
        capture_output=True,
        check=False,
    )
    where = f"on {platform.node()}"
    try:
        report: dict[str, Any] = json.loads((place / REPORT).read_bytes())
    except OSError:
        words = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise NotDrawn(f"{where} {_ending(done.returncode)} {words[-_LAST_WORDS:]}") from None
    if trouble := report.get("trouble"):
        raise NotDrawn(f"{where}: {trouble}")
    return report


def _environment(order: DrawOrder, root: Path) -> dict[str, str]:
    """Return the environment in which the scene finds everything as where it comes from."""
    home = os.path.expanduser("~")  # noqa: PTH111 (a user need not have a home)
    paths = [str(root / path) for path in order.python_path]
    own = os.environ.get("PYTHONPATH")
    return {
        # Fonts, and what is known of them, are this machine's.
        "XDG_CACHE_HOME": f"{home}/.cache",
        "XDG_DATA_HOME": f"{home}/.local/share",
        **os.environ,
        "HOME": str(root / order.home),
        "PYTHONHASHSEED": order.hash_seed,
        "PYTHONPATH": os.pathsep.join([*paths, *([own] if own else [])]),
    }


def _ending(code: int) -> str:
    if code < 0:
        return f"signal {signal_name(-code)} ended the drawing"
    return f"the drawing ended with exit code {code}"
