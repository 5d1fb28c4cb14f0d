"""The warm process: it has manim imported, and forks for each order.

It reads pickled orders from its standard input, and reports events as lines of JSON through a pipe
whose number is its argument; forks use the same pipe. It computes nothing itself, so it is ready
whenever an order comes, and each order finds it as it was at the beginning.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import random
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
from manim import VMobject, config, logger

from pagereel.fast.shards.description import is_usual
from pagereel.fast.shards.processes import leave
from pagereel.manifest import makers_version
from pagereel.watch.drawing.events import Events
from pagereel.watch.drawing.faults import fault_of
from pagereel.watch.drawing.findings import check
from pagereel.watch.drawing.order import Task
from pagereel.watch.drawing.running import draw

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

    from pagereel.watch.drawing.order import Order

_DRAWS = {Task.DRAW: draw, Task.CHECK: check}
# What scenes most often import. It takes half a second, once.
_PARTS = ("pagereel.stage.scene", "pagereel.stage.film.scene", "pagereel.stage.brand.card")
_SET_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36  # of prctl(2)
_MANY_OBJECTS = 50_000  # after which the collector looks for garbage: forks live for a second


def main() -> None:
    """Carry out orders until there are no more."""
    pipe = int(sys.argv[1])
    _adopt_orphans()
    os.set_inheritable(pipe, False)  # noqa: FBT003 (programs of a scene do not hold it)
    for module in _PARTS:
        import_module(module)
    # Both look at much once.
    makers_version()
    is_usual(VMobject())
    for handler in logger.handlers:
        handler.setLevel("WARNING")
    config.update({"progress_bar": "none", "verbosity": "WARNING", "preview": False})
    # Python takes a compiled module for the saved one if both are of the same second and length.
    sys.dont_write_bytecode = True
    gc.collect()
    gc.freeze()  # what has been imported stays, so that forks share it
    gc.set_threshold(_MANY_OBJECTS)
    gc.enable()
    events = Events(pipe)
    orders: dict[int, int] = {}

    def reap(_number: int, _frame: FrameType | None) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                code = os.waitstatus_to_exitcode(ended[1])
                if number := orders.pop(ended[0], 0):
                    events.number = number
                    events.tell("ended", code=code)

    signal.signal(signal.SIGCHLD, reap)
    events.tell("ready")
    while True:
        try:
            order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 (our own process wrote it)
        except EOFError:
            leave(0)
        have_at_hand(order.modules)
        # An order may end before it is noted.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        warm = os.getpid()
        process = os.fork()
        if not process:
            end_with(warm)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            _carry_out(order, events)
        orders[process] = order.number
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def have_at_hand(modules: Iterable[str]) -> None:
    """Import modules for all orders to come, except those that fail: the scene then says why."""
    for module in modules:
        with suppress(Exception):  # a module of ours that is being edited may raise anything
            import_module(module)


def _adopt_orphans() -> None:
    """Have processes whose parents were killed become ours, so that they are reaped.

    Only Linux knows this; elsewhere its first process reaps.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with(parent: int) -> None:
    """Let this process be killed when its parent ends, even if it has not joined a group by then.

    Only Linux knows this.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            leave(0)


def _carry_out(order: Order, events: Events) -> None:
    """Carry an order out, in a process of its own."""
    events.number, events.owner, events.folder = order.number, os.getpid(), order.folder
    try:
        os.setpgid(0, order.group)
    except (ProcessLookupError, PermissionError):  # a newer order has already ended this one
        leave(0)
    printed = os.open(order.printed, os.O_WRONLY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((nothing, 0), (printed, 1), (printed, 2)):
        os.dup2(old, new)
    random.seed()  # Python does so in a fork; numpy does not
    np.random.seed()  # noqa: NPY002 (what scenes use)
    try:
        _DRAWS[order.task](order, events)
    except BaseException as error:  # noqa: BLE001 (also what a scene raises to end the program)
        events.tell("failed", fault=fault_of(error, order.file))
    leave(0)
