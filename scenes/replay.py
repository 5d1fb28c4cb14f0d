"""What an engine's allocator did, as its trace tells it: any pool, any length, in time-lapse."""

from __future__ import annotations

from pagereel.stage.film.chart import PoolChart
from pagereel.stage.film.counters import Counters
from pagereel.stage.film.film_part import Clock, Heading
from pagereel.stage.film.grid import PoolGrid
from pagereel.stage.film.scene import FilmScene
from pagereel.stage.film.strip import TaskStrip
from pagereel.stage.film.tiers import Tiers
from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.grid_over_chart import grid_over_chart
from pagereel.stage.part import Parts
from pagereel.stage.parts.text import CaptionBar


class Replay(FilmScene):
    """A grid of page frames, the tasks that hold them, and the pool over time."""

    default_trace = "random_256_frames.jsonl"
    parts = Parts(
        heading=Heading,
        caption=CaptionBar,
        grid=PoolGrid,
        tiers=Tiers,
        chart=PoolChart,
        clock=Clock,
        strip=TaskStrip,
        counters=Counters,
    )
    arrangement = Arrangement(grid_over_chart)

    def construct(self) -> None:
        """Show the trace."""
        self.opening()
        for number, shot in enumerate(self.film.shots, 1):
            self.tell(number, shot)
        self.closing()
