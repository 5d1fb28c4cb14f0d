"""A brand is read strictly: whatever is wrong is said with its file and line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pagereel.assets import ROOT, SCHEMAS, TRACES
from pagereel.errors import PagereelError
from pagereel.stage.brand import load_brand
from pagereel.stage.brand.beats import BEATS
from pagereel.stage.brand.load import KEYS, LEAST_CONTRAST, LONGEST_RUN, TEXTS
from pagereel.stage.theme import THEMES, contrast, passing

if TYPE_CHECKING:
    from pathlib import Path

Write = Callable[[str], "Path"]
NAME = 'name = "Tidepool"\n'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/>{}</svg>'
BRANDS = [ROOT / "brand.toml", *sorted((ROOT / "brands").glob("*.toml"))]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(text: str) -> Path:
        (tmp_path / "brand.toml").write_text(text, encoding="utf-8")
        return tmp_path / "brand.toml"

    return to_file


@pytest.mark.parametrize("path", BRANDS, ids=lambda path: path.stem)
def test_the_shipped_brands_can_be_read(path: Path) -> None:
    brand = load_brand(path)
    assert "".join(brand.name_parts) == brand.name
    assert brand.name_parts[1] == brand.accent
    assert {*brand.lines} <= {*KEYS}


def test_a_name_is_enough(write: Write) -> None:
    brand = load_brand(write(NAME))
    assert brand.name_parts == ("Tidepool", "", "")
    assert brand.themed() == THEMES["dark"]
    assert brand.themed("light") == THEMES["light"]


def test_colours_are_the_project_s_and_not_the_tasks() -> None:
    theme = load_brand(ROOT / "brands" / "tidepool.toml").themed()
    assert {theme.title, theme.tagline, theme.after} == {"#0F766E"}
    assert theme.before == "#A8324A"
    assert theme.tasks == THEMES["light"].tasks


def test_colours_of_each_theme(write: Write) -> None:
    brand = load_brand(write(NAME + 'colors.light = ["#0f766e", "#A8324A"]\ntheme = "light"\n'))
    assert brand.themed().after == "#0F766E"
    message = "brand.toml:2: colors are for the theme light, not for dark; write colors = "
    with pytest.raises(PagereelError, match=message):
        brand.themed("dark")
    # A theme of its own without colours is refused at once.
    with pytest.raises(PagereelError, match="for the theme dark, not for light"):
        load_brand(write(NAME + 'colors.dark = ["#58C4DD", "#FF862F"]\ntheme = "light"\n'))


# What stands below the name, and how the message goes on after file and line.
MISTAKES = [
    ("nam = 'x'", 2, "unknown key 'nam'; did you mean name?"),
    (f"line = '{'x' * 81}'", 2, "line has 81 characters; at most 80 fit"),
    ("line = 7", 2, "line must be text in quotes, not 7"),
    ("command = 'a\\u0007'".replace("'", '"'), 2, "command has the invisible character U+0007"),
    ("accent = 'Pool'", 2, "accent 'Pool' is not in the name; take a part of 'Tidepool'"),
    ("theme = 'blue'", 2, "there is no theme 'blue'; known: dark, light"),
    ("colors = ['#58C4DD']", 2, "colors must be two colours, not 1: after and before"),
    ("colors = 'red'", 2, "colors must be a list of texts, not 'red'"),
    ("colors = ['red', '#FF862F']", 2, "colors: 'red' is not a colour; write # and six digits"),
    (
        "\ncolors = ['#58C4DD', '#333333']",
        3,
        (
            "colors: #333333 has a contrast of 1.48:1 to the background of the theme dark, and "
            "needs 3:1; the nearest that has it is #616161"
        ),
    ),
    ("colors.blue = []", 2, "unknown key 'blue'; known: dark, light"),
    ("names = ['a', 'a']", 2, "names must be two that differ"),
    ("logo = 'no.svg'", 2, "logo 'no.svg': there is no such file; check the path, as seen from"),
    ("logo = '.'", 2, "logo '.': this is a folder; name a file in it"),
    ("font = 'no.ttf'", 2, "font 'no.ttf': there is no such file"),
    ("font = 'brand.toml'", 2, "font 'brand.toml' is not a TrueType or OpenType file"),
    ("after = 'brand.toml'", 2, "after must name a file *.jsonl or *.jsonl.gz; record one"),
    ("before = 'no.jsonl'", 2, "before 'no.jsonl': there is no such file"),
    ("beats = ['paged-cache']", 2, "close is missing; name a trace"),
    (
        "beats = ['paged-cache', 'pagedcache', 'speculation']",
        2,
        "beats: unknown 'pagedcache' and 'speculation'; did you mean paged-cache? known: paged-c",
    ),
    ("beats = ['lru-eviction', 'lru-eviction']", 2, "beats: lru-eviction is there twice"),
]


@pytest.mark.parametrize(("lines", "number", "says"), MISTAKES, ids=[m[2] for m in MISTAKES])
def test_a_mistake_is_said_with_its_line(lines: str, number: int, says: str, write: Write) -> None:
    path = write(f"{NAME}{lines}\n")
    with pytest.raises(PagereelError) as caught:
        load_brand(path)
    assert str(caught.value).startswith(f"{path}:{number}: {says}")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["", "line = 'x'", "name = ' '", "name ="])
def test_a_brand_without_a_name(text: str, write: Write) -> None:
    with pytest.raises(PagereelError, match="name"):
        load_brand(write(text))


def test_the_nearest_colour_passes() -> None:
    for theme in THEMES.values():
        near = passing(theme.background, theme.background, LEAST_CONTRAST)
        assert LEAST_CONTRAST <= contrast(near, theme.background) < LEAST_CONTRAST + 0.1
        assert passing(theme.ink, theme.background, LEAST_CONTRAST) == theme.ink


# Beat -> a trace of ours in which no engine does it.
NOT_DONE = {
    "paged-cache": "reserved_rows_192",
    "prefix-sharing": "three_tasks",
    "page-lookup": "",
    "continuous-batching": "three_tasks",
    "lru-eviction": "three_tasks",
    "copy-on-write": "promo",
}


@pytest.mark.parametrize("beat", BEATS)
def test_a_beat_that_the_engine_does_not_do(beat: str, write: Write, tmp_path: Path) -> None:
    close = TRACES / f"{NOT_DONE[beat]}.jsonl"
    if not NOT_DONE[beat]:
        close = tmp_path / "tokens.jsonl"
        header = {"ev": "init", "format": "pagereel-trace", "version": 1, "frames": 8}
        close.write_text(json.dumps({**header, "engine": "x", "page_size": 1}) + "\n")
    text = f'{NAME}close = "{close}"\nbeats = ["{beat}"]\n'
    with pytest.raises(PagereelError, match=f":3: beats: the engine does not do {beat}: in "):
        load_brand(write(text))


# What stands in the logo, on its second line, and what is said of it.
LOGOS = [
    ("<script>1</script>", "has a script; remove it"),
    ('<g onload="x()"/>', "has a script, in 'onload'; remove it"),
    ('<a xmlns:x="http://www.w3.org/1999/xlink"/>', "has <a>, which is not drawn"),
    ('<image href="http://x/y.png"/>', "has <image>, which is not drawn"),
    ('<g href="#a"/>', "refers to '#a'; put everything into the file itself"),
    ('<rect fill="url(http://x/y#g)"/>', "refers to 'url(http://x/y#g)'; use paths and plain col"),
    ("<style>@import 'x.css';</style>", "refers to \"@import 'x.css';\""),
    ("<text>T</text>", "has <text>, which is not drawn; use paths and plain colours"),
    ("<?xml-stylesheet href='x'?>", "has the instruction <?xml-stylesheet; remove that line"),
    (
        '<path d="M0 0%s"/>' % ("a1 1 0 011 1" * 1001),
        "has too many arcs and outlines; draw it more",
    ),
    ('<path d="M0 0A%s"/>' % ("1 1 0 0 1 1 1 " * 1001), "has too many arcs and outlines; draw"),
    ('<path d="M0 0h1%s"/>' % ("zm1 1h1" * 5000), "has too many arcs and outlines; draw"),
    ("<g>" * 40, "has more than 32 groups within each other; ungroup some"),
]


@pytest.mark.parametrize(("inside", "says"), LOGOS, ids=[logo[1] for logo in LOGOS])
def test_a_logo_that_is_more_than_shapes(
    inside: str, says: str, write: Write, tmp_path: Path
) -> None:
    (tmp_path / "l.svg").write_text(SVG.format(f"\n{inside}"))
    with pytest.raises(PagereelError, match=re.escape(f"l.svg:2: this logo {says}")):
        load_brand(write(f'{NAME}logo = "l.svg"\n'))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"<!DOCTYPE svg>{SVG.format('')}", "l.svg:1: this logo has a DOCTYPE; remove that line"),
        ("<html/>", "l.svg:1: this logo is not an SVG file: it begins with 'html'"),
        ("GIF89a", "l.svg:1: this is not an SVG file: syntax error"),
        ("", "l.svg:1: this is not an SVG file: no element found"),
        (SVG[:-6], "l.svg:1: this is not an SVG file: no element found"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "l.svg:1: this logo has no shape"),
        (SVG.format(" " * 70_000), "l.svg: this logo is not used: the file is larger than 64 KiB"),
    ],
)
def test_a_file_that_is_no_logo(text: str, says: str, write: Write, tmp_path: Path) -> None:
    (tmp_path / "l.svg").write_text(text)
    with pytest.raises(PagereelError, match=re.escape(says)):
        load_brand(write(f'{NAME}logo = "l.svg"\n'))


def test_a_logo_as_editors_write_it(write: Write, tmp_path: Path) -> None:
    inside = (
        '<defs/><metadata><r:RDF xmlns:r="http://x/rdf"><r:text/></r:RDF></metadata>'
        '<style>.a { fill: #0F766E }</style><g class="a"><path d="M0 0H9V9Z"/></g>'
    )
    (tmp_path / "l.svg").write_text('<?xml version="1.0"?>\n' + SVG.format(inside))
    assert load_brand(write(f'{NAME}logo = "l.svg"\n')).logo == tmp_path / "l.svg"


def test_the_page_about_brands_has_all_keys_and_beats() -> None:
    page = (ROOT.parent / "docs" / "brand.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(.*?)`", row.split("|")[1])]
    assert {*named} == {*KEYS, *BEATS}


def test_the_schema_names_what_the_reader_knows() -> None:
    properties = json.loads((SCHEMAS / "brand.json").read_text(encoding="utf-8"))["properties"]
    assert {*properties} == {*KEYS}
    assert {key: properties[key]["maxLength"] for key in TEXTS} == TEXTS
    assert properties["names"]["items"]["maxLength"] == LONGEST_RUN
    assert properties["theme"]["enum"] == [*THEMES]
    assert [*properties["colors"]["oneOf"][1]["properties"]] == [*THEMES]
    assert properties["beats"]["items"]["enum"] == [*BEATS]
