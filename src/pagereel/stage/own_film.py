"""A film of one's own: several scenes tell some of their beats, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import tempconfig

from pagereel.discovery import storytellers
from pagereel.discovery.load import load_scene
from pagereel.errors import RequestError, StoryError
from pagereel.languages import by_code
from pagereel.request import prepared
from pagereel.stage.length import CountingRenderer, Cut
from pagereel.stage.picture_scene import PictureScene
from pagereel.stage.scene import StoryScene
from pagereel.stage.text.fonts import speak
from pagereel.story.takes import Takes, load_takes

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.story.takes import Take


class OwnFilm(PictureScene):
    """The scenes that a file names, each with its own parts, in one film.

    Each scene is set up, so that what is wrong with it stops here, and then plays for the film's
    renderer.

    Attributes
    ----------
    scenes
        In the order of the film.
    """

    scenes: tuple[StoryScene, ...]

    def setup(self) -> None:
        """Read the film, and set up its scenes."""
        super().setup()
        path = self.options.story
        if path is None:
            raise RequestError("OwnFilm shows the scenes that a file names; name one with --story")
        film = prepared(Takes, path) or load_takes(path, storytellers())
        kinds = [_kind(take, film.path) for take in film.takes]
        self.scenes = tuple(_set_up(*each) for each in zip(kinds, film.takes, strict=True))
        if not isinstance(self.renderer, CountingRenderer):
            optional = [
                _key(number, beat.key)
                for number, take in enumerate(film.takes)
                for beat in take.story.beats
                if beat.optional and beat.told
            ]
            self.cut = self.fit(film.length, optional, file=path, line=film.line)

    def construct(self) -> None:
        """Let one scene after another play; the brand's cards stand around all of them."""
        self.begin_film()
        for number, scene in enumerate(self.scenes):
            speak(by_code(scene.story.language), scene.story.texts)
            keys = [beat.key for beat in scene.story.beats]
            silent = {key for key in keys if _key(number, key) in self.cut.silent}
            scene.cut = Cut(self.cut.share, frozenset(silent))
            scene.play_for(self)
            self.count.spare += scene.count.spare
            spent = scene.count.beats.items()
            self.count.beats |= {_key(number, key): each for key, each in spent}
        self.end_film()


def _kind(take: Take, film: Path) -> type[StoryScene]:
    """Return the class of a scene; refuse one that is a film by itself."""
    kind = load_scene(take.file, take.scene)
    if not issubclass(kind, StoryScene) or kind.default_brand:
        message = f"{take.scene} is a film by itself; remove it here and render it alone"
        raise StoryError(film, message, line=take.line)
    return kind


def _set_up(kind: type[StoryScene], take: Take) -> StoryScene:
    """Return a scene that is ready to play."""
    with tempconfig({"format": "none"}):
        scene = kind(CountingRenderer())
    scene.given = take.story
    scene.setup()
    scene.brand = None  # the film's cards
    return scene


def _key(number: int, key: str) -> str:
    """Return what a beat is called among those of the whole film."""
    return f"{number}/{key}"
