"""Who draws which shard when: the most work first, and never too many at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pagereel.fast.shards.crew import Crew
from pagereel.fast.shards.processes import Child, leave

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def crew() -> Iterator[Crew]:
    crew = Crew(2)
    yield crew
    crew.kill()


def fork(crew: Crew, *shards: int) -> None:
    """Fork processes that end when they are told to draw what they were forked for."""
    for shard in shards:
        child = crew.fork(shard)
        if not child.process:
            leave(0 if child.listen() == {shard} else 1)


def first_to_end(crew: Crew) -> Child:
    while (child := crew.first_to_speak(0.1)) is None:
        pass
    assert child.hear() is None
    crew.end(child)
    return child


def test_the_most_work_is_done_first(crew: Crew) -> None:
    work = {0: 5.0, 1: 1.0, 2: 9.0, 3: 3.0}
    fork(crew, *work)
    ended = []
    while crew:
        crew.send(work, ahead=True)  # one at a time
        child = first_to_end(crew)
        ended.append(child.shard)
    assert ended == [2, 0, 3, 1]


def test_places_are_given_again(crew: Crew) -> None:
    for shard in range(20):
        fork(crew, shard)
        crew.send({shard: 1}, ahead=True)
        child = first_to_end(crew)
        assert child.place == 0


def test_there_is_a_place_for_each(crew: Crew) -> None:
    spare = crew.fork()
    if not spare.process:
        spare.listen()
        leave(0)
    shards = 0
    while not crew.is_full:
        fork(crew, shards)
        crew.send(dict.fromkeys(range(shards + 1), 1.0), ahead=False)
        shards += 1
    assert shards == len(crew) == 2 + 5
    assert sum(crew.tally) == 0  # there is one of each


def test_who_waits_ends_with_the_parent() -> None:
    """Also if some were forked after it, which have its pipe, too."""
    reader, writer = os.pipe()
    parent = os.fork()
    if not parent:
        os.close(reader)
        crew = Crew(2)
        fork(crew, 0, 1, 2)
        leave(0)
    os.close(writer)
    os.waitpid(parent, 0)
    with open(reader, "rb") as pipe:  # noqa: PTH123 (a number, no path)
        assert pipe.read() == b""  # it is at its end when all have ended
