"""The promos: what is seen at the end of each beat of their wide part, and what is said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from told import Moment, moments, play_scene, scene_class

from pagereel.assets import ROOT, STORIES, TRACES
from pagereel.errors import PagereelError, StoryError
from pagereel.languages import wide_letters
from pagereel.stage.brand.field import cached, free
from pagereel.stage.promo.close.places import close_boxes
from pagereel.stage.promo.opening import Opening
from pagereel.stage.promo.short import Brief
from pagereel.trace import follow, open_trace
from tests.scenes.conftest import GOLDEN, SIZES, differing

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.stage.picture_scene import PictureScene
    from pagereel.stage.promo.wide import WholeMemory
    from tests.scenes.conftest import Golden

pytestmark = pytest.mark.filterwarnings(
    "ignore:'mode' parameter for changing data types:DeprecationWarning"
)
WAITING = (
    *("R29", "R50", "R30", "R62", "R52", "R56", "R31"),
    *("R55", "R74", "R85", "R15", "R20", "R4", "R86"),
)
KINDS = {"Promo": Opening, "PromoShort": Brief}
OPENING = {"hook", "empty", "claim", "run", "title", "push-in", "pull-back"}
CHINESE = {"hook", "title", "page-lookup", "continuous-batching", "done", "verdict", "end"}
CHINESE_SHORT = {"empty", "run", "race", "end"}


@dataclass(frozen=True)
class Seen:
    """What the whole memory looks like at a rest of a beat."""

    time: float
    rows: Any
    cells: tuple[Any, ...]
    boxes: Any
    on_screen: frozenset[str]


@cache
def played(
    name: str, shape: str = "wide", brand: Path | None = None, theme: str = "dark"
) -> tuple[Any, dict[str, Seen]]:
    """Play a promo; return it, and what is seen at the last rest of each beat."""
    seen: dict[str, Seen] = {}

    def look(scene: PictureScene) -> None:
        memory: WholeMemory = scene.chapter(KINDS[name]).memory  # type: ignore[attr-defined]
        there = {id(each) for each in scene.mobjects}
        shown = {
            "rows": memory.rows is not None and id(memory.rows.rows[0]) in there,
            "pool": id(memory.pool) in there,
            "chips": any(id(chip) in there for chip in memory.chips.chips),
        }
        key = scene.renderer.file_writer.sections[-1].name
        seen[key] = Seen(
            scene.time,
            memory.rows and memory.rows.shown,
            memory.pool.shown,
            memory.pool.boxes.copy(),
            frozenset(name for name, is_there in shown.items() if is_there),
        )

    kind = scene_class(name)
    scene = play_scene(kind, size=SIZES[shape], theme=theme, brand=brand, at_rest=look)
    return scene, seen


def counted(trace: Path, step: int) -> tuple[int, int]:
    """Return how many requests wait, and how many run, after a step of a trace."""
    with open_trace(trace) as found:
        ledgers = [
            (len(ledger.queued), len(ledger.tables))
            for record, ledger in follow(found)
            if (record.step or 0) <= step
        ]
    return ledgers[-1]


def said(scene: Any) -> list[str]:
    return [caption.content for caption in scene.renderer.file_writer.subcaptions]


def test_the_short_shows_the_memory_and_says_what_is_so() -> None:
    scene, seen = played("PromoShort", "square")
    facts, theme = scene.facts, scene.theme
    memory = scene.chapter(Brief).memory
    assert seen["hook"].on_screen == {"rows", "chips"}
    assert memory.chips.shown == facts.before.waiting(facts.moment) == WAITING
    owners = [each[0] for each in seen["hook"].rows if each]
    rows = facts.pool(0).tables
    assert {task: owners.count(task) for task in owners} == {t: len(f) for t, f in rows.items()}
    assert len(rows) == 11
    cells = seen["run"].cells
    held = {frame for table in facts.pool(1).tables.values() for frame in table}
    assert "pool" in seen["run"].on_screen
    assert "chips" not in seen["divide"].on_screen
    assert (len(held), len(facts.pool(1).cached)) == (148, 44)
    for frame, cell in enumerate(cells):
        users = sum(frame in table for table in facts.pool(1).tables.values())
        if frame in held:
            assert cell.dots == (min(users, 4) if users > 1 else 0)
        else:
            assert cell == (cached(theme) if frame in facts.pool(1).cached else free(theme))
    assert said(scene) == [
        "This memory is full.",
        "43 % of it holds no token.",
        "Cut into pages, 24 run at once.",
        "The same memory. The same 90 requests.",
    ]
    assert scene.time == pytest.approx(15.0, abs=0.01)
    # Its last image is its first one.
    assert seen["again"].on_screen == {"rows"}
    assert seen["again"].rows == seen["hook"].rows


@pytest.mark.slow
@pytest.mark.parametrize("shape", SIZES)
def test_the_opening_goes_from_the_full_memory_to_eight_frames(shape: str) -> None:
    scene, seen = played("Promo", shape)
    eight = [(box.left, box.top, box.right, box.bottom) for box in close_boxes(scene.area)]
    assert seen["push-in"].boxes[:8] == pytest.approx(np.array(eight))
    assert seen["push-in"].cells == (free(scene.theme),) * 192
    assert seen["title"].cells == seen["run"].cells
    assert seen["title"].boxes[102, 1] < seen["run"].boxes[102, 1]  # the lower half has moved
    assert said(scene)[:4] == [
        "This memory is full.",
        "43 % of it holds no token.",
        "The same memory, cut into pages.",
        "Now 24 run at once, and nobody waits.",
    ]
    assert {"hook": 2.0, "empty": 4.0, "claim": 6.4}.items() <= {
        key: round(each.time, 1) for key, each in seen.items()
    }.items()
    assert 82.5 <= scene.time <= 85.5


MINE = """\
name = "Mine"
before = "{traces}/{before}.jsonl"
after = "{traces}/pages_192.jsonl"
names = ["none", "pages"]
close = "{traces}/promo.jsonl"
beats = [{beats}]
"""


def my_brand(folder: Path, before: str = "prefix_off_192", beats: str = '"paged-cache"') -> Path:
    file = folder / "mine.toml"
    file.write_text(MINE.format(traces=TRACES, before=before, beats=beats), encoding="utf-8")
    return file


@pytest.mark.slow
def test_a_brand_that_reserved_no_rows_says_otherwise(tmp_path: Path) -> None:
    scene, seen = played("PromoShort", "square", my_brand(tmp_path))
    memory = scene.chapter(Brief).memory
    assert memory.rows is None
    lost = scene.facts.lit
    running = len(scene.facts.pool(1).tables)
    assert said(scene)[1:3] == [
        f"{lost} requests were given up.",
        f"pages: {running} run at once.",
    ]
    assert seen["run"].cells == (*memory.full,)


@pytest.mark.slow
def test_the_second_brand_tells_what_its_traces_show() -> None:
    brand = ROOT / "brands" / "tidepool.toml"
    scene, _ = played("Promo", "wide", brand, "light")
    step = scene.facts.step
    (waiting, before), (_, after) = (
        counted(TRACES / f"tidepool_{which}.jsonl", step) for which in ("off", "on")
    )
    captions = said(scene)
    assert captions[:4] == [
        "This memory is full.",
        f"{waiting} requests wait.",
        "The same memory, shared pages.",
        f"Now {after} run at once, and nobody waits.",
    ]
    assert f"every page anew: {before} at once. shared pages: {after}." in captions
    assert not any("token 9" in caption for caption in captions)  # it does no page-lookup


def pictures(told: list[Moment], shape: str) -> dict[str, Any]:
    return {f"{shape}-{now.key}.png": now.still for now in told if now.still}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SIZES)
def test_stills_of_the_opening(shape: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """The other beats are held by the tests of their parts."""
    told = moments(scene_class("Promo"), size=SIZES[shape], stills=OPENING)
    assert {now.key for now in told if now.still} == OPENING
    assert not differing(pictures(told, shape), GOLDEN / "Promo", tmp_path, pytestconfig)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "shape", "stills"),
    [
        ("Promo", "wide", {*CHINESE}),
        ("Promo", "tall", {"done"}),
        ("Promo", "square", {"done"}),
        ("PromoShort", "tall", {*CHINESE_SHORT}),
        ("PromoShort", "square", {*CHINESE_SHORT}),
    ],
)
def test_the_promo_in_chinese(
    name: str, shape: str, stills: set[str], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    story = STORIES / {"Promo": "promo_zh.toml", "PromoShort": "promo_short_zh.toml"}[name]
    scenes: list[Any] = []
    told = moments(
        scene_class(name),
        size=SIZES[shape],
        story=story,
        brand=ROOT / "brands" / "astrai_zh.toml",
        stills=stills,
        scenes=scenes,
    )
    english, _ = played(name, shape)
    chinese = said(scenes[0])
    for ours, theirs in zip(chinese, said(english), strict=True):
        assert wide_letters(ours)
        # A written number of one is a word in the other.
        assert set(re.findall(r"[0-9]{2,}", ours)) == set(re.findall(r"[0-9]{2,}", theirs))
    drawn, folder = pictures(told, shape), GOLDEN / f"{name}-{story.stem}"
    assert drawn
    assert not differing(drawn, folder, tmp_path, pytestconfig)


STORY = (STORIES / "promo_short.toml").read_text("utf-8").replace("../traces", str(TRACES))


@pytest.mark.parametrize(
    ("change", "beats", "says"),
    [
        (("{claim}", "{tokens} a second"), "", "beat 4 (run): {tokens} is not known of these"),
        (('rows = "Cut', 'row = "Cut'), "", "unknown key 'row'"),
        (('rows = "Cut', 'some = "Cut'), "", "beat 4 (run): {claim} needs the sentence rows"),
        (('act = "race"', 'act = "rase"'), "", "PromoShort has no act 'rase'; did you mean race?"),
        (("", ""), '"copy-on-write"', "the engine does not do copy-on-write: in promo.jsonl"),
    ],
)
def test_what_cannot_be_told_is_refused(
    change: tuple[str, str], beats: str, says: str, tmp_path: Path
) -> None:
    story = tmp_path / "story.toml"
    assert change[0] in STORY
    story.write_text(STORY.replace(*change), encoding="utf-8")
    brand = my_brand(tmp_path, "reserved_rows_192", beats)
    with pytest.raises(PagereelError) as caught:
        play_scene(scene_class("PromoShort"), size=SIZES["square"], story=story, brand=brand)
    assert says in str(caught.value)
    assert len(str(caught.value)) <= 300


def test_a_promo_of_another_life_is_refused(tmp_path: Path) -> None:
    brand = my_brand(tmp_path, "reserved_rows_192", "")
    text = brand.read_text("utf-8").replace("/promo.jsonl", "/three_tasks.jsonl")
    brand.write_text(text, encoding="utf-8")
    with pytest.raises(StoryError, match=r"explains other events than three_tasks.jsonl") as caught:
        play_scene(scene_class("Promo"), size=SIZES["wide"], brand=brand)
    assert "promo.toml:" in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("look", [*SIZES, "light"])
def test_stills_of_the_short(golden: Golden, look: str) -> None:
    golden("PromoShort", look, fullest="race")
