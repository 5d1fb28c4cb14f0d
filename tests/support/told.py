"""Scenes played without encoding, and what they show at the end of each beat."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from manim import Camera, tempconfig
from manim.utils.module_ops import get_module

from pagereel.request import SceneOptions
from pagereel.stage.length import CountingRenderer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from PIL import Image

    from pagereel.cache import CacheState, Step
    from pagereel.stage.picture_scene import PictureScene
    from pagereel.stage.scene import StoryScene
    from pagereel.story import Beat

SceneT = TypeVar("SceneT", bound="PictureScene")
SCENES = Path(__file__).parents[2] / "scenes"
# That of the checkout: laying texts out takes longer than all else, and is done only once there.
MEDIA = SCENES.parent / "media"


class BlindCamera(Camera):
    """A camera that draws nothing: drawing would take most of the time."""

    def capture_mobjects(self, *_: Any, **__: Any) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Moment:
    """What a scene shows at the end of a beat, before its caption leaves.

    Parameters
    ----------
    key
        The beat's; or ``opening``, ``closing``.
    beat
        The beat; None at the opening and the closing.
    steps
        All that has happened until then.
    state
        The cache as it is then.
    shown
        What each part shows, by its name in the scene.
    still
        The picture, if it was asked for.
    """

    key: str
    beat: Beat | None
    steps: tuple[Step, ...]
    state: CacheState
    shown: dict[str, Any]
    still: Image.Image | None = None


@cache
def scene_class(name: str) -> type[StoryScene]:
    """Load a scene of ours as manim loads it."""
    (file,) = (file for file in SCENES.glob("*.py") if f"class {name}(" in file.read_text("utf-8"))
    before = [*sys.path]
    found: type[StoryScene] = getattr(get_module(file), name)
    sys.path[:] = before
    return found


def play_scene(
    kind: type[SceneT],
    *,
    size: tuple[int, int],
    media: Path = MEDIA,
    theme: str | None = "dark",
    story: Path | None = None,
    brand: Path | None = None,
    seconds: float | None = None,
    only_set_up: bool = False,
    at_rest: Callable[[SceneT], None] = lambda _: None,
) -> SceneT:
    """Play a scene, or only set it up; `at_rest` is called with it after every movement.

    Parameters
    ----------
    kind
        The scene.
    size
        Width and height of the picture in pixels.
    media
        manim's folder of media files.
    seconds
        How long it may be, if it can be that short.
    """

    def play(self: SceneT, *args: Any, **kwargs: Any) -> None:
        kind.play(self, *args, **kwargs)
        if not isinstance(self.renderer, CountingRenderer):
            at_rest(self)

    settings = {
        **dict(zip(("pixel_width", "pixel_height"), size, strict=True)),
        "frame_rate": 20,
        "format": "none",
        "progress_bar": "none",
        "verbosity": "ERROR",
        "media_dir": str(media),
    }
    with tempconfig(settings), SceneOptions(story, theme, seconds, brand=brand).in_environment():
        watched = type(kind.__name__, (kind,), {"play": play})
        scene: SceneT = watched(skip_animations=True, camera_class=BlindCamera)
        scene.setup()
        if not only_set_up:
            scene.construct()
    return scene


def moments(
    kind: type[StoryScene],
    *,
    stills: Collection[str] | None = (),
    scenes: list[StoryScene] | None = None,
    **how: Any,
) -> list[Moment]:
    """Play a scene, and return what it shows at the end of its opening, its beats and its closing.

    Parameters
    ----------
    kind
        The scene.
    stills
        The keys of the beats of which a picture is wanted; None: of all.
    scenes
        Gets the scene that was played.
    how
        As of `play_scene`.
    """
    found: dict[str, Moment] = {}
    rested: set[str] = set()

    def look(scene: StoryScene) -> None:
        key = scene.renderer.file_writer.sections[-1].name
        rests = "Wait" in str(scene.animations)
        if key in rested and not rests:
            return
        if rests:
            rested.add(key)
        drawn = still(scene) if stills is None or key in stills else None
        shown = {name: part.shown for name, part in scene.stage.parts.items()}
        found[key] = Moment(key, *_told(scene.story, key), shown, drawn)

    played = play_scene(kind, at_rest=look, **how)
    if scenes is not None:
        scenes.append(played)
    return [*found.values()]


def _told(story: Any, key: str) -> tuple[Beat | None, tuple[Step, ...], CacheState]:
    """Return a beat, what has happened until its end, and the state then."""
    keys = [beat.key for beat in story.beats]
    last = {"opening": 0, "closing": len(keys)}.get(key)
    count = keys.index(key) + 1 if last is None else last
    steps = tuple(step for beat in story.beats[:count] for step in beat.steps)
    beat = story.beats[count - 1] if last is None else None
    return beat, (*story.earlier, *steps), steps[-1].after if steps else story.initial


def still(scene: PictureScene) -> Image.Image:
    """Draw what is on screen."""
    camera = scene.camera
    assert isinstance(camera, Camera)
    camera.reset()
    Camera.capture_mobjects(camera, scene.mobjects)  # the tests' own camera is blind
    return camera.get_image().convert("RGB")
