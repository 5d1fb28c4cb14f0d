"""What events claim about the state after them is compared with the cache."""

from __future__ import annotations

import pytest

from pagereel.cache import Arrive, Checks, Ledger
from pagereel.cache.checks import Disagreement


@pytest.fixture
def ledger() -> Ledger:
    ledger = Ledger(4)
    ledger.apply(Arrive("A", (0, 2)))
    return ledger


def test_claims_are_counted_and_what_is_not_claimed_agrees(ledger: Ledger) -> None:
    Checks().verify(ledger)
    checks = Checks(mask=0b1010, refcounts=(1, 0, 1, 0), tables={"A": (0, 2)}, evictable=())
    checks.verify(ledger)
    assert (Checks().count, Checks(mask=0).count, checks.count) == (0, 1, 4)


@pytest.mark.parametrize(
    ("checks", "expected", "found"),
    [
        (Checks(mask=0b1110), "1010", "1110"),
        (Checks(mask=0b11010), "a mask of 4 frames", "a longer one"),
        (Checks(refcounts=(1, 0, 2, 0)), "1", "2"),
        (Checks(refcounts=(1, 0, 1)), "4 numbers", "3 numbers"),
        (Checks(tables={"A": (2, 0)}), "frames 0, 2", "frames 2, 0"),
        (Checks(tables={}), "frames 0, 2", "no page table"),
        (Checks(tables={"A": (0, 2), "B": (1,)}), "no page table", "frames 1"),
        (Checks(evictable=(3,)), "no frame", "frames 3"),
    ],
)
def test_a_claim_that_disagrees_says_both_sides(
    ledger: Ledger, checks: Checks, expected: str, found: str
) -> None:
    with pytest.raises(Disagreement) as caught:
        checks.verify(ledger)
    assert (caught.value.expected, caught.value.found) == (expected, found)
    assert caught.value.__notes__ == ["correct it or an event up to here"]


def test_long_masks_are_compared_by_the_frames_that_differ() -> None:
    ledger = Ledger(40)
    ledger.apply(Arrive("A", (0, 39)))
    with pytest.raises(Disagreement, match="disagree about frames 0 and 1") as caught:
        Checks(mask=ledger.mask ^ 0b11).verify(ledger)
    assert (caught.value.expected, caught.value.found) == ("frame 1 free", "frame 0 free")
