"""A check that finds what the checked file itself says, and is quick: it imports no manim.

Workers import it by its name, as they import the real one.
"""

from __future__ import annotations

import runpy
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from pagereel.check.finding import Finding
from pagereel.check.see.parts import Place

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from pagereel.check.output import Output
    from pagereel.check.settings import Settings


def check_scene(
    file: Path,
    scene: str,
    output: Output,
    settings: Settings,
    stills: Path | None,
    media: Path,
) -> list[Finding]:
    """Call `check(scene, output, settings, stills)` of a file, which yields lines and rules.

    The file finds the folder of media files in its global `media`.
    """
    sys.modules["manim"] = cast("ModuleType", SimpleNamespace(Scene=object))
    check = runpy.run_path(str(file), {"media": media})["check"]
    return [
        Finding(
            place=Place(file, line, line),
            rule=rule,
            message=f"{rule} is broken",
            scene=scene,
            output=output.label,
            subject=rule,
            seconds=1.5,
        )
        for line, rule in check(scene, output, settings, stills)
    ]
