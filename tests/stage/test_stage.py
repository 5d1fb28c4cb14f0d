"""Parts can move together, and leave before the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, Square

from pagereel.stage.layout.places import Region
from pagereel.stage.part import Part, Parts, Stage, during, merged
from pagereel.stage.theme import DARK
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from manim import Mobject

    from pagereel.stage.layout.arrangement import Needs, Regions
    from pagereel.stage.layout.places import Area
    from pagereel.stage.part import Movements


class Box(Part[object, object]):
    """A part with a single shape."""

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """A square, a new one each time."""
        return [Square()]

    @property
    def shown(self) -> None:
        """Nothing."""


def arranged(area: Area, needs: Needs) -> Regions:
    return dict.fromkeys(needs, Region(area.left, area.top, area.right, area.bottom))


def count(movements: Sequence[Movements], phase: Phase) -> int:
    return sum(len(each[phase]()) for each in movements if phase in each)


def test_what_belongs_together_moves_in_one_phase_and_in_order() -> None:
    made: list[str] = []

    def make(name: str) -> list[Animation]:
        made.append(name)
        return [Animation(Square())]

    one = {Phase.FLIP: lambda: make("flip"), Phase.LEAVE: lambda: make("leave")}
    together = during(Phase.CONNECT, one, {Phase.TAKE: lambda: make("take")})
    assert [*together] == [Phase.CONNECT]
    assert made == []  # not before the phase begins
    assert len(together[Phase.CONNECT]()) == 3
    assert made == ["leave", "flip", "take"]


def test_a_part_that_is_dismissed_leaves_once() -> None:
    parts = Parts(a=Box, b=Box, c=Box)
    stage = Stage(parts, None, size=(14.2, 8.0), theme=DARK, arrangement=arranged)  # type: ignore[arg-type]
    assert count(stage.dismiss("a", "c"), Phase.LEAVE) == 2
    assert count(stage.leave(), Phase.END) == 1


def test_phases_that_are_merged_happen_in_the_first_of_them() -> None:
    played: list[str] = []

    def note(what: str) -> Callable[[], Sequence[Animation]]:
        def play() -> Sequence[Animation]:
            played.append(what)
            return []

        return play

    movements = [
        {phase: note(f"{name} {phase.name}") for phase in (Phase.STEP, Phase.TOKEN, Phase.POINT)}
        for name in ("one", "two")
    ]
    first, *rest = merged(movements, Phase.STEP, Phase.TOKEN)
    assert [*first] == [Phase.STEP]
    assert [[*each] for each in rest] == [[Phase.POINT], [Phase.POINT]]
    first[Phase.STEP]()
    assert played == ["one STEP", "one TOKEN", "two STEP", "two TOKEN"]
