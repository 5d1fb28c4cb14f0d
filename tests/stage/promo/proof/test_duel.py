"""Two pools on one clock show what both traces say, and become one pool again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from manim import config
from raced import SHAPES, replayed
from told import play_scene, still
from traces import event, header, text_of

from pagereel.assets import TRACES
from pagereel.check.pytest.golden import compare, write
from pagereel.compare.comparison import compare_traces
from pagereel.compare.reading import State
from pagereel.film.tape import CACHED, FREE
from pagereel.stage.brand.field import free
from pagereel.stage.layout.arrangement import arrange_foot
from pagereel.stage.layout.places import Area
from pagereel.stage.picture_scene import PictureScene
from pagereel.stage.promo.camera import PoolCamera
from pagereel.stage.promo.close.places import close_boxes
from pagereel.stage.promo.layout import WidePlaces
from pagereel.stage.promo.proof.duel import Duel
from pagereel.stage.promo.travelling import TravellingPool

if TYPE_CHECKING:
    from PIL import Image

PAIR = ("reserved_rows_192.jsonl", "pages_192.jsonl")
FRAMES, COLUMNS = 192, 17
# By beat: the step, and of both runs how many requests run and are done, and how many frames are
# held, and cached.
STATES = {
    "divide": (0, (0, 0, 0, 0), (0, 0, 0, 0)),
    "race": (70, (11, 10, 187, 0), (24, 11, 148, 44)),
    "done": (293, (11, 58, 187, 0), (0, 90, 0, 191)),
    "verdict": (461, (0, 90, 0, 0), (0, 90, 0, 191)),
}
FULLEST = "race"
GOLDEN = Path(__file__).parent / "golden"

# manim's ImageMobject makes images in a way that Pillow will give up.
pytestmark = pytest.mark.filterwarnings(
    "ignore:'mode' parameter for changing data types:DeprecationWarning"
)


class Played(PictureScene):
    """A duel from one free pool to one free pool."""

    key = ""

    def construct(self) -> None:
        """Play it, and rest at the end of each beat."""
        first, second = (TRACES / name for name in PAIR)
        comparison = compare_traces((first, second), ("reserved rows", "pages"))
        area = Area(config.frame_width, config.frame_height)
        whole = WidePlaces.of(area, arrange_foot(area)).memory
        camera = PoolCamera(area, FRAMES, whole, close_boxes(area), COLUMNS)
        pool = TravellingPool(camera, [free(self.theme)] * FRAMES, self.theme.background)
        self.duel = Duel(self, comparison, columns=COLUMNS)
        self.add(pool)
        self.duel.divide(pool, seconds=0.8)
        self.duel.enter(seconds=0.8)
        self.told_beat("divide")
        self.duel.run(comparison.clock.moment(70), seconds=1.0)
        self.told_beat("race")
        self.duel.run(comparison.first_end.moment, seconds=1.0, hurry=5)
        self.duel.drop()
        self.told_beat("done")
        self.duel.run(len(comparison.clock.at) - 1, seconds=0.4)
        self.duel.conclude(seconds=0.6)
        self.told_beat("verdict")
        self.duel.join(pool.stand(), seconds=0.6)
        self.told_beat("joined")

    def told_beat(self, key: str) -> None:
        """Rest at the end of a beat."""
        self.key = key
        self.wait(0.2)


@dataclass(frozen=True)
class Shown:
    """What there is at the end of a beat: by part, boxes of frames, what is drawn, a picture."""

    shown: dict[str, Any]
    boxes: tuple[Any, ...]
    mobjects: list[type]
    still: Image.Image | None


@cache
def played(look: str, stills: frozenset[str]) -> dict[str, Shown]:
    size, theme = SHAPES[look]
    found: dict[str, Shown] = {}

    def at_rest(scene: Any) -> None:
        if "Wait" in str(scene.animations):
            drawn = still(scene) if scene.key in stills else None
            boxes = tuple(scene.duel.boxes())
            seen = [type(each) for each in scene.mobjects if each.submobjects or each.has_points()]
            found[scene.key] = Shown(scene.duel.shown, boxes, seen, drawn)

    play_scene(cast("Any", Played), size=size, theme=theme, at_rest=at_rest)
    return found


def test_what_is_shown_after_each_beat_is_the_replayed_state() -> None:
    told = played("wide", frozenset({FULLEST}))
    runs = [replayed(name, {step for step, *_ in STATES.values()}) for name in PAIR]
    for key, (step, *expected) in STATES.items():
        shown = told[key].shown
        assert shown["clock"] == f"step {step}"
        for side, run in enumerate(runs):
            now = run[step]
            held, running, finished, *_ = now.numbers
            assert (running, finished, held, len(now.cached)) == expected[side], (key, side)
            owners, done = shown["pools"][side]
            assert done == str(finished)
            assert {n for n, owner in enumerate(owners) if owner == CACHED} == now.cached
            assert sum(owner not in (CACHED, FREE) for owner in owners) == held
            states = Counter(shown["strips"][side])
            assert states[State.FINISHED] == finished
            assert states[State.RUNNING] == running
            assert states[State.WAITING] == len(now.doing) - running - finished
    assert told["race"].shown["plate"] is None
    assert told["done"].shown["plate"] == (1, "at step 293")
    assert told["verdict"].shown["numbers"] == ("461", "293", "steps")


def test_one_pool_becomes_two_and_one_again() -> None:
    told = played("wide", frozenset({FULLEST}))
    left, right = told["divide"].boxes
    assert len({*left[:, 1]}) == -(-FRAMES // COLUMNS)  # a row is a row
    assert np.allclose(right - left, (right - left)[0])
    assert left[:, 2].max() < right[:, 0].min()
    assert told["joined"].mobjects == [TravellingPool]


class Uneven(PictureScene):
    """One pool of 16 frames becomes two, of which one has four large frames; and one again."""

    files: tuple[Path, Path]

    def construct(self) -> None:
        """Play it."""
        area = Area(config.frame_width, config.frame_height)
        whole = WidePlaces.of(area, arrange_foot(area)).memory
        camera = PoolCamera(area, 16, whole, close_boxes(area, 4))
        pool = TravellingPool(camera, [free(self.theme)] * 16, self.theme.background)
        duel = self.duel = Duel(self, compare_traces(self.files), columns=camera.columns)
        duel.divide(pool, seconds=0.2)
        duel.run(duel.comparison.first_end.moment, seconds=0.2)
        duel.conclude(seconds=0.2)
        duel.join(pool.stand(), seconds=0.2)


def test_pools_of_different_sizes_become_one(tmp_path: Path) -> None:
    files = tmp_path / "rows.jsonl", tmp_path / "pages.jsonl"
    for path, frames in zip(files, (4, 16), strict=True):
        lines = (
            event(1, "submit", "R1", step=1, tokens=4),
            event(2, "arrive", "R1", step=1, tokens=4, frames=[0]),
            event(3, "finish", "R1", step=5),
        )
        path.write_text(text_of(header(frames=frames, page_size=64 // frames), *lines))
    seen: list[Uneven] = []
    uneven: Any = type("Uneven", (Uneven,), {"files": files})
    play_scene(uneven, size=(192, 108), theme="dark", at_rest=cast("Any", seen.append))
    assert [len(boxes) for boxes in seen[-1].duel.boxes()] == [4, 16]
    assert [type(each) for each in seen[-1].mobjects if each.submobjects] == [TravellingPool]


@pytest.mark.parametrize(
    "look", ["one", *(pytest.param(look, marks=pytest.mark.slow) for look in SHAPES)]
)
def test_stills(look: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    keys = {FULLEST} if look in ("one", "light") else {*STATES}
    told = played("wide" if look == "one" else look, frozenset(keys))
    wrong = []
    for key in keys:
        picture, path = told[key].still, GOLDEN / f"{look}-{key}.png"
        assert picture
        if pytestconfig.getoption("update_golden"):
            write(picture, path)
        wrong.append(compare(picture, path, failed=tmp_path / path.name))
    assert not [*filter(None, wrong)]
