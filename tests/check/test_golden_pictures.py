"""Which pictures of a scene are golden ones, and when a picture is like its golden one."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pagereel.check.output import parse_outputs
from pagereel.check.pytest.golden import compare, compare_all, file_name
from pagereel.check.pytest.plugin import draw_apart
from pagereel.errors import CheckError, SceneFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Pictures = dict[str, Image.Image]
    Draw = Callable[[str], Pictures]

# What is seen of the squares of a scene, by their places and colours.
SQUARES = {"left": (16, 36), "middle": (64, 36), "right": (112, 36)}
COLORS = {"#FF0000": "red", "#00FF00": "green", "#0000FF": "blue"}
HEAD = """
from manim import *


def square(place, color="#FF0000", **more):
    return Square(1, fill_opacity=1, stroke_width=0, color=color, **more).shift(5.3 * place)


class Mine({base}):
    def construct(self):
"""


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Draw the sections of a scene with these lines."""

    def pictures(lines: str, base: str = "Scene") -> Pictures:
        file = tmp_path / "mine.py"
        file.write_text(HEAD.format(base=base) + textwrap.indent(textwrap.dedent(lines), " " * 8))
        return draw_apart(file, "Mine", output=parse_outputs(["128x72"])[0])

    return pictures


def seen(picture: Image.Image) -> str:
    """Return what is seen, such as `red left, blue right`."""
    colors = {
        place: "#{:02X}{:02X}{:02X}".format(*picture.getpixel(pixel))  # type: ignore[misc]
        for place, pixel in SQUARES.items()
    }
    return ", ".join(
        f"{COLORS[color]} {place}" for place, color in colors.items() if color != "#000000"
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "self.play(Create(square(LEFT)))\nself.play(FadeIn(square(RIGHT)))",
            "red left, red right",
        ),
        ("self.add(square(LEFT))\nself.wait()\nself.add(square(RIGHT))", "red left"),
        ("self.add(square(LEFT))", "red left"),
        ("self.add_foreground_mobjects(square(LEFT))\nself.wait()", "red left"),
    ],
    ids=["after the last play", "not what nobody sees", "nothing is played", "foreground"],
)
def test_the_last_state_is_drawn(draw: Draw, lines: str, expected: str) -> None:
    ((name, picture),) = draw(lines).items()
    assert seen(picture) == expected
    assert name == "01-autocreated.png"
    assert picture.size == (128, 72)


LEAVING = {
    "a caption": "self.play(FadeOut(caption))",
    "one after another": "self.play(FadeOut(caption))\nself.play(FadeOut(box))",
    "everything": "self.play(*(FadeOut(m) for m in self.mobjects))",
    "in a group": "self.play(LaggedStart(Uncreate(caption)))",
    "not by a fade": "self.play(*(m.animate.set_opacity(0) for m in (box, caption)))",
}


@pytest.mark.parametrize("leaving", LEAVING.values(), ids=LEAVING)
def test_what_leaves_at_the_end_is_there(draw: Draw, leaving: str) -> None:
    coming = "box, caption = square(LEFT), square(RIGHT)\nself.play(FadeIn(box, caption))\n"
    (picture,) = draw(coming + leaving).values()
    assert seen(picture) == "red left, red right"


def test_what_leaves_before_the_end_is_gone(draw: Draw) -> None:
    (picture,) = draw(
        """
        one, other = square(LEFT), square(RIGHT)
        self.play(FadeIn(one, other))
        self.play(FadeOut(one))
        self.wait()
        """
    ).values()
    assert seen(picture) == "red right"


def test_a_section_in_which_things_only_leave(draw: Draw) -> None:
    _, picture = draw(
        """
        one, other = square(LEFT), square(ORIGIN)
        self.add(one, other, square(RIGHT))
        self.wait()
        self.next_section("leaving")
        self.play(FadeOut(one))
        self.play(FadeOut(other))
        """
    ).values()
    assert seen(picture) == "red right"


def test_each_section_has_its_own(draw: Draw) -> None:
    pictures = draw(
        """
        first = square(LEFT)
        self.next_section("one")
        self.play(FadeIn(first))
        self.next_section("nothing is played")
        self.next_section("only leaving")
        self.add(square(RIGHT, "#0000FF"))
        self.play(FadeOut(first))
        self.next_section("skipped", skip_animations=True)
        self.wait()
        self.next_section("empty")
        self.clear()
        self.wait()
        self.next_section("one")
        self.play(FadeIn(square(ORIGIN, "#00FF00")))
        """
    )
    assert {name: seen(picture) for name, picture in pictures.items()} == {
        "01-one.png": "red left",
        "02-only-leaving.png": "blue right",
        "04-one.png": "green middle",
    }


def test_movements_are_gone_through_as_in_a_video(draw: Draw) -> None:
    (picture,) = draw(
        """
        images = []
        box = square(LEFT)
        box.add_updater(lambda box, dt: images.append(dt))
        self.add(box)
        self.wait(1)
        if 59 <= sum(dt > 0 for dt in images) <= 61 and 0.99 <= self.time <= 1.01:
            self.add(square(RIGHT))
            self.wait(0.1)
        """
    ).values()
    assert seen(picture) == "red left, red right"


