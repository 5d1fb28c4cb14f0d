"""Connectors reach out from their page, and part only from lines that they have come to."""

from __future__ import annotations

import pytest

from pagereel.stage.parts.connector import Connect, Connector

ROUTE = ((0.0, -2.0), (0.0, 0.0), (4.0, 2.0))
UPPER = ((0.0, -2.0), (0.0, 0.0), (4.0, 2.0), (4.0, 3.0), (3.5, 3.5))


def reached(route: tuple[tuple[float, float], ...], alpha: float) -> Connector:
    connector = Connector(route, color="#FFFFFF", background="#000000")
    movement = Connect(connector, rate_func=lambda t: t)
    movement.begin()
    movement.interpolate(alpha)
    return connector


@pytest.mark.parametrize("route", [ROUTE, UPPER])
@pytest.mark.parametrize("alpha", [0.05, 0.3, 0.5, 0.7, 0.95])
def test_the_arrowhead_leads(route: tuple[tuple[float, float], ...], alpha: float) -> None:
    connector = reached(route, alpha)
    end = connector.line.get_end()
    assert connector.tip.get_center() == pytest.approx(end, abs=0.15)
    drawn = connector.halo.height > 1e-9  # at no length it is invisible
    assert not drawn or connector.halo.get_top()[1] <= end[1] + 1e-6
    assert connector.line.get_start() == pytest.approx((0, -2, 0))


def test_at_the_end_it_is_whole() -> None:
    connector, whole = reached(ROUTE, 1), Connector(ROUTE, color="#FFFFFF", background="#000000")
    for part, target in zip(connector, whole, strict=True):
        assert part.points == pytest.approx(target.points, abs=1e-6)
    assert connector.tip.get_top() == pytest.approx((4, 2, 0))
