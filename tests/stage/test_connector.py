"""Connectors reach out from their page, and part only from lines that they have come to."""

from __future__ import annotations

import pytest

from pagereel.stage.layout.places import Anchor
from pagereel.stage.parts.connector import Connect, Connector

START = Anchor((0.0, -2.0), ((0.0, 0.0),))
LOWER = Anchor((4.0, 2.0))
UPPER = Anchor((3.5, 3.5), ((4.0, 2.0), (4.0, 3.0)))


def connector_to(end: Anchor) -> Connector:
    return Connector(START, end, color="#FFFFFF", background="#000000")


def reached(end: Anchor, alpha: float) -> Connector:
    connector = connector_to(end)
    movement = Connect(connector, rate_func=lambda t: t)
    movement.begin()
    movement.interpolate(alpha)
    return connector


@pytest.mark.parametrize("anchor", [LOWER, UPPER])
@pytest.mark.parametrize("alpha", [0.05, 0.3, 0.5, 0.7, 0.95])
def test_the_arrowhead_leads(anchor: Anchor, alpha: float) -> None:
    connector = reached(anchor, alpha)
    end = connector.line.get_end()
    assert connector.tip.get_center() == pytest.approx(end, abs=0.15)
    drawn = connector.halo.height > 1e-9  # at no length it is invisible
    assert not drawn or connector.halo.get_top()[1] <= end[1] + 1e-6
    assert connector.line.get_start() == pytest.approx((0, -2, 0))


def test_at_the_end_it_is_whole() -> None:
    connector, whole = reached(LOWER, 1), connector_to(LOWER)
    for part, target in zip(connector, whole, strict=True):
        assert part.points == pytest.approx(target.points, abs=1e-6)
    assert connector.tip.get_top() == pytest.approx((4, 2, 0))


def test_without_ways_it_can_cross_others_all_along() -> None:
    connector = Connector(Anchor((0.0, 0.0)), LOWER, color="#FFFFFF", background="#000000")
    assert connector.halo.points == pytest.approx(connector.line.points)


def test_it_reaches_down_with_its_arrowhead_ahead() -> None:
    below = Anchor((4.0, -6.0))
    connector = reached(below, 1)
    assert connector.tip.get_bottom() == pytest.approx((4, -6, 0))
    assert connector.line.get_end()[1] == pytest.approx(connector.tip.get_top()[1])
    underway = reached(below, 0.95)
    assert underway.tip.get_bottom()[1] < underway.line.get_end()[1]


@pytest.mark.parametrize("x", [6.0, -6.0])
def test_a_level_connector_arrives_sideways_with_its_arrowhead_ahead(x: float) -> None:
    ends = Anchor((0.0, 0.0)), Anchor((x, 2.0))
    whole = Connector(*ends, color="#FFFFFF", background="#000000", level=True)
    side = 1 if x > 0 else -1
    assert whole.tip.get_center()[1] == pytest.approx(2)
    assert (whole.tip.get_right() if side > 0 else whole.tip.get_left())[0] == pytest.approx(x)
    (x0, y0, _), (x1, y1, _) = whole.line.get_nth_curve_points(0)[:2]
    assert y0 == pytest.approx(y1)  # it leaves sideways
    assert side * (x1 - x0) > 0
    movement = Connect(whole, rate_func=lambda t: t)
    movement.begin()
    movement.interpolate(0.95)
    assert side * (whole.tip.get_center()[0] - whole.line.get_end()[0]) > 0