def test_a_camera_may_move(draw: Callable[..., Pictures]) -> None:
    (picture,) = draw(
        """
        self.add(square(LEFT))
        self.play(self.camera.frame.animate.shift(5.3 * LEFT))
        """,
        "MovingCameraScene",
    ).values()
    assert seen(picture) == "red middle"


def test_a_scene_of_its_own_size_is_drawn_as_asked_for(tmp_path: Path) -> None:
    text = HEAD.format(base="Scene") + "        self.add(square(LEFT))\n"
    (tmp_path / "mine.py").write_text(f"{text}\nconfig.pixel_width = 500\n")
    pictures = draw_apart(tmp_path / "mine.py", "Mine", output=parse_outputs(["128x72"])[0])
    (picture,) = pictures.values()
    assert picture.size == (128, 72)


def test_nothing_to_see_is_an_error(draw: Draw) -> None:
    with pytest.raises(CheckError, match="Mine draws nothing; there is no picture to compare"):
        draw("self.wait()")


def test_a_scene_that_raises(draw: Draw) -> None:
    with pytest.raises(SceneFailed, match=r"mine\.py.*line 12(.|\n)*ZeroDivisionError"):
        draw("self.wait()\n1 / 0")


def plain(color: str = "#0F1218", size: tuple[int, int] = (64, 64)) -> Image.Image:
    return Image.new("RGB", size, color)


@pytest.mark.parametrize(
    ("box", "verdict"), [((30, 30, 30, 31), "same"), ((30, 30, 32, 40), "other")]
)
def test_a_stroke_of_a_digit_is_seen(
    tmp_path: Path, box: tuple[int, int, int, int], verdict: str
) -> None:
    golden, failed = tmp_path / "golden.png", tmp_path / "failed.png"
    plain().save(golden)
    picture = plain()
    ImageDraw.Draw(picture).rectangle(box, fill="#9AA4B2")
    wrong = compare(picture, golden, failed=failed)
    assert (wrong is None) == (verdict == "same")
    assert failed.is_file() == (verdict == "other")


def test_golden_picture_and_difference_are_shown(tmp_path: Path) -> None:
    plain("#000000").save(tmp_path / "golden.png")
    failed = tmp_path / "new folder" / "failed.png"
    wrong = compare(plain("#320000"), tmp_path / "golden.png", failed=failed)
    assert wrong == f"golden.png differs by 50 of 255, more than 40: {failed}"
    with Image.open(failed) as image:
        rows = np.asarray(image)[[0, 64, 128], 0]
    assert rows.tolist() == [[0, 0, 0], [50, 0, 0], [200, 0, 0]]
    assert compare(plain("#320000"), tmp_path / "golden.png", failed=failed, tolerance=50) is None


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "golden.png is missing"), (b"<<<<<<< ours", "golden.png is not a picture")],
)
def test_a_golden_picture_that_is_not_there(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    golden, failed = tmp_path / "golden.png", tmp_path / "failed.png"
    if content is not None:
        golden.write_bytes(content)
    wrong = compare(plain(), golden, failed=failed)
    assert wrong == f"{says}; {failed} was drawn. pytest --update-golden takes it"
    assert failed.is_file()


def test_sizes_must_be_the_same(tmp_path: Path) -> None:
    plain(size=(64, 32)).save(tmp_path / "golden.png")
    wrong = compare(plain(), tmp_path / "golden.png", failed=tmp_path / "failed.png")
    assert wrong is not None
    assert "is 64 x 32 pixels large, what was drawn 64 x 64" in wrong


def test_names_are_safe_and_no_two_are_the_same() -> None:
    names = ["a", "a", "../a b:c", "Größe", "", "n" * 300]
    assert [file_name(index, name) for index, name in enumerate(names, 9)] == [
        *("09-a.png", "10-a.png", "11-a-b-c.png", "12-Gr-e.png", "13-section.png"),
        f"14-{'n' * 60}.png",
    ]


def test_a_section_that_is_gone(tmp_path: Path) -> None:
    for name in ("01-a.png", "02-b.png", "mine.png"):
        plain().save(tmp_path / name)
    pictures = {"01-a.png": plain()}
    wrong = compare_all(pictures, tmp_path, failed=tmp_path, tolerance=0, update=False).wrong
    assert wrong == [
        "02-b.png is of a section that is not drawn; pytest --update-golden removes it"
    ]
    done = compare_all(pictures, tmp_path, failed=tmp_path, tolerance=0, update=True)
    assert (done.wrong, done.changed) == ([], ["02-b.png removed"])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["01-a.png", "mine.png"]


def test_only_what_differs_is_taken_anew(tmp_path: Path) -> None:
    plain("#100000").save(tmp_path / "01-a.png")
    plain("#000000").save(tmp_path / "02-b.png")
    failed = tmp_path.with_name("failed")
    kept = (tmp_path / "01-a.png").read_bytes()
    pictures = {f"0{index}-{name}.png": plain("#200000") for index, name in enumerate("abc", 1)}
    done = compare_all(pictures, tmp_path, failed=failed, tolerance=20, update=True)
    assert done.changed == ["02-b.png changed", "03-c.png is new"]
    assert (tmp_path / "01-a.png").read_bytes() == kept
    again = compare_all(pictures, tmp_path, failed=failed, tolerance=20, update=False)
    assert (again.wrong, again.changed) == ([], [])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["01-a.png", "02-b.png", "03-c.png"]
