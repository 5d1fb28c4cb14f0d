"""Animations of parts that are stateless: a process that draws other plays jumps over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from manim import Animation, Square, VGroup
from replays import board_of, photograph
from told import scene_class

from pagereel.assets import TRACES
from pagereel.compare.comparison import compare_traces
from pagereel.compare.race import plan_race, run_through
from pagereel.fast.draw.playing import _STATELESS
from pagereel.stage.brand.field import Cell, free
from pagereel.stage.compare.board import RaceBoard
from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.batch import WaitingPlaces
from pagereel.stage.layout.places import Anchor, Area, Region, Spot, picture_size
from pagereel.stage.layout.race import race as race_layout
from pagereel.stage.part import Stage
from pagereel.stage.parts.batch.badge import Badge, Move
from pagereel.stage.parts.connector import Connect, Connector
from pagereel.stage.parts.eviction.flight import Fall, Sight, TileFlight
from pagereel.stage.parts.lookup.path import Chip, Drop
from pagereel.stage.parts.memory.bar import Bar, Piece, Texture
from pagereel.stage.parts.memory.wipe import _Wipe
from pagereel.stage.parts.sharing.counts import Counting, Phrase, Word
from pagereel.stage.parts.sharing.path import Draw, TaskPath
from pagereel.stage.parts.slots.flight import Flight, Token, _Land, flight_curve
from pagereel.stage.parts.slots.hatching import Hatching, Refit, Sweep
from pagereel.stage.promo.camera import PoolCamera
from pagereel.stage.promo.memory import Memory, Row
from pagereel.stage.promo.rows import Brighten, Cut, MemoryRows
from pagereel.stage.promo.travelling import TravellingPool
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import DARK

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import VMobject

    from pagereel.stage.part import Parts

RED = "#ff0000"
SIZE = (960, 540)
PLACE, OTHER = Region(-1, 1, 1, 0), Region(0, 3, 0.5, 1)
CURVE = flight_curve((0, 0), (2, 1))


def token() -> Token:
    return Token("to", color=RED, theme=DARK, cap=0.3, at=(0, 0))


def badge(x: float) -> Badge:
    label = Spot.at(0, 0, 0.2, width=1, align=0)
    places = WaitingPlaces(
        *(0, 1, 3, 0), label=label, x=0, y=0, pitch=1, size=1, wide=1, cap=0.3, text_cap=0.2
    )
    return Badge("A", (x, 0), places=places, color=RED, theme=DARK, waits=x == 0)


def chip() -> Chip:
    return Chip("page 2", PLACE, cap=0.2, color=RED, theme=DARK)


def bar() -> Bar:
    pieces = [Piece("a", 2, Texture.SOLID, RED), Piece("b", 1, Texture.HATCHED, RED)]
    return Bar(PLACE, pieces, total=4)


def counting() -> Counting:
    phrase = Phrase(Spot.at(0, 0, 0.3, width=9, align=-1))
    phrase.say([Word("1", RED), Word("page", RED)])
    return Counting(phrase, {n: [Word(str(n), RED), Word("pages", RED)] for n in (1, 5, 12)})


def draw() -> Draw:
    path = TaskPath(RED)
    path.draw((((0, 0), (2, 0), (2, 2)),))
    return Draw(path, (((0, 0), (3, 0), (3, 2)),), (0.2, 0.7))


def memory() -> MemoryRows:
    rows = Row("a", 0, range(4), 7), Row("b", 1, range(4, 8), 12)
    return MemoryRows(Memory(9, 4, rows, ()), DARK, PLACE)


def pool() -> TravellingPool:
    eye = PoolCamera(Area(16, 9), 12, Region(-7, 4, 7, -1), [PLACE, OTHER], 6)
    return TravellingPool(eye, [free(DARK)] * 12, RED)


def race() -> tuple[RaceBoard, Callable[[float], None]]:
    comparison = compare_traces((TRACES / "reserved_rows_192.jsonl", TRACES / "pages_192.jsonl"))
    told = plan_race(comparison, 20, lambda _: 3.0)
    parts: Parts = scene_class("Compare").parts
    arrangement = Arrangement(race_layout)
    board = RaceBoard(
        told, Stage(parts, told, size=picture_size(*SIZE), theme=DARK, arrangement=arrangement)
    )
    return board, board.follow(run_through(comparison, 0, 150, seconds=5))


EXAMPLES: dict[str, Callable[[], Animation]] = {
    "sight": lambda: Sight(Square(), (0.2, 0.6), stays=True),
    "tile": lambda: TileFlight(
        VGroup(Square()), ((0, 0), (2, 3)), size=1, color=RED, span=(0.1, 0.5), stays=True
    ),
    "fall": lambda: Fall(VGroup(Square()), (-1, -2)),
    "sweep": lambda: Sweep(Hatching(PLACE, color=RED)),
    "refit": lambda: Refit(Hatching(PLACE, color=RED), OTHER),
    "flight": lambda: Flight(token(), CURVE),
    "land": lambda: _Land(
        token(), Label("to", Face.SERIF, cap=0.2, color=RED).put(2, 1), CURVE, fresh=True
    ),
    "connect": lambda: Connect(
        Connector(Anchor((0, 0)), Anchor((1, 2)), color=RED, background=RED)
    ),
    "drop": lambda: Drop(chip(), CURVE),
    "move": lambda: Move(badge(0), badge(3)),
    "draw": draw,
    "counting": counting,
    "wipe": lambda: _Wipe([Square()], RED),
    "cut": lambda: Cut(memory()),
    "brighten": lambda: Brighten(memory().rows[0]),
    "travelling": lambda: pool().travel(close=0.8, parted=1),
    "changing": lambda: pool().change([Cell(RED, RED)] * 12),
    "reflow": lambda: bar().grow({"a": 1, "b": 3}),
}


def shapes(animation: Animation) -> list[tuple[int, bytes, bytes, bytes]]:
    return [
        (number, each.points.tobytes(), each.fill_rgbas.tobytes(), each.stroke_rgbas.tobytes())
        for number, each in enumerate(cast("list[VMobject]", animation.mobject.get_family()))
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_ends_alike_whatever_was_shown_before(name: str) -> None:
    ends = []
    for steps in ((), (0.05, 0.3, 0.55, 0.9)):
        animation = EXAMPLES[name]()
        animation.begin()
        family = animation.mobject.get_family()
        for alpha in steps:
            animation.interpolate(alpha)
        animation.finish()
        assert animation.mobject.get_family() == family  # so nobody has to look for new ones
        ends.append(shapes(animation))
    assert ends[0] == ends[1]


def test_each_stateless_animation_of_a_part_has_an_example() -> None:
    ours = {kind for kind in _STATELESS if kind.__module__.startswith("pagereel.")}
    assert ours == {type(make()) for make in EXAMPLES.values()}


# manim's ImageMobject makes images in a way that Pillow will give up.
@pytest.mark.filterwarnings("ignore:'mode' parameter for changing data types:DeprecationWarning")
@pytest.mark.parametrize("kind", ["replay", "race"])
def test_a_board_ends_alike_whatever_was_shown_before(kind: str) -> None:
    ends = []
    for steps in ((0.0, 1.0), (0.0, 0.2, 0.21, 0.5, 0.8, 1.0)):
        with board_of(TRACES / "pages_192.jsonl", SIZE) as replay:
            stretch = replay.follow(replay.film.shots[0])
            board, show = (replay, stretch) if kind == "replay" else race()
            for share in steps:
                show(share)
            ends.append(photograph(board.standing, board.moving))
    assert (ends[0] == ends[1]).all()
