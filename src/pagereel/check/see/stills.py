"""Pictures of what is found, with the spot outlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import ImageDraw

from pagereel.check.see.picture import photograph

if TYPE_CHECKING:
    from pathlib import Path

    from manim import Scene
    from PIL import Image

    from pagereel.check.see.parts import Hit

_COLORS = ("#000000", "#FFD400")  # outside and inside: seen on anything
_ROOM = 6  # pixels between a spot and its outline


class Stills:
    """Writes pictures into a folder.

    Parameters
    ----------
    folder
        Where to. It is made when there is something to put there.
    stem
        What their names begin with: scene and output.
    """

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder = folder
        self._stem = stem
        self._count = 0
        self._last: Image.Image | None = None
        self._kept: dict[float, Image.Image] = {}

    def remember(self, scene: Scene, seconds: float, *, keep: bool = False) -> None:
        """Keep the picture of a moment that a finding may be about when it has passed."""
        self._last = photograph(scene)
        if keep:
            self._kept = {seconds: self._last}

    def write(self, hit: Hit, scene: Scene | None, seconds: float) -> Path | None:
        """Write the picture of a finding; None if nothing of it was ever seen.

        Parameters
        ----------
        hit
            What is found.
        scene
            As it shows it; None where the moment has passed.
        seconds
            When it is seen.
        """
        picture = photograph(scene) if scene else self._kept.get(seconds, self._last)
        if picture is None:
            return None
        self._count += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        if hit.spot:
            picture = _outlined(picture, hit.spot)
        path = self._folder / f"{self._stem}-{self._count:03}-{hit.rule}.png"
        picture.save(path)
        return path


def _outlined(picture: Image.Image, spot: tuple[float, float, float, float]) -> Image.Image:
    picture = picture.copy()
    left, top, right, bottom = spot
    line = max(2, min(picture.size) // 360)
    brush = ImageDraw.Draw(picture)
    for color, room, width in zip(_COLORS, (_ROOM + line, _ROOM), (2 * line, line), strict=True):
        corners = (left - room, top - room, right + room, bottom + room)
        brush.rectangle(corners, outline=color, width=width)
    return picture
