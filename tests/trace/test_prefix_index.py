"""The prefix index of the reference engine finds the frames of pages that are the same."""

from __future__ import annotations

import pytest

from pagereel.trace.simulate.engine import PrefixIndex
from pagereel.trace.simulate.workload import Submission


@pytest.fixture
def index() -> PrefixIndex:
    """Pages of 4 tokens; A, with the prefix of 10 tokens, has frames 5, 6 and 7."""
    index = PrefixIndex(4, {"system": 10})
    index.remember(Submission("A", 0, 13, 1, "system"), (5, 6, 7))
    return index


def test_full_pages_of_a_prefix_are_shared_by_other_tasks(index: PrefixIndex) -> None:
    assert index.hits(Submission("B", 0, 20, 1, "system")) == (5, 6)
    assert index.hits(Submission("B", 0, 7, 1, "system")) == (5,)
    assert index.hits(Submission("B", 0, 20, 1)) == ()


def test_a_task_that_comes_again_finds_its_own_pages_too(index: PrefixIndex) -> None:
    assert index.hits(Submission("A", 9, 13, 1, "system")) == (5, 6, 7)


def test_hits_end_with_the_first_page_that_is_forgotten(index: PrefixIndex) -> None:
    index.forget((5,))
    assert 5 not in index
    assert 6 in index
    assert index.hits(Submission("A", 9, 13, 1, "system")) == ()


def test_a_page_that_is_known_keeps_its_frame(index: PrefixIndex) -> None:
    index.remember(Submission("B", 0, 8, 1, "system"), (1, 2))
    assert index.hits(Submission("C", 0, 8, 1, "system")) == (5, 6)
    assert 1 not in index
