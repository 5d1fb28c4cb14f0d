"""Every picture at rest can be read: the shipped stories and generated ones, in three shapes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from stories import stories
from traces import TRACES

from pagereel.assets import STORIES
from pagereel.check.output import Output
from pagereel.check.rules import Facts, Rule
from pagereel.check.rules.empty_half import spans
from pagereel.check.see.parts import Place
from pagereel.check.session import Notes, Watch, rules_for
from pagereel.check.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from pagereel.check.see.parts import Hit, View
    from pagereel.stage.scene import StoryScene

    Play = Callable[..., StoryScene]

# A failure is shown as it was found: shrinking would play some hundred stories more.
NO_SHRINKING = [Phase.explicit, Phase.generate]
SHAPES = {"16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1080, 1080)}

OWN = Path(__file__).parent / "traces"
SMALL = [path for path in (*TRACES, *OWN.iterdir()) if path.stem != "random_256_frames"]


class Spans(Rule):
    """Measures the largest shares of the picture's width and height; not a rule of the check."""

    facts = Facts(says="", unit="", default=0)
    width = height = 0.0

    def at_rest(self, view: View) -> list[Hit]:
        width, height = spans(view)
        self.width, self.height = max(self.width, width), max(self.height, height)
        return []


class Reader:
    """Lets the check look at a scene after every movement, and collects what it finds."""

    def __init__(self) -> None:
        output = Output("1080p", 1920, 1080, 60)
        self.notes = Notes("PagedCache", output, None)
        self.spans = Spans(0)
        self.watch = Watch([*rules_for(output, Settings()), self.spans], self.notes)

    def look(self, scene: StoryScene) -> None:
        beat = scene.renderer.file_writer.sections[-1].name
        self.watch.rest(scene, scene.time, Place(Path(beat), 1, 1))

    @property
    def mistakes(self) -> list[str]:
        return [f"{found.place.file}: {found.message}" for found in self.notes.findings]


# `make check` looks at the scenes as they are; here are other stories and the other theme.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("story", "shape", "theme"),
    [
        *(("first_in_first_out.toml", shape, "dark") for shape in SHAPES),
        ("paged_cache.toml", "16:9", "light"),
    ],
)
def test_shipped_stories(play: Play, story: str, shape: str, theme: str) -> None:
    reader = Reader()
    scene = play(size=SHAPES[shape], story=STORIES / story, theme=theme, at_rest=reader.look)
    assert not reader.mistakes
    assert reader.spans.width >= 0.85
    assert reader.spans.height >= 0.8
    assert not scene.mobjects


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("trace", SMALL, ids=lambda path: path.stem)
def test_traces(play: Play, trace: Path, shape: str) -> None:
    reader = Reader()
    scene = play(size=SHAPES[shape], story=trace, at_rest=reader.look)
    assert not reader.mistakes
    assert not scene.mobjects


def test_generated_stories(play: Play, tmp_path: Path) -> None:
    @settings(max_examples=1, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
    @given(stories())
    def holds(text: str) -> None:
        check(play, SHAPES["1:1"], tmp_path / "story.toml", text)

    holds()


@pytest.mark.slow
@pytest.mark.parametrize(
    "size", [*SHAPES.values(), (1440, 1080), (1080, 2400), (2400, 1080)], ids=str
)
def test_many_generated_stories(play: Play, size: tuple[int, int], tmp_path: Path) -> None:
    @settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
    @given(stories())
    def holds(text: str) -> None:
        check(play, size, tmp_path / "story.toml", text)

    holds()


def check(play: Play, size: tuple[int, int], path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    reader = Reader()
    scene = play(size=size, story=path, at_rest=reader.look)
    assert not reader.mistakes
    assert reader.spans.width >= 0.85
    assert reader.spans.height >= 0.8
    assert not scene.mobjects
