"""Compare shows what two traces say, in their own numbers, and their mirror image if swapped."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from manim import FadeOut
from raced import FULLEST, PAIR, SHAPES, beats, golden, replayed
from told import play_scene, scene_class

from pagereel.assets import ROOT
from pagereel.compare.reading import State
from pagereel.film.tape import CACHED, FREE
from pagereel.stage.compare.requests import RequestStrips
from tests.scenes.conftest import differing

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from manim import Animation

    from pagereel.stage.scene import StoryScene

# The storyboard: by beat the step, and of both runs the frames held, running, finished, given up,
# tokens prefilled.
STATES = {
    "opening": ("step 0", (0, 0, 0, 0, 0), (0, 0, 0, 0, 0)),
    "share": ("step 9", (30, 3, 0, 0, 444), (24, 3, 0, 0, 348)),
    "lost": ("step 64", (192, 20, 10, 0, 3616), (130, 20, 10, 0, 2048)),
    "after": ("step 65", (184, 19, 10, 2, 3726), (133, 21, 10, 0, 2062)),
    "gap": ("step 72", (192, 20, 12, 4, 4324), (142, 24, 12, 0, 2308)),
    "end": ("step 293", (0, 0, 73, 17, 11344), (0, 0, 90, 0, 6240)),
    "result": ("step 293", (0, 0, 73, 17, 11344), (0, 0, 90, 0, 6240)),
}
KEYS = ("running", "finished", "given_up", "prefilled")


# manim's ImageMobject makes images in a way that Pillow will give up.
pytestmark = pytest.mark.filterwarnings(
    "ignore:'mode' parameter for changing data types:DeprecationWarning"
)


def test_what_is_shown_after_each_beat_is_the_replayed_state() -> None:
    told = beats()
    assert [*told] == [*STATES]
    steps = {int(clock.removeprefix("step ")) for clock, *_ in STATES.values()}
    runs = [replayed(name, steps) for name in PAIR]
    for key, (clock, *numbers) in STATES.items():
        shown = told[key].shown
        assert shown["clock"] == clock, key
        for side, run in enumerate(runs):
            now = run[int(clock.removeprefix("step "))]
            owners, held = shown["pools"][side]
            scales = [shown["scales"][name][side] for name in KEYS]
            said = tuple(int(text.replace(",", "")) for text in (held, *scales))
            assert said == now.numbers == numbers[side], (key, side)
            of_stay: dict[int, set[int]] = {}
            for frame, owner in enumerate(owners):
                of_stay.setdefault(owner, set()).add(frame)
            assert of_stay.pop(CACHED, set()) == now.cached
            of_stay.pop(FREE, None)
            assert all(
                any(own <= table for table in now.tables.values()) for own in of_stay.values()
            )
            assert Counter(shown["strips"][side]) == Counter(
                {State.TO_COME: 90 - len(now.doing)} if len(now.doing) < 90 else {}
            ) + Counter(now.doing.values())
        assert shown["curve"][0] == float(clock.removeprefix("step "))


def test_what_the_stops_speak_of() -> None:
    """The storyboard's frames of R23 and R52, and its four numbers of the result."""
    race = beats()["share"].shown
    assert race["plate"] is None
    headlines, boxes, _ = beats()["result"].shown["card"]
    assert headlines == ("17 of 90 requests are given up.", "all 90 requests finish.")
    assert boxes[:3] == (
        ("tokens prefilled", "11,344", "6,240", "45 % fewer"),
        ("running, mean of all steps", "12.6", "15.5", "23 % more"),
        ("peak of frames held", "192", "187", "5 fewer"),
    )


@pytest.mark.slow
def test_swapped_files_give_the_mirror_image() -> None:
    told, mirrored = beats(), beats(size=(192, 108), traces=PAIR[::-1], stills=frozenset())
    assert [*told] == [*mirrored]
    for key, beat in told.items():
        shown, swapped = beat.shown, mirrored[key].shown
        assert shown["pools"] == swapped["pools"][::-1]
        assert shown["strips"] == swapped["strips"][::-1]
        assert shown["curve"] == swapped["curve"]
        assert shown["clock"] == swapped["clock"]
        for name, texts in shown["scales"].items():
            assert texts == swapped["scales"][name][::-1]
    assert told["result"].shown["card"][0] == mirrored["result"].shown["card"][0]


@pytest.mark.slow
def test_the_cards_of_a_brand_come_once() -> None:
    kind: Any = scene_class("Compare")
    told = type("Compare", (kind,), {"default_traces": ("pool_pressure.jsonl", "preempt.jsonl")})
    held: list[str] = []

    def look(scene: StoryScene) -> None:
        if "Wait" in str(scene.animations):
            held.append(scene.renderer.file_writer.sections[-1].name)

    brand = ROOT / "brands" / "tidepool.toml"
    play_scene(told, size=(192, 108), theme=None, brand=brand, at_rest=look)
    assert (held[0], held[-1]) == ("brand-opening", "brand-closing")
    assert (held.count("brand-opening"), held.count("brand-closing")) == (1, 1)


@pytest.mark.parametrize(
    "look", ["one", *(pytest.param(look, marks=pytest.mark.slow) for look in SHAPES)]
)
def test_stills(look: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    size, theme = SHAPES.get(look, SHAPES["wide"])
    keys = {FULLEST} if look in ("one", "light") else {*STATES}
    told = beats() if look == "one" else beats(size=size, theme=theme, stills=frozenset(keys))
    paths = {key: golden(look, key) for key in keys}
    drawn = {path.name: still for key, path in paths.items() if (still := told[key].still)}
    (folder,) = {path.parent for path in paths.values()}
    assert len(drawn) == len(keys)
    assert not differing(drawn, folder, tmp_path, pytestconfig)


def test_strips_come_to_the_card_when_nothing_else_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind: Any = scene_class("Compare")
    scene = play_scene(kind, size=(192, 108), only_set_up=True)
    moves: list[Animation] = []

    def take(*played: Animation, seconds: float) -> None:
        moves.extend(played)
        raise InterruptedError(seconds)

    came: list[float] = []
    monkeypatch.setattr(scene, "move", take)
    monkeypatch.setattr(RequestStrips, "to_card", lambda _, share: came.append(share))
    with pytest.raises(InterruptedError):
        scene.result()
    leaving = [move for move in moves if isinstance(move, FadeOut)]
    assert leaving
    for move in moves:
        move.begin()
    for share in (0.1, 0.3, 0.5, 0.7, 1.0):
        for move in moves:
            move.interpolate(share)
        left: list[Any] = [part for move in leaving for part in move.mobject.get_family()]
        fills = [part.get_fill_opacity() for part in left]
        assert (came[-1] > 0) == (max(fills) < 1e-9) == (share > 0.4)
