"""The harness of the scenes' tests says what a scene shows at the end of each beat."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scenes.conftest import Tell


def test_what_is_shown_at_the_end_of_each_beat(tell: Tell) -> None:
    told = tell("PagedCache", stills={"b-arrives"})
    keys = [now.key for now in told]
    assert keys[:2] == ["opening", "a-arrives"]
    assert keys[-1] == "closing"
    assert [now.key for now in told if now.still] == ["b-arrives"]
    for now in told:
        assert now.shown["mask"] == now.state.mask_literal
        assert now.shown["rows"] == dict(now.state.tables)
    assert [len(now.steps) for now in told] == [0, 1, 2, 3, 4, 5, 6, 7, 7]
