"""Everything that can be seen of a trace, and how it goes on from moment to moment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from manim import Group, VGroup

from pagereel.film.assign import plan_rows
from pagereel.film.tape import CACHED as CACHED_OWNER
from pagereel.film.tape import PoolState
from pagereel.stage.film.chart import PoolChart
from pagereel.stage.film.counters import Counters, frame_counts, task_counts
from pagereel.stage.film.grid import FrameGrid
from pagereel.stage.film.palette import make_palette
from pagereel.stage.film.sheet import CACHED, FREE, MOST_REFS, RESERVED, held_look
from pagereel.stage.film.strip import TaskStrip
from pagereel.stage.layout.grid_over_chart import arrange_replay
from pagereel.stage.layout.places import MIN_CAP
from pagereel.stage.parts.shapes import rule
from pagereel.stage.text.label import Label, caption, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.text.ticker import Ticker, advance

if TYPE_CHECKING:
    from manim import Mobject
    from numpy.typing import NDArray

    from pagereel.film.timelapse import Film, Shot
    from pagereel.stage.layout.places import Spot
    from pagereel.stage.theme import Theme

    Ints = NDArray[np.integer]


class Board:
    """The mobjects of a trace and where they stand. Nothing is on screen yet.

    Parameters
    ----------
    film
        What is to be shown.
    size
        Width and height of the picture in scene units.
    theme
        The colours.

    Attributes
    ----------
    standing, moving
        What stands still all the time, and what changes.
    pool
        What is shown of the pool.
    """

    def __init__(self, film: Film, size: tuple[float, float], *, theme: Theme) -> None:
        self.film, self.theme = film, theme
        tape = film.tape
        columns = frame_counts(tape), task_counts(tape)
        layout = self.layout = arrange_replay(size, max(map(len, columns)))
        palette = make_palette(theme, film.palette)
        self.title = _fitted(tape.engine, layout.title, theme.title)
        self.note = _fitted(tape.note, layout.note, theme.dim) if tape.note.strip() else None
        self.rule = rule(layout.area.left, layout.area.right, layout.caption.rule, color=theme.line)
        self.grid = FrameGrid(layout.grid, tape.frames, theme=theme, palette=palette)
        self.numbers = self._numbers()
        self.counters = Counters(layout, columns, tape.usable, theme=theme, palette=palette)
        rows = plan_rows(tape, film.moment, layout.strip_rows)
        self.strip = TaskStrip(
            layout, tape.stays, rows, colors=film.colors, theme=theme, palette=palette
        )
        self.chart = PoolChart(
            replace(layout.chart, right=self.grid.right),
            theme=theme,
            palette=palette,
            colors=film.colors,
            usable=tape.usable,
        )
        self.chart_label = _fitted("use of the pool", layout.chart_label, theme.dim)
        self.clock_label, self.clock = self._clock()
        self.pool = PoolState(tape)
        self._reached = np.concatenate([shot.reached for shot in film.shots] or [np.zeros(0, int)])
        looks = [held_look(color, 1) for color in film.colors]
        self._held_looks = np.array([*looks, 0], dtype=np.int64)
        self._reserved = np.array(tape.reserved, dtype=np.int64)
        self._laid_out = 0
        # What never changes comes first: manim draws anew what lies behind what moves.
        self.standing = Group(
            *(self.note,) * bool(self.note),
            self.title,
            self.rule,
            self.chart_label,
            self.clock_label,
            *self.counters.labels,
            self.counters.swatches,
        )
        self.moving = Group(
            self.grid,
            *self.numbers,
            self.chart,
            self.strip.sheet,
            self.clock,
            *self.strip.tickers,
            *self.counters.tickers,
        )

    @property
    def entering(self) -> list[Mobject]:
        """What comes in when the title and the frames are there."""
        known = (self.title, self.grid)
        parts = [*self.standing.submobjects, *self.moving.submobjects]
        return [part for part in parts if part not in known and part.has_points()]

    def lay_out(self, share: float) -> None:
        """Show the first frames of the pool, all free: a share of them."""
        end = round(share * self.film.tape.frames)
        frames = np.arange(self._laid_out, end)
        if len(frames):
            looks = np.where(np.isin(frames, self._reserved), RESERVED, FREE)
            self.grid.paint(frames, looks, np.zeros(len(frames), bool))
        self._laid_out = max(end, self._laid_out)

    def go_to(self, moment: int) -> None:
        """Show a moment of the film; it cannot be earlier than the one shown."""
        tape, pool = self.film.tape, self.pool
        while pool.moment <= moment:
            before, reached = pool.event, int(self._reached[pool.moment])
            frames = pool.advance(reached)
            self._paint(frames)
            for event in range(before, reached):
                if tape.stay[event] >= 0:
                    self.strip.follow(tape.stay[event], tape.pages[event])
            first, last = tape.step[0], tape.step[-1]
            now = tape.step[reached - 1]
            self.chart.draw(pool.owner, (now - first + 1) / (last - first + 1))
            if pool.moment > moment and reached:
                self.clock.say(f"{now:,}")
                self.counters.show(reached - 1)

    def caption(self, text: str, *, color: str | None = None) -> VGroup:
        """Return a caption, in ink unless a colour is given."""
        return caption(text, self.layout.caption, color=color or self.theme.ink)

    def pace(self, shot: Shot) -> Label:
        """Return what is said of a shot's time-lapse."""
        text = f"×{shot.merged:,} events at a time" if shot.merged > 1 else "event by event"  # noqa: RUF001 (it is meant)
        spot = replace(self.layout.pace, x=self.grid.right)
        return _fitted(text, spot, self.theme.free)

    def _paint(self, frames: Ints) -> None:
        owner, refs = self.pool.owner[frames], self.pool.refs[frames]
        held = self._held_looks[owner] + np.minimum(np.maximum(refs, 1), MOST_REFS) - 1
        looks = np.select(
            [owner >= 0, owner == CACHED_OWNER], [held, CACHED + self.pool.tones(frames)], FREE
        )
        self.grid.paint(frames, looks, self.pool.fresh(frames))

    def _numbers(self) -> list[Label]:
        grid = self.grid
        frames = self.film.tape.frames
        cap = max(MIN_CAP, min(0.3 * grid.side, self.layout.cap * 1.5))
        if not grid.numbered or text_width(str(frames - 1), Face.SERIF) * cap > 0.86 * grid.side:
            return []
        return [
            Label(str(frame), Face.SERIF, cap=cap, color=self.theme.ink).put(*grid.centre(frame))
            for frame in range(frames)
        ]

    def _clock(self) -> tuple[Label, Ticker]:
        """Return the clock's word, left of where the largest number begins, and the number."""
        spot, tape = self.layout.clock, self.film.tape
        ticker = Ticker(
            Face.SERIF, cap=spot.cap, color=self.theme.ink, at=(spot.x, spot.y), align=1
        )
        digits = len(f"{tape.step[-1]:,}") if tape.events else 1
        ticker.say(f"{tape.step[0]:,}" if tape.events else "0")
        right = spot.x - (digits + 0.85) * advance(Face.SERIF) * spot.cap
        label = Label(
            "step" if tape.has_steps else "event", Face.SERIF, cap=spot.cap, color=self.theme.dim
        )
        return label.put(right, spot.y, 1), ticker


def _fitted(text: str, spot: Spot, color: str) -> Label:
    """Return a text in its place: made smaller, and then cut off, if it is too wide."""
    words = " ".join(text.split())
    words = "".join(c if c.isprintable() else "?" for c in words) or "?"
    longest = int(spot.width / MIN_CAP / 0.3)  # no text of so many characters fits
    if len(words) > longest:
        words = f"{words[:longest]}…"
    while len(words) > 1 and text_width(words, Face.SERIF) * MIN_CAP > spot.width:
        words = f"{words.rstrip('…')[: -max(1, len(words) // 20)].rstrip()}…"
    label = Label(words, Face.SERIF, cap=spot.cap, color=color, width=spot.width)
    return label.put(spot.x, spot.y - (spot.cap - label.cap) / 2, spot.align)
