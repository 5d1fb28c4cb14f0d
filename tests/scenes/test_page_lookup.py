"""PageLookup shows at every moment what division, page table and frames say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from looks import LOOKS

if TYPE_CHECKING:
    from told import Moment

    from tests.scenes.conftest import Golden, Tell

FULLEST = "slot"
SENTENCE = "If you look for token nine , it is here , in frame four ."
WORDS = SENTENCE.split()
TABLE, SIZE, ASKED = (0, 1, 4, 7), 4, 9
PAGE, OFFSET = divmod(ASKED, SIZE)
FRAME = TABLE[PAGE]
SLOT = FRAME * SIZE + OFFSET
PAGES = range(len(TABLE))
CHIPS = f"page {PAGE}", f"offset {OFFSET}", f"frame {FRAME}"
FORMULAS = f"{ASKED} = {PAGE} × {SIZE} + {OFFSET}", f"{FRAME} × {SIZE} + {OFFSET} = {SLOT}"  # noqa: RUF001
NONE, ONLY = [""] * len(WORDS), [word if at == ASKED else "" for at, word in enumerate(WORDS)]
MARKED = ["?" if at == ASKED else "" for at in range(len(WORDS))]
OTHERS = {*PAGES} - {PAGE}
RAYS = tuple(enumerate(TABLE))
PATH = ((PAGE, FRAME),)
SIZED, COUNTED = f"page size {SIZE}", f"{len(TABLE)} look-ups"

# After each beat: what the positions say, the one that stands out, the pages with a label, the lit
# cell, chips and rays, formulas, the corner, the lit frame, the lit slot.
EXPECTED: dict[str, tuple[Any, ...]] = {
    "opening": (NONE, None, {*()}, None, (), (), (), SIZED, None, None),
    "question": (MARKED, ASKED, {*()}, None, (), (), (), SIZED, None, None),
    "divide": (MARKED, ASKED, OTHERS, None, CHIPS[:2], (), FORMULAS[:1], SIZED, None, None),
    "look-up": (MARKED, ASKED, OTHERS, PAGE, CHIPS, PATH, FORMULAS[:1], SIZED, FRAME, None),
    "slot": (ONLY, ASKED, OTHERS, PAGE, CHIPS, PATH, FORMULAS, SIZED, FRAME, SLOT),
    "gather": (WORDS, None, {*PAGES}, None, (), (), (), COUNTED, None, None),
    "cost": (WORDS, None, {*PAGES}, None, (), RAYS, (), COUNTED, None, None),
    "price": (WORDS, None, {*()}, None, (), RAYS, (), COUNTED, None, None),
    "closing": (WORDS, None, {*()}, None, (), RAYS, (), COUNTED, None, None),
}


def seen(now: Moment) -> tuple[Any, ...]:
    says, asked, labels = now.shown["strip"]
    looks, slot = now.shown["frames"]
    lit = [frame for frame, look in enumerate(looks) if look.lit]
    table, cell = now.shown["cells"]
    assert table == now.state.tables["A"] == TABLE
    return (
        *([*says], asked, {*labels}, cell),
        *(*now.shown["path"], now.shown["formula"], now.shown["counter"]),
        *(lit[0] if lit else None, slot),
    )


def test_every_beat_shows_what_the_look_up_says(tell: Tell) -> None:
    told = tell("PageLookup", stills={FULLEST})
    assert {now.key: seen(now) for now in told} == EXPECTED
    for now in told:
        # In memory nothing moves: each token is in the slot that its position leads to.
        slots = [slot.says for look in now.shown["frames"][0] for slot in look.slots]
        for position, word in enumerate(WORDS):
            page, offset = divmod(position, SIZE)
            assert slots[TABLE[page] * SIZE + offset] == word
        bars = [
            sum(slot.fill.name == "BAR" for slot in look.slots) for look in now.shown["frames"][0]
        ]
        assert bars == [0, 0, SIZE, SIZE, 0, SIZE, SIZE, 0]
    source = {now.key: now.shown["source"] for now in told if now.shown["source"]}
    (price,) = (now.beat for now in told if now.key == "price")
    assert price
    assert source == {"price": price.source, "closing": price.source}


@pytest.mark.parametrize("look", LOOKS)
def test_stills(golden: Golden, look: str) -> None:
    golden("PageLookup", look, fullest=FULLEST)
