"""The promo's proof: every number on screen is that of both traces, replayed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from raced import SHAPES, Replayed, replayed
from told import play_scene, scene_class, still

from pagereel.assets import STORIES, TRACES
from pagereel.check.pytest.golden import compare, write
from pagereel.stage.brand.field import free
from pagereel.stage.promo.proof.chapter import Proof

if TYPE_CHECKING:
    from manim import Mobject
    from PIL import Image

    from pagereel.stage.promo.scene import PromoScene

PAIR = ("reserved_rows_192.jsonl", "pages_192.jsonl")
# The storyboard: by beat the clock, and what is said.
SAID = {
    "divide": ("step 0", "The same 90 requests, the same memory, one clock."),
    "race": ("step 70", "reserved rows: 11 at once. pages: 24."),
    "race-on": ("step 293", ""),
    "done": (
        "step 293",
        "pages: all 90 requests are done. reserved rows: 32 are not done yet.",
    ),
    "run-out": ("step 461", ""),
    "verdict": ("step 461", "293 steps instead of 461."),
    "end": ("step 461", ""),
}
SMALL = (192, 108), "dark"
GOLDEN = Path(__file__).parent / "golden"

# manim's ImageMobject makes images in a way that Pillow will give up.
pytestmark = pytest.mark.filterwarnings(
    "ignore:'mode' parameter for changing data types:DeprecationWarning"
)


@dataclass
class Told:
    """What there is at the end of a beat: the caption, by part what it shows, what is drawn."""

    caption: str
    shown: dict[str, Any]
    drawn: list[Mobject]
    scene: PromoScene
    still: Image.Image | None = None


@cache
def played(folder: Path, look: str = "small", still_of: str = "") -> dict[str, Told]:
    """Play the beats of the promo from the one on in which the pool becomes two."""
    head, *beats = (STORIES / "promo.toml").read_text("utf-8").split("[[beats]]")
    chosen = [beat for beat in beats if any(f'key = "{key}"' in beat for key in SAID)]
    # What happens to the eight frames is over.
    chosen[0] = chosen[0].replace('act = "divide"', 'act = "divide"\nthrough = 21')
    story = folder / f"{look}.toml"
    head = head.replace("../traces/promo.jsonl", str(TRACES / "promo.jsonl"))
    story.write_text("[[beats]]".join([head, *chosen]), "utf-8")
    size, theme = SHAPES.get(look, SMALL)
    found: dict[str, Told] = {}

    def at_rest(scene: Any) -> None:
        key = scene.renderer.file_writer.sections[-1].name
        (caption,) = (beat.caption for beat in scene.story.beats if beat.key == key)
        found[key] = Told(caption, scene.chapter(Proof).duel.shown, [*scene.mobjects], scene)
        if key == still_of:
            found[key].still = still(scene)

    promo: Any = scene_class("Promo")
    late = type("Promo", (promo,), {"begin": lambda _: None})  # the opening is over
    play_scene(late, size=size, theme=theme, story=story, at_rest=at_rest)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("promo")


def test_every_number_is_replayed(folder: Path) -> None:
    told = played(folder)
    assert {key: (now.shown["clock"], now.caption) for key, now in told.items()} == SAID
    steps = {int(clock.removeprefix("step ")) for clock, _ in SAID.values()}
    rows, pages = (replayed(name, steps) for name in PAIR)

    def running(now: Replayed) -> int:
        return now.numbers[1]

    def done(now: Replayed) -> int:
        return now.numbers[2]

    assert f"{running(rows[70])} at once. pages: {running(pages[70])}." in told["race"].caption
    left = len(rows[293].doing) - done(rows[293])
    assert told["done"].caption.endswith(f"{left} are not done yet.")
    assert f"all {done(pages[293])} requests" in told["done"].caption
    assert told["done"].shown["plate"] == (1, "at step 293")
    assert told["run-out"].shown["plate"] == (1, "at step 293")
    assert told["verdict"].shown["numbers"] == ("461", "293", "steps")
    for now in told.values():
        step = int(now.shown["clock"].removeprefix("step "))
        counts = [number for _, number in now.shown["pools"]]
        assert counts == [str(done(rows[step])), str(done(pages[step]))]


def test_in_the_end_the_pool_is_around_the_card(folder: Path) -> None:
    told = played(folder)
    scene = told["end"].scene
    proof = scene.chapter(Proof)
    assert [each for each in told["end"].drawn if each.submobjects] == proof.card.mobjects
    shown = [cell for cell in proof.pool.shown if cell.rim != scene.theme.background]
    assert len(shown) == 8 * 17
    assert shown[0] == shown[-1] == free(scene.theme)


@pytest.mark.slow
@pytest.mark.parametrize("look", ["wide", "tall", "square"])
def test_stills_of_the_end(
    look: str, folder: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    picture, path = played(folder, look, "end")["end"].still, GOLDEN / f"{look}-end.png"
    assert picture
    if pytestconfig.getoption("update_golden"):
        write(picture, path)
    assert not compare(picture, path, failed=tmp_path / path.name)
