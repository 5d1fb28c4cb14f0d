"""What README and the pages of docs/ name is there."""

from __future__ import annotations

import re
from pathlib import Path

import av
import pytest

from pagereel.discovery import storytellers
from pagereel.render.job import PREVIEW_SECONDS
from pagereel.stage.brand import load_brand
from pagereel.story.load import load_story
from pagereel.story.takes import load_takes

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    files = [link for link in links if "://" not in link]
    assert [file for file in files if not (page.parent / file).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_targets_and_variables_are_those_of_make(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in re.findall(r"\bmake( [a-z]+(?: [A-Z]+=\S+)+)", page.read_text(encoding="utf-8")):
        target, *variables = command.split()
        assert f"\n{target}:" in makefile
        for variable in variables:
            assert re.search(rf"^{variable.partition('=')[0]} *\?=", makefile, re.MULTILINE)


def test_the_story_the_brand_and_the_film_of_the_readme_can_be_told(tmp_path: Path) -> None:
    text, brand, film = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "my.toml").write_text(text, encoding="utf-8")
    (tmp_path / "my-brand.toml").write_text(brand, encoding="utf-8")
    assert load_brand(tmp_path / "my-brand.toml").themed().title == "#58C4DD"
    story = load_story(tmp_path / "my.toml")
    assert [beat.key for beat in story.beats] == ["01-arrive-a", "02-expand-a"]
    (tmp_path / "film.toml").write_text(film, encoding="utf-8")
    first, second = load_takes(tmp_path / "film.toml", storytellers()).takes
    assert first.story == story
    assert [beat.key for beat in second.story.beats if beat.told] == ["share", "copy", "write"]


def test_the_story_of_the_chinese_readme_can_be_told(tmp_path: Path) -> None:
    chinese = (ROOT / "README-zh.md").read_text(encoding="utf-8")
    text, *others = re.findall(r"```toml\n(.*?)```", chinese, re.DOTALL)
    names = [line.split("=")[0] for block in others for line in block.splitlines()]
    english = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)[1:]
    assert names == [line.split("=")[0] for block in english for line in block.splitlines()]
    (tmp_path / "my.toml").write_text(text, encoding="utf-8")
    story = load_story(tmp_path / "my.toml")
    assert (story.language, [*story.colors]) == ("zh-Hans", ["请求甲"])


PREVIEWS = sorted((ROOT / "media" / "previews").glob("*.gif"))


@pytest.mark.parametrize("preview", PREVIEWS, ids=lambda preview: preview.stem)
def test_previews_are_small_and_short(preview: Path) -> None:
    assert preview.stat().st_size <= 2_000_000
    if not preview.name.startswith("Promo"):  # it has its own length
        with av.open(str(preview)) as gif:
            assert gif.duration is not None
            assert gif.duration / 1e6 <= PREVIEW_SECONDS + 0.01


def test_the_readme_is_short() -> None:
    """Ten lines of text or of code a section: the rest is on a page of its own."""
    sections = re.split(r"^## ", README, flags=re.MULTILINE)[1:]
    for section in sections:
        lines = [line for line in section.splitlines()[1:] if line and line[:3] != "```"]
        assert len(lines) <= 10, section


def test_every_layer_has_its_row() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z]+)`", row)}
    entries = (ROOT / "src" / "pagereel").iterdir()
    assert {path.stem for path in entries if path.stem[0] not in "_."} - {"py"} == named
