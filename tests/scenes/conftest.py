"""What the tests of our scenes share: what a scene shows at each beat, and its golden stills."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from told import Moment, moments, scene_class

from pagereel.check.pytest.golden import compare, write

if TYPE_CHECKING:
    from PIL import Image

# Plays a scene of ours; gives what it shows at the end of its opening, its beats and its closing.
Tell = Callable[..., list[Moment]]
# Compares stills of a scene with golden ones.
Golden = Callable[..., None]

GOLDEN = Path(__file__).parent / "golden"
SIZES = {"wide": (960, 540), "tall": (540, 960), "square": (540, 540)}
ONE_BEAT = ("one", "light")


@pytest.fixture(scope="session")
def tell() -> Tell:
    """Play a scene: `tell("PagedCache")`, also with `story=`, `look="tall"`, `stills=`.

    What was played with the same stills before is not played again. So slow tests ask for all
    stills, with `stills=None`, as `golden` does.
    """

    @cache
    def played(
        scene: str,
        size: tuple[int, int],
        theme: str,
        story: Path | None,
        stills: frozenset[str] | None,
    ) -> list[Moment]:
        kind = scene_class(scene)
        return moments(kind, size=size, theme=theme, story=story, stills=stills)

    def run(
        scene: str,
        *,
        look: str = "wide",
        story: Path | None = None,
        stills: Collection[str] | None = (),
    ) -> list[Moment]:
        size, theme = SIZES.get(look, SIZES["wide"]), "light" if look == "light" else "dark"
        wanted = None if stills is None else frozenset(stills)
        return played(scene, size, theme, story, wanted)

    return run


def differing(
    drawn: Mapping[str, Image.Image], folder: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> list[str]:
    """Return what differs of pictures from golden ones of their names; take them, if asked to."""
    if pytestconfig.getoption("update_golden"):
        for name, picture in drawn.items():
            write(picture, folder / name)
    found = (compare(each, folder / name, failed=tmp_path / name) for name, each in drawn.items())
    return [*filter(None, found)]


@pytest.fixture
def golden(tell: Tell, tmp_path: Path, pytestconfig: pytest.Config) -> Golden:
    """Compare a scene's stills with golden ones: `golden("PagedCache", look, fullest="…")`.

    The looks `one` and `light` are of the fullest beat alone; the others of all beats.
    """

    def check(scene: str, look: str, *, fullest: str, story: Path | None = None) -> None:
        told = tell(scene, look=look, story=story, stills={fullest} if look in ONE_BEAT else None)
        folder = GOLDEN / (f"{scene}-{story.stem}" if story else scene)
        drawn = {f"{look}-{now.key}.png": now.still for now in told if now.still}
        assert drawn, f"{scene} has no beat {fullest}"
        stale = {file.name for file in folder.glob(f"{look}-*.png")} - {*drawn}
        wrong = differing(drawn, folder, tmp_path, pytestconfig)
        for name in stale if pytestconfig.getoption("update_golden") else ():
            (folder / name).unlink()
        assert not wrong
        assert not stale or pytestconfig.getoption("update_golden"), f"no such beats: {stale}"

    return check
