from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.errors import StoryError
from pagereel.story import COLOR_NAMES, load_story

if TYPE_CHECKING:
    from tests.story.conftest import Write


def _colors(write: Write, events: str, **declared: str) -> dict[str, str]:
    """Load a story of words: ``+A`` (arrives), ``-A`` (finishes), ``?A`` (is queued)."""
    verbs = {"+": 'arrive = "{}"\npages = 1', "-": 'finish = "{}"', "?": 'submit = "{}"'}
    lines = ['title = "T"', "pool.frames = 8", "[colors]"]
    lines += [f'{task} = "{color}"' for task, color in declared.items()]
    lines += [f"[[events]]\n{verbs[word[0]].format(word[1:])}" for word in events.split()]
    return dict(load_story(write("\n".join(lines))).colors)


def test_the_names() -> None:
    assert COLOR_NAMES == ("green", "orange", "blue", "pink", "violet")


def test_tasks_get_colors_in_order(write: Write) -> None:
    assert _colors(write, "+E +A +B +C +D") == dict(zip("EABCD", COLOR_NAMES, strict=True))


def test_colors_of_finished_tasks_are_free_again(write: Write) -> None:
    assert _colors(write, "+A +B -A +C") == {"A": "green", "B": "orange", "C": "green"}


def test_declared_colors_are_kept_for_their_tasks(write: Write) -> None:
    colors = _colors(write, "+A -A +B +C", B="green", C="blue")
    assert list(colors.items()) == [("A", "orange"), ("B", "green"), ("C", "blue")]


def test_a_declared_color_is_shared_before_tasks_look_alike(write: Write) -> None:
    declared = dict(zip("BCDEF", COLOR_NAMES, strict=True))
    assert _colors(write, "+A +B -A +C -B -C +D +E +F", **declared)["A"] == "orange"


def test_a_task_that_comes_back_keeps_a_color_of_its_own(write: Write) -> None:
    assert _colors(write, "+A -A +B +A") == {"A": "green", "B": "orange"}


def test_declared_colors_may_be_equal_at_different_times(write: Write) -> None:
    assert _colors(write, "+A -A +B", A="pink", B="pink") == {"A": "pink", "B": "pink"}


def test_with_more_tasks_than_colors_they_take_turns(write: Write) -> None:
    colors = _colors(write, "+A +B +C +D +E +F +G")
    assert (colors["F"], colors["G"]) == ("green", "orange")


def test_tasks_that_wait_have_colors_of_their_own(write: Write) -> None:
    assert _colors(write, "?A +A ?B +B ?C ?D -A +C -B +D") == dict(
        zip("ABCD", COLOR_NAMES, strict=False)
    )


def test_a_task_that_only_waits_has_a_color(write: Write) -> None:
    assert _colors(write, "?C ?A +A") == {"A": "orange", "C": "green"}


def test_more_waiting_tasks_than_colors_leave_those_in_the_cache_apart(write: Write) -> None:
    colors = _colors(write, "?A ?B ?C ?D ?E ?F ?G +G +F")
    assert (colors["F"], colors["G"]) == ("green", "orange")


def test_waiting_tasks_must_not_be_declared_alike(write: Write) -> None:
    with pytest.raises(StoryError, match="A and B are seen together and both pink; give one"):
        _colors(write, "?A ?B +A", A="pink", B="pink")
