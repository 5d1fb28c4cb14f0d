"""manim itself in a process of its own, for what the fast renderer cannot or shall not do."""

from __future__ import annotations

import pickle
import sys
from typing import TYPE_CHECKING

from pagereel.errors import RenderError
from pagereel.files import read_facts
from pagereel.render.formats.registry import FORMATS
from pagereel.render.job import worker_environment
from pagereel.render.process import started

if TYPE_CHECKING:
    from pagereel.render.job import Job
    from pagereel.render.workplace import Workplace

CHANGED = "changed.json"  # how the scene's file has changed the job, if it has
_MAIN = "from pagereel.failure import run; run('pagereel.render.manims')"


def require_possible(job: Job) -> None:
    """Raise a `RenderError` if manim cannot make what is wanted."""
    for each in job.request.formats:
        if not FORMATS[each].by_stock:
            raise RenderError(f"{job.scene}: manim makes no {each}; leave that out")
    if not job.request.is_whole:
        raise RenderError(f"{job.scene}: manim makes all sections or none; take --save-sections")


def render_stock(job: Job, place: Workplace, *, verbose: bool, json: bool) -> tuple[int, Job]:
    """Have manim render a scene into a folder, and speak for itself.

    One format is rendered after the other. Two renderings at the same time would meet in manim's
    folder of partial videos: each has its own.

    Returns
    -------
    tuple
        The exit code, and the job as the scene's file has changed it.
    """
    require_possible(job)
    folder = place.path
    terminal = sys.stderr.isatty() and not json
    order = folder / "order"
    bars = "display" if terminal else "none"  # bars would fill a log
    order.write_bytes(pickle.dumps((job, bars, "INFO" if verbose else "WARNING")))
    environment = {**worker_environment(), **job.request.options.environment(stock=True)}
    command = (sys.executable, "-P", "-c", _MAIN, str(order))
    out = sys.stderr if json else None
    with started(command, environment, stdout=out, pass_fds=(place.fileno(),)) as worker:
        code = worker.wait()
    return code, job.changed(facts) if (facts := read_facts(folder / CHANGED)) else job
