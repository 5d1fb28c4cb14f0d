"""`Compare` played without encoding, and what it shows at the end of each beat."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from told import play_scene, scene_class, still

if TYPE_CHECKING:
    from PIL import Image

    from pagereel.stage.compare.scene import RaceScene

# The sizes and themes in which stills are looked at.
SHAPES = {
    "wide": ((960, 540), "dark"),
    "tall": ((540, 960), "dark"),
    "square": ((540, 540), "dark"),
    "light": ((960, 540), "light"),
}
FULLEST = "gap"
PAIR = ("prefix_off_192.jsonl", "pages_192.jsonl")


@dataclass(frozen=True)
class Beat:
    """What the scene shows at the end of a beat, before its caption leaves.

    Parameters
    ----------
    key
        The beat's section.
    moment
        Of the comparison.
    shown
        What each part shows, by its name in the scene.
    still
        The picture, if it was asked for.
    """

    key: str
    moment: int
    shown: dict[str, Any]
    still: Image.Image | None


@cache
def beats(
    *,
    size: tuple[int, int] = (960, 540),
    theme: str = "dark",
    traces: tuple[str, ...] = PAIR,
    stills: frozenset[str] = frozenset({FULLEST}),
) -> dict[str, Beat]:
    """Play it, and return its beats by their keys; `after` is what comes behind `lost`.

    Parameters
    ----------
    stills
        The keys of the beats of which a picture is wanted.
    """
    found: dict[str, Beat] = {}

    def look(played: Any) -> None:
        scene = cast("RaceScene", played)
        key = scene.renderer.file_writer.sections[-1].name
        moment = scene.board.moment
        if key == "lost" and found.get(key, Beat("", moment, {}, None)).moment != moment:
            key = "after"
        if "Wait" in str(scene.animations) or key not in found:
            drawn = still(scene) if key in stills else None
            shown = {name: part.shown for name, part in scene.stage.parts.items()}
            found[key] = Beat(key, moment, shown, drawn)

    kind: Any = scene_class("Compare")
    told = type("Compare", (kind,), {"default_traces": traces})
    play_scene(told, size=size, theme=theme, at_rest=look)
    return found


def golden(look: str, key: str) -> Path:
    """Return the file of a golden still."""
    return Path(__file__).parents[1] / "scenes" / "golden" / "Compare" / f"{look}-{key}.png"
