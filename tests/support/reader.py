"""The check, which looks at a scene while a test plays it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.check.output import Output
from pagereel.check.rules import Facts, Rule
from pagereel.check.rules.empty_half import spans
from pagereel.check.see.parts import Place
from pagereel.check.session import Notes, Watch, rules_for
from pagereel.check.settings import read_settings

if TYPE_CHECKING:
    from pagereel.check.see.parts import Hit, View
    from pagereel.stage.scene import StoryScene

SHAPES = {"16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1080, 1080)}


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
        self.watch = Watch(
            [*rules_for(output, read_settings(Path(__file__).parent)), self.spans], self.notes
        )

    def look(self, scene: StoryScene) -> None:
        beat = scene.renderer.file_writer.sections[-1].name
        self.watch.rest(scene, scene.time, Place(Path(beat), 1, 1))

    @property
    def mistakes(self) -> list[str]:
        return [f"{found.place.file}: {found.message}" for found in self.notes.findings]

    def check(self) -> None:
        """Assert that everything could be read and that the picture was filled."""
        assert not self.mistakes
        assert self.spans.width >= 0.85
        assert self.spans.height >= 0.8
