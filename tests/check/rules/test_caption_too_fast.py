"""Subcaptions belong to the play that they begin in, whenever they become known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import srt

from pagereel.check.rules.caption_too_fast import CaptionTooFast
from pagereel.check.see.parts import Look, Moment, Place, View

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLACES = [Place(Path("mine.py"), line, line) for line in (1, 2, 3)]


def moment(play: int, seconds: float) -> Moment:
    return Moment(PLACES[play], seconds, lambda: None)


def caption(text: str, start: float, end: float) -> srt.Subtitle:
    return srt.Subtitle(1, timedelta(seconds=start), timedelta(seconds=end), text)


def drawn(_: float) -> NDArray[np.uint8]:
    return np.zeros((54, 96, 3), np.uint8)


def unread() -> View:
    raise AssertionError


def found(*captions: srt.Subtitle, limit: float = 17) -> list[tuple[int, float, str]]:
    """Play two plays of two seconds, of which captions become known at the end."""
    rule = CaptionTooFast(limit)
    known: list[srt.Subtitle] = []
    for play, seconds in ((0, 0), (0, 2), (1, 2), (1, 4)):
        look = Look(moment(play, seconds), False, 96, 54, {}, 0, known, drawn, unread)  # noqa: FBT003
        assert [*rule.follow(look)] == []
    known += captions
    hits = [*rule.end(moment(2, 4))]
    return [(h.moment.place.line, h.moment.seconds, h.message) for h in hits if h.moment]


def test_slow_captions_are_not_found() -> None:
    assert found(caption("a" * 34, 0, 2), caption("short", 2, 3.5)) == []


def test_fast_and_short_captions() -> None:
    assert found(caption("a" * 36, 1, 3), caption("b", 2, 3)) == [
        (1, 1, f"the caption '{'a' * 36}' has 18 characters a second; 17 is the most"),
        (2, 2, "the caption 'b' has 1.0 s; 1.5 s is the least"),
    ]


def test_letters_that_are_read_one_by_one_need_longer() -> None:
    assert found(caption("页" * 18, 0, 2), caption("プ" * 8, 2, 4)) == []
    assert found(caption("页" * 20, 0, 2), caption("プ" * 10, 2, 4)) == [
        (1, 0, f"the caption '{'页' * 20}' has 10 characters a second; 9 is the most"),
        (2, 2, f"the caption '{'プ' * 10}' has 5 characters a second; 4 is the most"),
    ]


def test_the_limit_is_said_as_it_was_set() -> None:
    assert found(caption("a" * 37, 0, 2), limit=17.25) == [
        (1, 0, f"the caption '{'a' * 37}' has 18 characters a second; 17.25 is the most")
    ]
