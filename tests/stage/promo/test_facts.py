"""A promo's numbers are those of its traces, counted here once more; its sentences follow them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from pagereel.assets import ROOT, TRACES
from pagereel.errors import BrandError, StageError
from pagereel.stage.brand import Brand, load_brand
from pagereel.stage.promo.facts import Facts, filled

STEP, SLOTS = 70, 192 * 16


@cache
def brand() -> Brand:
    return load_brand(ROOT / "brand.toml")


@cache
def facts(before: str = "reserved_rows_192", after: str = "pages_192") -> Facts:
    first, second = (TRACES / f"{name}.jsonl" for name in (before, after))
    return Facts.of(replace(brand(), names=(), before=first, after=second))


def events(name: str) -> list[dict[str, Any]]:
    lines = (TRACES / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]


def test_the_moment_is_the_step_with_the_widest_gap_and_no_queue() -> None:
    assert facts().step == STEP
    assert facts().memory


@pytest.mark.parametrize("name", ["reserved_rows_192", "pages_192"])
def test_what_runs_waits_and_is_held(name: str) -> None:
    told = facts()
    side = name == "pages_192"
    run, numbers = told.comparison.runs[side], told.numbers
    tables: dict[str, list[int]] = {}
    queue: list[str] = []
    cached: set[int] = set()
    for event in events(name):
        if event["step"] > STEP:
            break
        task, frames = str(event.get("task")), event.get("frames", [])
        match event["ev"]:
            case "submit":
                queue.append(task)
            case "arrive":
                queue.remove(task)
                tables[task] = [*event.get("shared", []), *frames]
                cached -= {*tables[task]}
            case "expand":
                tables[task] += frames
            case "evict":
                cached -= {*frames}
            case "finish":
                del tables[task]
                cached |= {*event.get("cached", [])}
    pool = told.pool(side)
    assert {task: [*table] for task, table in pool.tables.items()} == tables
    assert pool.cached == cached
    assert run.waiting(told.moment) == (*queue,)
    key = ("before", "after")[side]
    assert numbers[f"{key}.running"] == str(len(tables))
    assert numbers[f"{key}.waiting"] == str(len(queue))
    first = next(iter(tables))
    assert pool.only([first]).tables == {first: pool.tables[first]}


def test_what_is_empty_and_what_is_done() -> None:
    numbers = facts().numbers
    prompts = {e["task"]: e["tokens"] for e in events("reserved_rows_192") if e["ev"] == "submit"}
    since: dict[str, int] = {}
    ends: dict[str, int] = {}
    for event in events("reserved_rows_192"):
        if event["ev"] == "arrive":
            since[event["task"]] = event["step"]
        if event["ev"] == "finish":
            ends[event["task"]] = event["step"]
    running = [task for task, step in since.items() if step <= STEP < ends[task]]
    tokens = sum(prompts[task] + STEP - since[task] for task in running)
    assert tokens == 1763
    assert numbers["empty"] == f"{100 * (1 - tokens / SLOTS):.0f}" == "43"
    last = max(event["step"] for event in events("pages_192"))
    assert numbers["after.end"] == str(last) == "293"
    assert numbers["before.end"] == str(max(ends.values())) == "461"
    done = sum(step <= last for step in ends.values())
    assert numbers["before.done"] == str(done) == "58"
    assert numbers["before.left"] == str(len(ends) - done) == "32"
    assert numbers["requests"] == str(len(prompts)) == "90"


SENTENCES = {
    "empty": "{empty} % empty",
    "given-up": "{given_up} lost",
    "waiting": "{waiting} wait",
    "rows": "cut",
    "pools": "not cut, {after}",
    "nobody": "{after.running}, none",
    "some": "{after.running}, {after.waiting}",
}


def test_a_memory_without_rows_is_said_to_be_otherwise() -> None:
    told = facts("prefix_off_192")
    assert told.memory is None
    hook, claim, now = (filled(f"{{{key}}}", told, SENTENCES) for key in ("hook", "claim", "now"))
    lost = {e["task"] for e in events("prefix_off_192") if e["ev"] == "abort"}
    assert 0 < int(told.lit) <= len(lost)
    assert hook == f"{told.lit} lost"
    assert claim == f"not cut, {told.after.name}"
    running = len(told.pool(1).tables)
    left = len(told.after.waiting(told.moment))
    assert now == (f"{running}, {left}" if left else f"{running}, none")
    assert running > len(told.pool(0).tables)
    with pytest.raises(
        StageError, match=r"\{empty\} is not known of these traces; write hook, claim"
    ):
        filled("{empty}", told, SENTENCES)


def test_a_memory_for_which_requests_wait() -> None:
    told = facts("prefix_off_192")
    early = replace(told, moment=told.comparison.clock.moment(1))
    assert early.choices["hook"] == "waiting"
    assert early.lit == str(len(early.before.waiting(early.moment)))


def test_sentences_of_rows() -> None:
    text = "{hook}. {claim}. {now}. {before.running} of {requests}"
    assert filled(text, facts(), SENTENCES) == "43 % empty. cut. 24, none. 11 of 90"
    assert facts().lit == "43 %"
    with pytest.raises(StageError, match=r"\{hook\} needs the sentence empty; add it"):
        filled("{hook}", facts(), {})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"before": None}, "a promo compares two traces, and before is missing; add before = a tr"),
        ({"after": None}, "and after is missing"),
        ({"swapped": True}, "whenever requests wait for memory in before, as many run as in after"),
    ],
)
def test_traces_of_which_no_promo_can_be_made(change: dict[str, Any], says: str) -> None:
    told = brand()
    if change.pop("swapped", False):
        change = {"before": told.after, "after": told.before}
    with pytest.raises(BrandError, match=says) as caught:
        Facts.of(replace(told, names=(), **change))
    assert "brand.toml" in str(caught.value)
    assert len(str(caught.value)) <= 300


def test_sentences_of_ones_own_stand_only_where_they_are_so() -> None:
    own = {"done": "{after}: {requests}", "verdict": "{after.end} / {before.end}"}
    assert filled("{done}", facts(), own).endswith(": 90")
    assert filled("{verdict}", facts(), own) == "293 / 461"
    together = facts("prefix_off_192")  # both runs end at the same step
    for key in own:
        with pytest.raises(StageError, match=f"the sentence {key} is not so of these traces"):
            filled(f"{{{key}}}", together, own)
