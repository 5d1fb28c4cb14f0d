"""What a worker of a cluster does: it has shards drawn by a process of its own.

Workers draw with threads, and manim's settings belong to a whole process. What comes and goes is
plain data, so that nothing of pagereel has to be known in between, such as by a scheduler.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pagereel.failure import Failure, Kind
from pagereel.render.cluster.parcel import unpack
from pagereel.render.cluster.versions import difference, versions

_MAIN = "from pagereel.render.cluster.draw import main; main()"
_LAST_WORDS = 300  # characters

Answer = tuple[str, dict[int, bytes]]
"""A report, as JSON, and the content of each shard."""


class NotDrawn(Exception):  # noqa: N818 (nobody's mistake)
    """Something of this machine's that another, or this one later, may not have to suffer."""


def draw(parcel: bytes, order: str) -> Answer:
    """Draw shards of a scene.

    Parameters
    ----------
    parcel
        The scene and what it needs; see `parcel`.
    order
        What `cluster.Sender` says, as JSON.

    Returns
    -------
    str
        A report, as JSON: "counts", how many images each shard has as far as the scene was run
        through, and "sums", the checksum of each shard; or "failure", the facts of a `Failure`.
    dict
        The shards by their numbers.

    Raises
    ------
    NotDrawn
        If the process that draws was ended, or nothing can be written.
    """
    wanted = json.loads(order)
    if odd := difference(wanted["versions"], versions()):
        message = f"the worker on {platform.node()} has {odd}"
        return json.dumps({"failure": Failure(Kind.MISTAKE, message).facts}), {}
    try:
        with tempfile.TemporaryDirectory(prefix="pagereel-") as temporary:
            place = Path(temporary).resolve()
            unpack(parcel, place / "root")
            report = _run(wanted, place)
            shards = {int(name): (place / f"{name}.shard").read_bytes() for name in report["sums"]}
            return json.dumps(report), shards
    except OSError as error:
        raise NotDrawn(f"on {platform.node()}: {error}") from error


def _run(wanted: dict[str, Any], place: Path) -> dict[str, Any]:
    """Have a process draw into a folder; return its report."""
    folder = place / "root" / wanted["folder"]
    for needed in (folder, place / "root" / wanted["home"]):
        needed.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603 (our own command)
        (sys.executable, "-c", _MAIN, str(place)),
        cwd=folder,
        env=_environment(wanted, place / "root"),
        input=json.dumps({**wanted, "parent": os.getpid()}).encode(),
        capture_output=True,
        check=False,
    )
    where = f"on {platform.node()}"
    try:
        report: dict[str, Any] = json.loads((place / "report.json").read_bytes())
    except OSError:
        words = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise NotDrawn(f"{where} {_ending(done.returncode)} {words[-_LAST_WORDS:]}") from None
    if trouble := report.get("trouble"):
        raise NotDrawn(f"{where}: {trouble}")
    return report


def _environment(wanted: dict[str, Any], root: Path) -> dict[str, str]:
    """Return the environment in which the scene finds everything as where it comes from."""
    home = os.path.expanduser("~")  # noqa: PTH111 (a user need not have a home)
    paths = [str(root / path) for path in wanted["paths"]]
    own = os.environ.get("PYTHONPATH")
    return {
        # Fonts, and what is known of them, are this machine's.
        "XDG_CACHE_HOME": f"{home}/.cache",
        "XDG_DATA_HOME": f"{home}/.local/share",
        **os.environ,
        **wanted["environment"],
        "HOME": str(root / wanted["home"]),
        "PAGEREEL_STORY": str(root / wanted["story"]) if wanted["story"] else "",
        "PYTHONPATH": os.pathsep.join([*paths, *([own] if own else [])]),
    }


def _ending(code: int) -> str:
    if code < 0:
        return f"signal {signal.Signals(-code).name} ended the drawing"
    return f"the drawing ended with exit code {code}"
