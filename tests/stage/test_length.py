"""A film is as short as its story says: rests shrink, optional beats go, and all stays true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from told import moments, play_scene, scene_class

from pagereel.assets import STORIES
from pagereel.errors import StoryError
from pagereel.render.job import PREVIEW_SECONDS
from pagereel.stage.length import Count, Cut, Spent, fitted
from pagereel.stage.timing import reading_time
from pagereel.story import load_story

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.stage.scene import StoryScene

SIZE = (192, 108)
OPTIONAL = ["a", "b", "c"]
# 10 s of opening and closing, 2 s of which are spare; the last beat takes nothing if left out.
BEATS = {"a": Spent(6, 2, 1), "b": Spent(5, 1, 1), "c": Spent(4, 1, 0)}
WHOLE = Count(25, 6, 0, BEATS)


@pytest.mark.parametrize(
    ("most", "share", "silent"),
    [
        (25, 0, ""),
        (24, 1 / 6, ""),
        (19, 1, ""),
        (18.5, 2.5 / 5, "c"),  # 21 s of which 5 are spare
        (16, 1, "c"),
        (15, 2.4 / 4.4, "bc"),  # 17.4 s: b is quick, and the picture stands for a breath
        (10, 1, "abc"),
        (1, 1, "abc"),
    ],
)
def test_rests_shrink_before_beats_go_from_the_last_on(
    most: float, share: float, silent: str
) -> None:
    cut = WHOLE.shortened(most, OPTIONAL)
    assert cut.silent == {*silent}
    assert cut.share == pytest.approx(share)


def test_a_film_that_is_short_enough_is_counted_once_and_stays_as_it_is() -> None:
    cuts: list[Cut] = []

    def recount(cut: Cut) -> Count:
        cuts.append(cut)
        return WHOLE

    assert fitted(25, OPTIONAL, recount) == (Cut(), 0)
    assert cuts == [Cut()]


def test_what_is_not_as_short_as_expected_is_cut_further() -> None:
    def recount(cut: Cut) -> Count:
        return Count(25 - 6 * cut.share + (0.5 if cut.share else 0), 6, 0, BEATS)

    cut, over = fitted(22, OPTIONAL, recount)
    assert not cut.silent
    assert 21.5 < recount(cut).seconds <= 22
    assert not over
    assert fitted(2, OPTIONAL, recount) == (Cut(1, frozenset(OPTIONAL)), 17.5)


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """The story of `PagedCache`, told in 25 s."""
    path = tmp_path / "short.toml"
    path.write_text(f"length = 25\n{(STORIES / 'paged_cache.toml').read_text('utf-8')}", "utf-8")
    return path


def test_a_short_film_is_true_and_can_be_read(short: Path) -> None:
    films: list[StoryScene] = []
    told = moments(scene_class("PagedCache"), size=SIZE, story=short, scenes=films)
    for now in told:
        assert now.shown["mask"] == now.state.mask_literal, now.key
        assert now.shown["rows"] == dict(now.state.tables), now.key
    assert len(told) == 9, "what is left out happens all the same"
    (film,) = films
    assert 24 < film.time <= 25
    captions = film.renderer.file_writer.subcaptions
    assert [caption.content[:15] for caption in captions] == [
        *("A bit for each ", "One page more f", "B expands and r", "Page-table-indi")
    ]
    for caption in captions:
        stands = (caption.end - caption.start).total_seconds()
        assert stands >= reading_time(caption.content), caption.content


def test_a_length_that_cannot_be_met_is_refused_by_how_much(short: Path) -> None:
    short.write_text(short.read_text("utf-8").replace("length = 25", "length = 20.5"), "utf-8")
    with pytest.raises(StoryError) as caught:
        play_scene(scene_class("PagedCache"), size=SIZE, story=short)
    found = re.fullmatch(
        rf"{re.escape(str(short))}:1: length = 20\.5 is (\S+) s too short, even without .*",
        str(caught.value),
    )
    assert found
    assert 24 < 20.5 + float(found[1]) < 25


@pytest.mark.slow
@pytest.mark.parametrize(
    "story",
    [
        file
        for file in sorted(STORIES.glob("*.toml"))
        if "optional = true" in file.read_text("utf-8")
    ],
    ids=lambda file: file.stem,
)
def test_previews_of_shipped_stories_are_short_true_and_can_be_read(story: Path) -> None:
    films: list[StoryScene] = []
    name = load_story(story).scene or "PagedCache"
    told = moments(
        scene_class(name), size=(960, 540), story=story, seconds=PREVIEW_SECONDS, scenes=films
    )
    (film,) = films
    assert film.time <= PREVIEW_SECONDS + 0.01
    assert len(told) >= 4
    for caption in film.renderer.file_writer.subcaptions:
        stands = (caption.end - caption.start).total_seconds()
        assert stands >= reading_time(caption.content), caption.content
