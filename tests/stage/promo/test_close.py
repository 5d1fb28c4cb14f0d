"""The promo's close part has its places in every shape, and shows what the replay says."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from told import Moment, moments, scene_class

from pagereel.assets import ROOT, TRACES
from pagereel.cache.lookup import Context
from pagereel.stage.layout.places import Area, picture_size
from pagereel.stage.parts.pool import Kind
from pagereel.stage.promo.close.life import LIVING
from pagereel.stage.promo.close.places import close_boxes

if TYPE_CHECKING:
    from pathlib import Path

SIZES = {"wide": (1920, 1080), "tall": (1080, 1920), "square": (1080, 1080)}
# The storyboard: by beat its page tables, the frames that are cached, and who waits.
STATES = {
    "paged-cache": ({"A": (0, 1), "B": (2, 3)}, "", ""),
    "paged-cache-grows": ({"A": (0, 1, 4), "B": (2, 3)}, "", ""),
    "prefix-sharing": ({"A": (0, 1, 4), "B": (2, 3), "C": (0, 1, 5), "D": (0, 1, 6)}, "", "E"),
    "prefix-sharing-counts": (
        {"A": (0, 1, 4), "B": (2, 3), "C": (0, 1, 5), "D": (0, 1, 6)},
        "",
        "E",
    ),
    "page-lookup": ({"A": (0, 1, 4), "B": (2, 3), "C": (0, 1, 5), "D": (0, 1, 6)}, "", "E"),
    "continuous-batching": (
        {"A": (0, 1, 4), "B": (2, 3), "C": (0, 1, 5), "D": (0, 1, 6)},
        "",
        "E",
    ),
    "continuous-batching-moves-up": (
        {"A": (0, 1, 4), "E": (3, 7), "C": (0, 1, 5), "D": (0, 1, 6)},
        "2",
        "",
    ),
    "lru-eviction": ({"E": (3, 7, 5)}, "0 1 2 4 6", ""),
    "lru-eviction-finds": ({"F": (0, 1, 2), "E": (3, 7, 5)}, "4 6", ""),
}
IN_ROWS = 5  # beats; then tasks run in lanes


@pytest.mark.parametrize("look", SIZES)
def test_eight_frames_fill_the_width(look: str) -> None:
    area = Area(*picture_size(*SIZES[look]))
    boxes = close_boxes(area)
    assert len(boxes) == 8
    for box in boxes:
        assert box.width == pytest.approx(box.height)
        assert area.left <= box.left
        assert box.right <= area.right + 1e-9
        assert box.top <= area.top
        assert box.bottom > 0
    assert boxes[-1].right == pytest.approx(area.right)
    for one, other in combinations(boxes, 2):
        assert one.right < other.left or one.bottom > other.top


@pytest.fixture(scope="module")
def told() -> dict[str, Moment]:
    """Play the promo once."""
    found = moments(scene_class("Promo"), size=(960, 540))
    return {now.key: now for now in found if now.key in STATES}


def test_what_is_shown_after_each_beat(told: dict[str, Moment]) -> None:
    assert [*told] == [*STATES]
    for number, (key, now) in enumerate(told.items()):
        tables, cached, waiting = STATES[key]
        assert now.shown.keys() >= LIVING.keys()
        looks, bits, filled = now.shown["pool"]
        (rows, _), lanes = now.shown["rows"], now.shown["running"]
        assert (rows if number < IN_ROWS else lanes) == tables, key
        assert number < IN_ROWS or rows == {}
        assert {**now.state.tables} == tables, key
        assert bits == now.state.mask_literal
        kept = [frame for frame, look in enumerate(looks) if look.kind is Kind.CACHED]
        assert " ".join(map(str, kept)) == cached, key
        assert sorted(now.state.cached) == kept
        assert now.shown["waiting"][0] == (*waiting,) == (*now.state.queued,)
        for frame, look in enumerate(looks):
            if look.kind is Kind.HELD:
                assert set(look.tasks) == {t for t, table in tables.items() if frame in table}
            # A frame that is kept has all its tokens, and a free one has none.
            full = {Kind.CACHED: 4, Kind.FREE: 0}.get(look.kind)
            assert full is None or filled[frame] == full, (key, frame)


def test_the_tokens_of_a_step_are_in_their_slots(told: dict[str, Moment]) -> None:
    filled = {key: now.shown["pool"][2] for key, now in told.items()}
    assert filled["paged-cache"] == (4, 4, 4, 1, 0, 0, 0, 0)  # A has 8 tokens, B 5
    assert filled["paged-cache-grows"] == (4, 4, 4, 2, 1, 0, 0, 0)
    assert filled["page-lookup"] == (4, 4, 4, 3, 2, 1, 2, 0)  # A and D have 10, B 7, C 9


def test_the_look_up_is_that_of_the_page_table(told: dict[str, Moment]) -> None:
    now = told["page-lookup"]
    tokens, asked, page = now.shown["rows"][1]
    context = Context("A", tokens, now.state.tables["A"], 4)
    address = context.address(asked)
    assert (len(tokens), asked, page) == (10, 9, True)
    a = address
    says = f"A’s token {a.position}: page {a.page}, offset {a.offset}. So frame {a.frame}, slot"
    assert now.beat
    assert now.beat.caption == f"{says} {a.slot}."


def test_what_the_captions_count(told: dict[str, Moment]) -> None:
    now = told["prefix-sharing-counts"]
    pages = sum(map(len, now.state.tables.values()))
    assert now.beat
    assert now.beat.caption == f"{pages} pages fit into {len(now.state.holders)} frames."
    waits = told["continuous-batching"]
    assert len(waits.state.free_frames) == 1
    assert waits.shown["waiting"][1] == "needs 2 frames, only 1 is free"


@pytest.mark.slow
@pytest.mark.parametrize(
    "beats",
    [
        ("page-lookup",),
        ("continuous-batching",),
        ("lru-eviction",),
        ("paged-cache", "continuous-batching", "lru-eviction"),
        ("prefix-sharing", "lru-eviction"),
    ],
)
def test_a_beat_that_is_left_out_leaves_no_state_out(
    beats: tuple[str, ...], tmp_path: Path, told: dict[str, Moment]
) -> None:
    brand = tmp_path / "mine.toml"
    text = (ROOT / "brand.toml").read_text(encoding="utf-8")
    text = text.replace("traces/", f"{TRACES}/")
    text = text[: text.index("beats =")] + f"beats = {[*beats]}\n"
    brand.write_text(text, encoding="utf-8")
    found = moments(scene_class("Promo"), size=(960, 540), brand=brand)
    stands = [now for now in found if now.key in STATES]
    assert {now.key for now in stands} == {
        key for key in STATES if any(key.startswith(beat) for beat in beats)
    }
    for now in stands:
        assert now.shown["pool"] == told[now.key].shown["pool"], now.key
        in_lanes = [*STATES].index(now.key) >= IN_ROWS
        lanes = now.shown["running"] if in_lanes else now.shown["rows"][0]
        assert lanes == STATES[now.key][0], now.key
