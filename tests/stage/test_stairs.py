"""Stairs for a line of cached frames: every entry on its step, whatever their number and shape."""

from __future__ import annotations

import pytest
from manim import Scene, VMobject, tempconfig

from pagereel.stage.layout.places import Region, px
from pagereel.stage.layout.stairs import place_stairs
from pagereel.stage.parts.eviction.flight import TileFlight
from pagereel.stage.parts.eviction.tile import Tile
from pagereel.stage.theme import DARK


@pytest.mark.parametrize("steps", [1, 2, 7, 8])
@pytest.mark.parametrize(
    "region",
    [Region(-6.6, 1.5, 6.6, -3), Region(-3.7, 4, 3.7, -5), Region(-3.7, 1.6, 3.7, -2.7)],
)
def test_entries_stand_on_their_steps(region: Region, steps: int) -> None:
    beside = region.width > region.height * 2
    places = place_stairs(region, steps, size=px(126), beside=beside, most=px(126))
    middles = [places.entry(step) for step in range(steps)]
    for step, (x, y) in enumerate(middles):
        (left, edge), (right, _) = places.edge(step)
        assert left < x - places.size / 2 < x + places.size / 2 < right
        assert edge < y - places.size / 2 < edge + px(10)
        assert places.stamp(step)[1] + places.stamp_cap / 2 < edge
    assert middles == sorted(middles)
    assert middles[-1][1] + places.size / 2 <= region.top + 1e-9
    assert places.edge(steps - 1)[1][0] == pytest.approx(region.right)
    assert region.bottom < places.label.bottom < places.label.top < places.note.bottom
    if not beside:  # the note stands above the lower entries
        below = [y for x, y in middles if x - places.size / 2 < places.note.right]
        assert max(below) + places.size / 2 <= places.note.bottom


@pytest.mark.parametrize("stays", [True, False])
def test_a_tile_arrives_and_its_trail_goes(*, stays: bool) -> None:
    with tempconfig({"dry_run": True, "verbosity": "ERROR", "progress_bar": "none"}):
        scene = Scene()
        tile = Tile(3, "A", size=1, color="#83C167", theme=DARK, held=False).shift((2, 2, 0))
        flight = TileFlight(
            tile, ((-2, -2), (2, 2)), size=1, color="#83C167", span=(0.2, 0.8), stays=stays
        )
        seen: list[tuple[float, list[float]]] = []
        flight._setup_scene(scene)
        flight.begin()
        for alpha in (0.1, 0.5, 0.9):
            flight.interpolate(alpha)
            box = flight.mobject.submobjects[2].submobjects[0]
            assert isinstance(box, VMobject)
            seen.append((box.fill_rgbas[0, 3], [round(float(x), 2) for x in box.get_center()[:2]]))
        flight.finish()
        flight.clean_up_from_scene(scene)
    (before, _), (flying, middle), (after, end) = seen
    assert (before, flying, after) == (0, 1, float(stays))
    assert -0.5 < middle[0] < 0.5
    assert end == [2, 2]
    assert scene.mobjects == ([tile] if stays else [])
