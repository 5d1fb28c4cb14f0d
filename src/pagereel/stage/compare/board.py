"""A race on its stage: it shows one moment after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Group

from pagereel.stage.compare.pools import Pools
from pagereel.stage.compare.race_part import RacePart, Tick
from pagereel.stage.film.film_part import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from manim import Mobject

    from pagereel.compare.race import Lap, Race
    from pagereel.stage.part import Stage

_HAIR = 1e-6  # of a tick: shares of time are rounded


class RaceBoard:
    """A race on its stage, at the moment that is shown."""

    def __init__(self, race: Race, stage: Stage) -> None:
        self.race, self.stage = race, stage
        self.moment = 0
        self.pools = stage.part(Pools)
        # What never changes comes first: manim draws anew what is behind what moves.
        self.standing, self.moving = Group(), Group()
        for part in stage.parts.values():
            changing = part.moving if isinstance(part, RacePart) else []
            self.standing.add(*(each for each in part.mobjects if each not in changing))
            self.moving.add(*changing)

    def entering(self, *known: Mobject) -> list[Mobject]:
        """Return what enters when the frames and what else is known are there."""
        known = (*known, *self.pools.pictures)
        parts = [*self.standing.submobjects, *self.moving.submobjects]
        return [part for part in parts if part not in known and part.has_points()]

    def go_on(self, moments: Sequence[int]) -> None:
        """Show one moment after another; only the last of them is drawn."""
        for place, moment in enumerate(moments, 1):
            changes = []
            for run, pool in zip(self.race.runs, self.pools.pools, strict=True):
                before, reached = pool.state.event, int(run.reached[moment])
                frames = pool.state.advance(reached)
                drawn = place == len(moments)
                changes.append(Moment(before, reached, frames, pool.state, drawn=drawn))
            self.moment = int(moment)
            self.stage.show(Tick(self.moment, (changes[0], changes[1])))

    def follow(self, lap: Lap) -> Callable[[float], None]:
        """Return what shows a stretch of the race, by the share of its time that has passed."""
        ticks, shown = len(lap.moments), 0

        def show(share: float) -> None:
            nonlocal shown
            due = min(int(share * ticks + _HAIR) + 1, ticks)
            self.go_on(lap.moments[shown:due].tolist())
            shown = max(due, shown)

        return show
