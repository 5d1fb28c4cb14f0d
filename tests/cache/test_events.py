"""The registry of events says what the classes of the events are."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import MISSING, fields
from typing import get_args

import pytest

from pagereel.cache import Abort, Arrive, Event, Evict, Finish, Preempt
from pagereel.cache.events import KINDS, EventField, EventKind, Holds, Leave, TaskEvent
from pagereel.recorder import TraceWriter

kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def test_every_event_is_registered_once_under_its_verb() -> None:
    assert [kind.make for kind in KINDS.values()] == [*get_args(Event)]
    assert all(verb == kind.make.verb for verb, kind in KINDS.items())


@kinds
def test_fields_are_those_that_the_class_takes_in_its_order(kind: EventKind) -> None:
    assert [field.name for field in kind.fields] == [*inspect.signature(kind.make).parameters]
    assert [field.default for field in kind.fields] == [each.default for each in fields(kind.make)]
    assert (kind.fields[0].holds is Holds.TASK) == issubclass(kind.make, TaskEvent)


def test_a_field_knows_its_key_and_whether_it_must_be_there() -> None:
    task, frame, pos, group = KINDS["expand"].fields
    assert (frame.name, frame.key, frame.holds, frame.needed) == (
        *("frame", "frames"),
        *(Holds.ONE_PAGE, True),
    )
    assert (pos.key, pos.holds, pos.needed, pos.default) == ("pos", Holds.INDEX, False, None)
    assert task == EventField("task", Holds.TASK, "", MISSING)
    assert (group.holds, group.needed) == (Holds.GROUP, False)


def test_a_schema_says_what_a_line_may_have() -> None:
    schema = KINDS["copy"].schema()
    assert schema["description"].startswith("Copy on write: ")
    assert schema["required"] == ["task", "page", "src", "dst"]
    assert schema["properties"]["ev"] == {"const": "copy"}
    assert schema["properties"]["page"] == {
        "$ref": "#/$defs/whole",
        "description": "Which of the task's pages, from 0.",
    }
    assert KINDS["evict"].schema()["required"] == ["frames"]
    assert KINDS["finish"].schema()["required"] == ["task"]


def test_events_are_named_by_verb_and_task() -> None:
    assert Arrive("A", (0, 1)).label == "arrive A"
    assert Evict((3,)).label == "evict 1 frame"
    assert Evict((3, 4)).label == "evict 2 frames"


@pytest.mark.parametrize("release", [Finish, Abort, Preempt])
def test_what_leaves_has_one_base_and_differs(release: type[Leave]) -> None:
    event = release("A", (1,), (2,))
    assert isinstance(event, Leave)
    assert [other("A", (1,), (2,)) == event for other in (Finish, Abort, Preempt)].count(True) == 1
    assert copy.deepcopy(event) == event
    assert pickle.loads(pickle.dumps(event)) == event  # noqa: S301 (our own)


@kinds
def test_the_recorder_records_it_with_all_its_fields(kind: EventKind) -> None:
    parameters = inspect.signature(getattr(TraceWriter, kind.make.verb)).parameters
    assert {field.key for field in kind.fields} == {*parameters} - {"self", "common"}
