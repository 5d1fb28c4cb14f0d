"""Checks files of scenes, each in a process of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pagereel.check.runner import do_all
from pagereel.discovery import choose_scenes

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.check.finding import Finding
    from pagereel.check.output import Output
    from pagereel.check.settings import Settings


def checked(
    file: Path, output: Output, settings: Settings, *, most: int | None = None
) -> list[Finding]:
    """Return what is found in all scenes of a file, or in the first few.

    One process plays them all: a process for each scene, as users get, takes twice as long.
    """
    task = (file, "", output, settings)
    check = partial(_check, most=most)
    (answer,) = do_all(check, [task], most=1, needs="pagereel.check.session")
    assert isinstance(answer, list), answer
    return answer


def _check(
    file: Path, _: str, output: Output, settings: Settings, *, most: int | None
) -> list[Finding]:
    from pagereel.check.session import check_scene  # noqa: PLC0415 (not before the fork)

    return [
        finding
        for scene in choose_scenes([str(file)])[:most]
        for finding in check_scene(scene.file, scene.name, output, settings)
    ]
