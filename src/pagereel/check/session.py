"""Check the scenes of a file for one output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.check.playing import class_place, play, scene_classes
from pagereel.check.rules.fonts import missing_fonts
from pagereel.check.see.notes import Notes
from pagereel.check.see.picture import Stills
from pagereel.check.see.watch import Watch

if TYPE_CHECKING:
    from pathlib import Path

    from manim import Scene

    from pagereel.check.finding import Finding
    from pagereel.check.output import Output
    from pagereel.check.settings import Settings


@dataclass(frozen=True, slots=True)
class SessionResult:
    """What came out of a file for one output.

    Attributes
    ----------
    findings
        In the order they were found.
    scenes
        The names of the scenes that were checked.
    """

    findings: list[Finding]
    scenes: list[str]


def check_scene(
    file: Path, scene: str | None, output: Output, settings: Settings, stills: Path | None = None
) -> SessionResult:
    """Check one scene of a file, or all that it defines.

    Parameters
    ----------
    file
        The source.
    scene
        The class; None for all.
    output
        Size and speed of the pictures.
    settings
        Which rules are asked.
    stills
        The folder for pictures of what is found.

    Raises
    ------
    SceneFailed
        If the file or a scene raised.
    CheckError
        If there is no such scene.
    """
    findings: list[Finding] = []
    with scene_classes(file, scene, output) as classes:
        for scene_class in classes:
            findings += _check(scene_class, output, settings, stills)
    return SessionResult(findings, [scene_class.__name__ for scene_class in classes])


def _check(
    scene_class: type[Scene], output: Output, settings: Settings, folder: Path | None
) -> list[Finding]:
    name = scene_class.__name__
    stills = None
    if folder is not None:
        stills = Stills(folder, f"{name}-{output.slug}")
    notes = Notes(name, output, stills)
    with missing_fonts() as fonts:
        watch = Watch(
            lambda rule: settings.limit(rule, output), notes, missing_fonts=fonts, stills=stills
        )
        scene = play(scene_class, watch)
        watch.end(scene, class_place(scene_class))
    return notes.findings
