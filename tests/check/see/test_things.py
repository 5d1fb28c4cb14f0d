"""What a viewer sees as one thing, what it says, and whether it has changed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from manim import (
    DEGREES,
    WHITE,
    Arrow,
    Camera,
    Cube,
    DashedLine,
    Dot,
    NumberLine,
    Square,
    Text,
    ThreeDCamera,
    VGroup,
    VMobject,
)

from pagereel.check.see.parts import Role
from pagereel.check.see.things import Motion, Names, drawn_parts


class Worded(VGroup):
    """As a text of another library is: letters, and an attribute that says what they say."""

    text = "said  by\nletters"

    def __init__(self) -> None:
        super().__init__(*Text("said by letters"))


class Traced(VMobject):
    """As our labels are: one outline of all letters."""

    def __init__(self) -> None:
        super().__init__(fill_opacity=1)
        self.text = "in one"
        self.set_points(Text("L")[0].points)


@pytest.fixture(scope="module")
def camera() -> Camera:
    return Camera(pixel_width=160, pixel_height=90)


def test_a_dashed_line_is_one_thing_and_a_group_is_many(camera: Camera) -> None:
    dashed, group = DashedLine(), VGroup(Square(), Dot())
    wholes = [whole.mobject for _, whole in drawn_parts(camera, [dashed, group], Names())]
    assert {*map(id, wholes)} == {id(dashed), id(group[0]), id(group[1])}


def test_parts_have_their_roles(camera: Camera) -> None:
    arrow, line = Arrow(), NumberLine()
    roles = {
        id(mobject): whole.role for mobject, whole in drawn_parts(camera, [arrow, line], Names())
    }
    assert roles[id(arrow)] is Role.PLAIN
    assert roles[id(arrow.tip)] is Role.TIP
    assert roles[id(line.ticks[0])] is Role.SCALE


def test_a_box_that_knows_what_is_written_in_it_is_no_text(camera: Camera) -> None:
    square = Square()
    texts_within = Text("in it"), Worded(), Traced()
    for box in (square, *(VGroup(square, text) for text in texts_within)):
        cast("Any", box).text = "in it"
        wholes = [whole for _, whole in drawn_parts(camera, [box], Names())]
        texts = {id(whole.mobject) for whole in wholes if whole.is_text}
        assert texts == {id(each) for each in box.submobjects if each is not square}
        assert id(square) in {id(whole.mobject) for whole in wholes}


def test_what_a_text_says_is_learnt_from_what_it_became() -> None:
    names, square, worded = Names(), Square(), Worded()
    assert (names.of(square), names.of(worded)) == ("Square", "said by letters")
    became = SimpleNamespace(mobject=square, target_mobject=worded)
    names.learn([cast("Any", SimpleNamespace(animations=[became], mobject=square))])
    assert names.of(square) == "said by letters"


def test_motion_measures_what_changed_but_not_texts(camera: Camera) -> None:
    motion, square, worded = Motion(), Square(side_length=2), Worded()
    motion.look(camera, [square, worded])
    motion.look(camera, [square, worded])
    assert motion.changed == 0
    version = motion.version
    worded.shift(np.array([1.0, 0, 0]))
    motion.look(camera, [square, worded])
    assert (motion.changed, motion.version) == (0, version + 1)
    square.shift(np.array([1.0, 0, 0]))
    seen = motion.look(camera, [square, worded])
    side = 2 * 90 / 8  # pixels: the picture is 8 units high
    assert motion.changed == pytest.approx(2 * side**2, rel=0.01), "where it was and where it is"
    assert seen[id(worded)].says == "said by letters"


def test_another_order_of_drawing_is_a_change(camera: Camera) -> None:
    motion, one, other = Motion(), Square(), Dot()
    motion.look(camera, [one, other])
    version = motion.version
    motion.look(camera, [other, one])
    assert (motion.changed, motion.version) == (0, version + 1)


def test_another_background_is_a_change_of_all_pixels() -> None:
    camera, motion = Camera(pixel_width=160, pixel_height=90), Motion()
    motion.look(camera, [])
    version = motion.version
    camera.background_color = WHITE
    motion.look(camera, [])
    assert (motion.changed, motion.version) == (160 * 90, version + 1)
    motion.look(camera, [])
    assert (motion.changed, motion.version) == (0, version + 1)


def test_what_is_clear_or_outside_is_not_seen(camera: Camera) -> None:
    clear = Square(stroke_opacity=0)
    outside = Square().shift(np.array([99.0, 0, 0]))
    seen = Motion().look(camera, [clear, outside, one := Square()])
    assert [seen[id(each)].is_seen for each in (clear, outside, one)] == [False, False, True]


def test_things_in_space_are_where_they_are_projected() -> None:
    camera = ThreeDCamera(pixel_width=160, pixel_height=90)
    cube, motion = Cube(side_length=2), Motion()
    before = motion.look(camera, [cube])
    version = motion.version
    camera.set_phi(70 * DEGREES)
    camera.set_theta(30 * DEGREES)
    turned = motion.look(camera, [cube])
    assert motion.version > version
    camera.capture_mobjects([cube])
    drawn = np.argwhere(camera.pixel_array[..., :3].max(axis=-1) > 0)  # rows and columns
    boxes = np.array([thing.box for thing in turned.values()])
    assert [*boxes[:, :2].min(axis=0)] == pytest.approx([*drawn.min(axis=0)[::-1]], abs=1.5)
    assert [*boxes[:, 2:].max(axis=0)] == pytest.approx([*drawn.max(axis=0)[::-1]], abs=1.5)
    assert before.keys() == turned.keys()


def test_letters_in_the_scene_are_one_with_their_text(camera: Camera) -> None:
    text, names = Text("ab cd"), Names()
    alone = text[0].copy()
    wholes = [whole for _, whole in drawn_parts(camera, [text[1:], alone, text[0]], names)]
    assert [whole.mobject for whole in wholes] == [text, text, text, alone, text]
    assert [whole.is_text for whole in wholes] == [True, True, True, False, True]


@pytest.mark.parametrize(
    ("first", "last", "says"), [(0, 4, "ab cd"), (0, 2, "ab"), (1, 3, "b c"), (3, 4, "d")]
)
def test_letters_say_a_part_of_their_text(first: int, last: int, says: str) -> None:
    text = Text("ab cd")
    assert Names().of_letters(text, text[first:last]) == says


def test_nobody_knows_what_letters_say_that_are_fewer_than_characters() -> None:
    text = Text("ab cd")
    text.original_text = "a longer text"
    assert (Names().of_letters(text, text[:2]), Names().of_letters(text, text)) == (
        "",
        "a longer text",
    )
