"""How long a thing is seen that comes and goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from manim import Arrow, Square

from pagereel.check.rules.too_short import TooShort
from pagereel.check.see.parts import Look, Moment, Place, Thing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

HERE = Place(Path("scene.py"), 1, 1)
NEVER: Any = None


def thing(mobject: Mobject, says: str = "") -> Thing:
    return Thing(mobject, says, 1, is_seen=True, is_outside=False, box=np.array([0.0, 0, 9, 9]))


def look(seconds: float, mobjects: Sequence[Mobject]) -> Look:
    moment = Moment(HERE, seconds, lambda: None)
    things = {id(each): thing(each) for each in mobjects}
    return Look(moment, False, 90, 90, things, 0, (), NEVER, NEVER)  # noqa: FBT003


def messages(seen: Sequence[int], *, others: bool = False) -> list[str]:
    """Return what is found where a thing is seen (1) or not (0), ten times a second."""
    rule, square = TooShort(0.3), Square()
    kept: list[Mobject] = []
    hits = []
    for at, is_seen in enumerate(seen):
        kept += [Square()] if others else [square]
        hits += [*rule.follow(look(at / 10, kept[-1:] if is_seen else ()))]
    hits += [*rule.end(look(len(seen) / 10, ()).moment)]
    return [hit.message.split(";")[0] for hit in hits]


def test_what_goes_at_once_is_too_short_even_at_the_end() -> None:
    went = ["a Square appears and goes within 0.20 s"]
    assert messages([0, 1, 0]) == went
    assert messages([0, 1, *[0] * 20]) == went


def test_a_thing_has_its_article() -> None:
    rule, arrow = TooShort(0.3), Arrow()
    hits = [*rule.follow(look(0, [arrow])), *rule.follow(look(0.1, [])), *rule.end(NEVER)]
    assert [hit.message[:8] for hit in hits] == ["an Arrow"]


@pytest.mark.parametrize("others", [False, True], ids=["the same", "one like it"])
def test_what_blinks_is_seen_for_all_of_its_times(others: bool) -> None:  # noqa: FBT001
    assert messages([0, 1, 0, 1, 0, 1, 0], others=others) == []
    assert messages([0, 1, *[0] * 20, 1, 0], others=others) != []


@pytest.mark.parametrize(
    ("says", "found"),
    [
        (("Think.", "Build.", "Ship."), ["'Build.' appears and goes within 0.20 s"]),
        (("Build", "Build it", "Build it."), []),
        (("x = 17", "x = 18", "x = 19"), []),
        ((r"\alpha", r"\beta", r"\gamma"), []),
    ],
)
def test_a_word_that_another_one_follows_is_too_short(
    says: tuple[str, ...], found: list[str]
) -> None:
    rule = TooShort(0.3)
    kept = [Square() for _ in says]
    hits = []
    for at, which in enumerate([0] * 4 + [1] + [2] * 5):
        seen = thing(kept[which], says[which])
        moment = Moment(HERE, at / 10, lambda: None)
        things = {id(kept[which]): seen}
        hits += [*rule.follow(Look(moment, False, 90, 90, things, 0, (), NEVER, NEVER))]  # noqa: FBT003
    hits += [*rule.end(look(1, ()).moment)]
    assert [hit.message.split(";")[0] for hit in hits] == found
