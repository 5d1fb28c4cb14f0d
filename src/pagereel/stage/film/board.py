"""The stage of a film, and how it is played, moment by moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import Group

from pagereel.film.tape import PoolState
from pagereel.stage.film.film_part import FilmPart, Moment
from pagereel.stage.film.grid import PoolGrid
from pagereel.stage.film.heading import Heading
from pagereel.stage.part import Stage

if TYPE_CHECKING:
    from manim import Mobject

    from pagereel.film.timelapse import Film
    from pagereel.stage.layout.arrangement import Arrangement
    from pagereel.stage.part import Parts
    from pagereel.stage.theme import Theme


class Board(Stage):
    """The parts of a film in their regions. Nothing is on screen yet.

    Parameters
    ----------
    parts
        Which ones.
    film
        What is to be shown.
    size
        Width and height of the picture in scene units.
    theme
        The colours.
    arrangement
        How they share the picture.

    Attributes
    ----------
    standing, moving
        What stands still all the time, and what changes.
    pool
        Who owns each frame at the moment that is shown.
    """

    def __init__(
        self,
        parts: Parts,
        film: Film,
        *,
        size: tuple[float, float],
        theme: Theme,
        arrangement: Arrangement,
    ) -> None:
        super().__init__(parts, film, size=size, theme=theme, arrangement=arrangement)
        self.film = film
        self.pool = PoolState(film.tape)
        self._reached = np.concatenate([shot.reached for shot in film.shots] or [np.zeros(0, int)])
        # What never changes comes first: manim draws anew what is behind what moves.
        self.standing, self.moving = Group(), Group()
        for part in self.parts.values():
            if isinstance(part, FilmPart):
                self.standing.add(*part.standing)
                self.moving.add(*part.moving)
            else:
                self.standing.add(*part.mobjects)

    @property
    def moments(self) -> int:
        """How many moments the film has."""
        return len(self._reached)

    @property
    def entering(self) -> list[Mobject]:
        """What comes in when the title and the frames are there."""
        known = (self.part(Heading).title, self.part(PoolGrid).grid)
        parts = [*self.standing.submobjects, *self.moving.submobjects]
        return [part for part in parts if part not in known and part.has_points()]

    def go_to(self, moment: int) -> Moment | None:
        """Show a moment of the film; it cannot be earlier than the one shown."""
        shown = None
        while self.pool.moment <= moment:
            before, reached = self.pool.event, int(self._reached[self.pool.moment])
            frames = self.pool.advance(reached)
            drawn = self.pool.moment > moment
            shown = Moment(before, reached, frames, self.pool, drawn=drawn)
            self.show(shown)
        return shown
