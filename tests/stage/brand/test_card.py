"""The cards of a brand: what they say, that it fits, and how they look."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from manim import Camera, ManimColor, config, tempconfig
from told import MEDIA, play_scene, scene_class

from pagereel.assets import FONTS, ROOT
from pagereel.cache.events import Arrive
from pagereel.check.pytest.golden import compare, write
from pagereel.errors import BrandError
from pagereel.stage.brand import load_brand
from pagereel.stage.brand.card import END, TITLE, Card
from pagereel.stage.brand.field import Cell, at_work, cached, free
from pagereel.stage.layout.places import MIN_CAP, Area, picture_size
from pagereel.stage.text.label import Label
from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.stage.brand import Brand
    from pagereel.stage.scene import StoryScene
    from pagereel.stage.theme import Theme

SLOW = pytest.mark.slow
GOLDEN = Path(__file__).parent / "golden"
SIZES = {"wide": (960, 540), "tall": (540, 960), "square": (540, 540)}
BRANDS = {"astrai": ROOT / "brand.toml", "tidepool": ROOT / "brands" / "tidepool.toml"}
HAIR = 0.02  # outlines and round letters
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


@contextmanager
def area(shape: str) -> Iterator[Area]:
    width, height = SIZES[shape]
    size = picture_size(width, height)
    settings = {"pixel_width": width, "pixel_height": height, "media_dir": str(MEDIA)}
    with tempconfig(settings):
        config.frame_width, config.frame_height = size
        yield Area(*size)


def pool(brand: Brand, theme: Theme, step: int) -> list[Cell]:
    """Return the frames of what the project does, after a step of the engine."""
    assert brand.after
    arrived: dict[str, int] = {}
    with open_trace(brand.after) as trace:
        for record, ledger in follow(trace):
            if record.step is not None and record.step > step:
                break
            if isinstance(record.event, Arrive):
                arrived.setdefault(record.event.task, len(arrived))
            if record.step == step:
                cells = at_work(ledger, theme, theme.after, arrived)
    return cells


def card(kind: str, brand: Brand, theme: Theme, picture: Area) -> Card:
    match kind:
        case "end":
            return Card.end(brand, theme, picture)
        case "pool":
            return Card.title(brand, theme, picture, pool(brand, theme, 70))
    return Card.title(brand, theme, picture)


@pytest.mark.parametrize("name", BRANDS)
@pytest.mark.parametrize("shape", SIZES)
def test_what_a_card_says_stands_in_the_picture(name: str, shape: str) -> None:
    brand = load_brand(BRANDS[name])
    with area(shape) as picture:
        for kind, keys in (("title", TITLE), ("end", END)):
            drawn = card(kind, brand, brand.themed(), picture)
            assert drawn.shown == {key: getattr(brand, key) for key in keys}
            boxes = [drawn.upper, drawn.mark, *drawn.texts, drawn.lower]
            for mobject in boxes:
                assert mobject.get_left()[0] >= picture.left - HAIR
                assert mobject.get_right()[0] <= picture.right + HAIR
            for above, below in pairwise(boxes):
                assert above.get_bottom()[1] > below.get_top()[1]
            labels = [each for each in drawn.texts.get_family() if isinstance(each, Label)]
            assert " ".join(label.text for label in labels) == " ".join(drawn.shown.values())
            assert min(label.cap for label in labels) >= MIN_CAP


def test_a_brand_need_say_nothing_but_its_name(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text('name = "A b"\naccent = "b"\n')
    brand = load_brand(tmp_path / "b.toml")
    theme = brand.themed()
    with area("wide") as picture:
        end = Card.end(brand, theme, picture)
    assert (end.shown, len(end.texts)) == ({}, 0)
    colors = [letter.fill_color.to_hex() for letter in end.mark[0]]
    assert colors == [theme.ink, theme.after]


def test_frames_of_a_pool_look_like_what_they_hold() -> None:
    """At step 70 of what is shipped: 148 frames are held, 44 are cached, none is free."""
    brand = load_brand(BRANDS["astrai"])
    theme = brand.themed()
    cells = pool(brand, theme, 70)
    assert (len(cells), cells.count(cached(theme)), cells.count(free(theme))) == (192, 44, 0)
    assert sum(cell.dots == 0 for cell in cells) == 44 + 133


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f'line = "{"W" * 80}"', "b.toml:2: line is too wide for this picture; shorten it"),
        (f'command = "{"x" * 70}"', "b.toml:2: command is too wide for this picture"),
        ('address = "\N{LINEAR A SIGN AB001}"', "b.toml:2: address: no font here has"),
    ],
)
def test_a_text_that_does_not_fit(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(f'name = "B"\n{text}\n')
    brand = load_brand(tmp_path / "b.toml")
    with area("tall") as picture, pytest.raises(BrandError, match=says):
        Card.end(brand, brand.themed(), picture)


def test_a_chinese_line_breaks_between_its_letters(tmp_path: Path) -> None:
    text = "把大模型推理引擎的分页缓存做成宣传短片，画面全部由缓存自己的事件绘制"
    (tmp_path / "b.toml").write_text(f'name = "B"\nline = "{text}"\n', encoding="utf-8")
    brand = load_brand(tmp_path / "b.toml")
    with area("tall") as picture:
        (labels,) = Card.title(brand, brand.themed(), picture).texts
    lines = [each.text for each in labels if isinstance(each, Label)]
    assert len(lines) == 2
    assert "".join(lines) == text


@pytest.mark.parametrize(
    ("shapes", "says"),
    [
        ('<path d=""/>', "b.svg: this logo draws nothing; draw it with filled paths"),
        ('<path d="M0 0H1e999V9Z"/>', "b.svg: this logo "),
        ('<rect width="9" height="9"/>', "no colour of this logo has a contrast of 3:1"),
    ],
)
def test_a_logo_that_nobody_sees(shapes: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text('name = "B"\nlogo = "b.svg"\n')
    (tmp_path / "b.svg").write_text(SVG.format(shapes))
    brand = load_brand(tmp_path / "b.toml")
    with area("wide") as picture, pytest.raises(BrandError, match=says):
        Card.end(brand, brand.themed(), picture)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["b.svg", "b.toml"]


def test_a_name_in_a_font_of_its_own(tmp_path: Path) -> None:
    """In a typewriter's font all letters are equally far apart."""
    (tmp_path / "b.toml").write_text(f'name = "lHlH"\naccent = "lH"\nfont = "{FONTS[-1]}"\n')
    brand = load_brand(tmp_path / "b.toml")
    with area("wide") as picture:
        (name,) = Card.title(brand, brand.themed(), picture).mark
    apart = [two.get_x() - one.get_x() for one, two in zip(name[:2], name[2:], strict=True)]
    assert apart[0] == pytest.approx(apart[1])
    assert [letter.fill_color.to_hex() for letter in name] == 2 * [brand.themed().ink] + 2 * [
        brand.themed().after
    ]


