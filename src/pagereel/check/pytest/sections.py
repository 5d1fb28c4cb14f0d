"""Draws a still of each section of a scene, for golden pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.check.playing import play, scene_class
from pagereel.check.pytest.golden import Still
from pagereel.check.see.picture import photograph
from pagereel.errors import CheckError

if TYPE_CHECKING:
    from pathlib import Path

    from manim import Animation, Scene
    from manim.scene.section import Section

    from pagereel.check.output import Output


def draw_sections(file: Path, name: str, output: Output) -> list[Still]:
    """Run a scene and return a still of each of its sections.

    It is the picture after the section's last play or wait, but for what comes last and only takes
    things away: a caption or the whole picture that leaves is seen as it was before. So it is the
    rest that a section comes to. A section in which nothing is drawn has no still, nor has one that
    the scene skips (`next_section(..., skip_animations=True)`). A scene that plays nothing has one
    still: what it adds.

    Parameters
    ----------
    file
        The scene file.
    name
        The scene's class in it.
    output
        The size of the pictures, and how many images of a movement there are.

    Raises
    ------
    SceneFailed
        If the file or the scene raised.
    CheckError
        If there is no such scene, or nothing to be seen in it.
    """
    watcher = _Sections()
    with scene_class(file, name, output) as loaded:
        play(loaded, watcher)
    if not watcher.stills:
        raise CheckError(f"{file}: {name} draws nothing; there is no picture to compare")
    return [*watcher.stills.values()]


class _Sections:
    """Watches a scene, and draws what it comes to.

    Attributes
    ----------
    stills
        The last still of each section, by the section's index.
    """

    def __init__(self) -> None:
        self.stills: dict[int, Still] = {}
        self._section: Section | None = None
        self._index = 0
        self._has_come_to_rest = False

    def begin(self, *_: Any) -> None:
        """Do nothing: a movement begins."""

    def image(self, *_: Any, **__: Any) -> None:
        """Do nothing: movements are not drawn."""

    def rest(self, scene: Scene, *_: Any) -> None:
        """Draw what a play or wait led to, if it may be what the section comes to."""
        section: Section = scene.renderer.file_writer.sections[-1]
        if section is not self._section:
            self._section, self._has_come_to_rest = section, False
            self._index += 1
        leaves = bool(scene.animations) and all(map(_takes_away, scene.animations or ()))
        if leaves and self._has_come_to_rest:
            return
        picture = photograph(scene)
        if picture != photograph(scene, empty=True):
            self.stills[self._index] = Still(self._index, section.name, picture)
            self._has_come_to_rest |= not leaves


def _takes_away(animation: Animation) -> bool:
    """Return whether an animation only takes things away, as FadeOut does."""
    parts: list[Animation] = getattr(animation, "animations", [])
    if parts:
        return all(map(_takes_away, parts))
    return animation.is_remover()
