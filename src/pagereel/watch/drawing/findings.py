"""Checks a scene while it is watched: findings come one by one, beat by beat."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from pagereel.check.finding import is_ignored
from pagereel.check.output import Output
from pagereel.check.playing import class_place, play, scene_class
from pagereel.check.session import Notes, Watch, rules_for
from pagereel.check.settings import read_settings
from pagereel.request import scaled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Scene

    from pagereel.check.rules import Rule
    from pagereel.check.see.parts import Place
    from pagereel.watch.drawing.events import Events
    from pagereel.watch.drawing.order import Order

_SHORT = 1080  # pixels of the short side: as `pagereel check` looks at scenes
_PATIENT = 15  # how much others go first
_LONGEST = 1000  # characters of a message


def check(order: Order, events: Events) -> None:
    """Report what cannot be read in a scene, and how far it has been checked."""
    os.nice(_PATIENT)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the scene prints has been shown
    width, height = scaled((order.width, order.height), _SHORT)
    output = Output("1080p", width, height, round(order.rate))
    settings = read_settings(order.file.parent)
    notes = Notes(order.scene, output, None)
    events.is_heard = False
    with (
        order.options.in_environment(),
        scene_class(order.file, order.scene, output, keep_shape=True) as loaded,
        ExitStack() as stack,
    ):
        rules = rules_for(output, settings)
        for rule in rules:
            stack.callback(rule.close)
        watch = _Reported(rules, notes, events, (width, height))
        watch.end(play(loaded, watch), class_place(loaded))
        watch.report()
    events.tell("checked", until=None)


class _Reported(Watch):
    """Reports findings when they are found."""

    def __init__(
        self, rules: Sequence[Rule], notes: Notes, events: Events, size: tuple[int, int]
    ) -> None:
        super().__init__(rules, notes)
        self._found, self._events, self._size = notes, events, size
        self._reported = 0

    def rest(self, scene: Scene, seconds: float, place: Place) -> None:
        """Look at the scene when a play or wait has ended; say what is new."""
        super().rest(scene, seconds, place)
        self.report()
        self._events.tell("checked", until=seconds)

    def report(self) -> None:
        """Report the findings that have not been."""
        width, height = self._size
        new = self._found.findings[self._reported :]
        self._reported += len(new)
        for finding in new:
            if is_ignored(finding):
                continue
            box = finding.spot and [
                round(edge / side, 4)
                for edge, side in zip(finding.spot, (width, height) * 2, strict=True)
            ]
            self._events.tell(
                "finding",
                rule=finding.rule,
                message=finding.message[:_LONGEST],
                at=finding.seconds,
                box=box,
            )
