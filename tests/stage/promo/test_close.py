"""The promo's close part has its places in every shape, and shows what the replay says."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import pytest
from told import Moment, moments, play_scene, scene_class

from pagereel.assets import ROOT, STORIES, TRACES
from pagereel.cache.lookup import Context
from pagereel.check.pytest.golden import compare, write
from pagereel.errors import BrandError, StageError, StoryError
from pagereel.stage.layout.places import Area, picture_size
from pagereel.stage.parts.pool import Kind
from pagereel.stage.promo.close.chapter import CloseUp
from pagereel.stage.promo.close.life import LIVING
from pagereel.stage.promo.close.places import close_boxes
from pagereel.stage.promo.close.rows import OpeningRows
from pagereel.story import Beat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.stage.scene import StoryScene
    from pagereel.story import Story

SIZES = {"wide": (1920, 1080), "tall": (1080, 1920), "square": (1080, 1080)}
SMALL = {look: (width // 2, height // 2) for look, (width, height) in SIZES.items()}
GOLDEN = Path(__file__).parent / "golden" / "close"
FULLEST = "prefix-sharing-counts"
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


def close_part(kind: type[StoryScene]) -> type[StoryScene]:
    """Return a promo of which only the close part is played."""

    def adapt(self: StoryScene, story: Story) -> Story:
        told = kind.adapt(self, story)
        return replace(told, beats=tuple(beat for beat in told.beats if beat.key in STATES))

    acts = [act for chapter in vars(kind)["chapters"] for act in chapter.acts()]
    return type("Promo", (kind,), {"chapters": (CloseUp,), "acts": acts, "adapt": adapt})


@cache
def play(look: str, *, stills: bool = False, brand: Path | None = None) -> dict[str, Moment]:
    """Play the close part."""
    theme = "light" if look == "light" else "dark"
    found = moments(
        close_part(scene_class("Promo")),
        size=SMALL.get(look, SMALL["wide"]),
        theme=theme,
        stills={*STATES} if stills and look != "light" else {FULLEST},
        brand=brand,
    )
    return {now.key: now for now in found}


@pytest.fixture(scope="module")
def told() -> dict[str, Moment]:
    """Play it in the usual shape."""
    return play("wide")


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


def write_brand(path: Path, beats: Sequence[str]) -> Path:
    """Write the usual brand with other beats."""
    text = (ROOT / "brand.toml").read_text(encoding="utf-8").replace("traces/", f"{TRACES}/")
    path.write_text(f"{text[: text.index('beats =')]}beats = {[*beats]}\n", encoding="utf-8")
    return path


def test_an_engine_of_which_nothing_is_explained(tmp_path: Path) -> None:
    brand = write_brand(tmp_path / "mine.toml", [])
    with pytest.raises(BrandError, match=r"mine.toml:\d+: beats names nothing"):
        play("wide", brand=brand)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        ("grow", "a task that takes a further page"),
        ("wait", "a task that has to wait"),
        ("find-again", "a task that arrives"),
    ],
)
def test_an_act_without_its_last_event(act: str, says: str) -> None:
    with pytest.raises(StageError, match=f"the act {act} needs, as its last event, {says}"):
        CloseUp.check(Beat("key", "", 1, 1, (), act=act))


def test_an_act_of_other_events_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    text = (STORIES / "promo.toml").read_text("utf-8").replace("../traces", str(TRACES))
    story = tmp_path / "story.toml"
    story.write_text(text.replace('act = "grow"', 'act = "wait"'), encoding="utf-8")
    says = r"story.toml:\d+: beat 8 \(paged-cache-grows\): the act wait needs, as its last event"
    with pytest.raises(StoryError, match=says):
        play_scene(scene_class("Promo"), size=(192, 108), story=story, only_set_up=True)


def test_a_look_up_needs_tokens() -> None:
    pool, rows = MagicMock(), MagicMock(opened=None, rows={})
    chapter = CloseUp(
        MagicMock(stage=MagicMock(part=lambda kind: rows if kind is OpeningRows else pool))
    )
    with pytest.raises(StageError, match="the act look-up needs a task in the cache"):
        chapter.look_up(Beat("key", "", 1, 1, (), act="look-up"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "beats",
    [
        ("page-lookup",),
        ("continuous-batching",),
        ("paged-cache", "continuous-batching", "lru-eviction"),
        ("prefix-sharing", "lru-eviction"),
    ],
)
def test_a_beat_that_is_left_out_leaves_no_state_out(
    beats: tuple[str, ...], tmp_path: Path, told: dict[str, Moment]
) -> None:
    brand = write_brand(tmp_path / "mine.toml", beats)
    stands = play("wide", brand=brand).values()
    assert {now.key for now in stands} == {
        key for key in STATES if any(key.startswith(beat) for beat in beats)
    }
    for now in stands:
        assert now.shown["pool"] == told[now.key].shown["pool"], now.key
        in_lanes = [*STATES].index(now.key) >= IN_ROWS
        lanes = now.shown["running"] if in_lanes else now.shown["rows"][0]
        assert lanes == STATES[now.key][0], now.key


def check_stills(told: dict[str, Moment], look: str, failed: Path, config: pytest.Config) -> None:
    wrong = []
    for key, now in told.items():
        if now.still:
            golden = GOLDEN / f"{look}-{key}.png"
            if config.getoption("update_golden"):
                write(now.still, golden)
            wrong.append(compare(now.still, golden, failed=failed / golden.name))
    assert wrong
    assert not [*filter(None, wrong)]


def test_the_fullest_picture(
    told: dict[str, Moment], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    check_stills(told, "wide", tmp_path, pytestconfig)


@pytest.mark.slow
@pytest.mark.parametrize("look", ["wide", "tall", "square", "light"])
def test_stills(look: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    check_stills(play(look, stills=True), look, tmp_path, pytestconfig)
