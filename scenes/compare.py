"""One workload, two ways, one clock: what differs is counted, and not claimed."""

from __future__ import annotations

from pagereel.stage.compare.card import ResultCard
from pagereel.stage.compare.curve import TwinCurve
from pagereel.stage.compare.plate import DonePlate
from pagereel.stage.compare.pools import Pools
from pagereel.stage.compare.race_part import RaceClock, RaceTitle
from pagereel.stage.compare.requests import RequestStrips
from pagereel.stage.compare.said import RaceCaptions
from pagereel.stage.compare.scales import Scales
from pagereel.stage.compare.scene import RaceScene
from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.race import race
from pagereel.stage.part import Parts


class Compare(RaceScene):
    """Two pools on one clock, their requests and numbers, and a card with what it comes to."""

    default_traces = ("prefix_off_192.jsonl", "pages_192.jsonl")
    parts = Parts(
        heading=RaceTitle,
        caption=RaceCaptions,
        pools=Pools,
        strips=RequestStrips,
        curve=TwinCurve,
        clock=RaceClock,
        scales=Scales,
        plate=DonePlate,
        card=ResultCard,
    )
    arrangement = Arrangement(race)

    def construct(self) -> None:
        """Show the race, and what it comes to."""
        self.opening()
        for lap in self.race.laps:
            self.run(lap)
        self.result()