@pytest.mark.parametrize(
    ("content", "says"), [(b"OTTO", "cannot be read"), (None, "this font has no ")]
)
def test_a_font_that_does_not_have_the_name(
    content: bytes | None, says: str, tmp_path: Path
) -> None:
    (tmp_path / "f.ttf").write_bytes(content or FONTS[-1].read_bytes())
    (tmp_path / "b.toml").write_text('name = "\N{LINEAR A SIGN AB001}"\nfont = "f.ttf"\n')
    brand = load_brand(tmp_path / "b.toml")
    with area("wide") as picture, pytest.raises(BrandError, match=f"f.ttf: .*{says}"):
        Card.title(brand, brand.themed(), picture)


def test_a_wide_logo_stands_in_place_of_the_name(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text('name = "B"\nlogo = "b.svg"\n')
    shapes = '<path fill="none" stroke="#58C4DD" stroke-width="4" d="M0 0H90V30H0Z"/>'
    (tmp_path / "b.svg").write_text(SVG.format(shapes))
    brand = load_brand(tmp_path / "b.toml")
    with area("wide") as picture:
        mark = Card.title(brand, brand.themed(), picture).mark
    (outline,) = mark.family_members_with_points()
    assert mark.width == pytest.approx(3 * mark.height)
    assert outline.get_stroke_width() * 0.01 == pytest.approx(4 / 30 * mark.height)


def test_a_scene_opens_and_closes_with_the_cards(tmp_path: Path) -> None:
    """The second card stays."""
    story = tmp_path / "s.toml"
    story.write_text('title = "T"\n[pool]\nframes = 2\n[[events]]\narrive = "A"\npages = 1\n')
    shown: list[tuple[str, str]] = []

    def look(scene: StoryScene) -> None:
        section = scene.renderer.file_writer.sections[-1].name
        texts = [
            each.text for each in scene.get_mobject_family_members() if isinstance(each, Label)
        ]
        if "Wait" in str(scene.animations):
            shown.append((section, " ".join(texts)))

    scene = play_scene(
        scene_class("PagedCache"),
        size=SIZES["wide"],
        theme=None,
        story=story,
        brand=BRANDS["tidepool"],
        at_rest=look,
    )
    assert scene.theme.name == "light"
    assert scene.theme.title == "#0F766E"
    assert shown[0] == ("brand-opening", "Serve small models from small machines")
    assert shown[1][0] == "opening"
    assert shown[-1] == (
        "brand-closing",
        "Serve small models from small machines pip install tidepool tidepool.example MIT",
    )
    assert scene.mobjects


LOOKS = [
    ("astrai", "dark", "wide", "pool"),
    *(
        pytest.param(brand, theme, shape, kind, marks=SLOW)
        for brand, theme in (("astrai", "dark"), ("tidepool", "light"))
        for shape in SIZES
        for kind in ("title", "end", *(["pool"] if brand == "astrai" and shape != "wide" else []))
    ),
    pytest.param("astrai", "light", "wide", "pool", marks=SLOW),
    pytest.param("astrai", "light", "wide", "end", marks=SLOW),
]


@pytest.mark.parametrize(("name", "theme", "shape", "kind"), LOOKS)
def test_cards(
    name: str, theme: str, shape: str, kind: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    brand = load_brand(BRANDS[name])
    colors = brand.themed(theme)
    with area(shape) as picture:
        camera = Camera(background_color=ManimColor(colors.background))
        camera.reset()
        camera.capture_mobjects(card(kind, brand, colors, picture).mobjects)
        drawn = camera.get_image().convert("RGB")
    file = GOLDEN / f"{name}-{theme}-{shape}-{kind}.png"
    if pytestconfig.getoption("update_golden"):
        write(drawn, file)
    assert compare(drawn, file, failed=tmp_path / file.name) is None
