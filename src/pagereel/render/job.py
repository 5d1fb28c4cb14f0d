"""One scene to be rendered: what from, what to, by which command."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.render.freshness import digest

if TYPE_CHECKING:
    from pagereel.render.catalog import SceneSource

MEDIA = Path("media")
PREVIEW_WIDTH = 960
PREVIEW_FPS = 20  # a GIF counts in 1/100 s: 20 and 25 fps play at the right speed

# manim's qualities: the letter of its flag, and the folder it renders into.
QUALITIES = {"l": "480p15", "m": "720p30", "h": "1080p60", "p": "1440p60", "k": "2160p60"}


@dataclass(frozen=True, slots=True)
class Job:
    """A scene, the media file to make of it, and how.

    `partial` is where the file grows; it becomes `target` when it is whole. `story` and `theme`
    are None where the scene's own are wanted.
    """

    scene: SceneSource
    target: Path
    partial: Path
    command: tuple[str, ...]
    settings: tuple[str, ...]
    story: Path | None
    theme: str | None

    @property
    def environment(self) -> dict[str, str]:
        """The worker's environment: the story and the theme travel in it."""
        chosen = {"PAGEREEL_STORY": str(self.story or ""), "PAGEREEL_THEME": self.theme or ""}
        return {**os.environ, **chosen}

    @property
    def inputs(self) -> str:
        """A digest of all that the pictures depend on."""
        files = [self.scene.file] if self.story is None else [self.scene.file, self.story]
        return digest(files, [*self.settings, self.theme or ""])


def video_job(
    scene: SceneSource, quality: str, *, story: Path | None = None, theme: str | None = None
) -> Job:
    """Plan a video, where manim itself would put it."""
    folder = MEDIA / "videos" / scene.file.stem / QUALITIES[quality]
    partial = folder / f"{scene.name}.partial.mp4"
    options = (f"-q{quality}", "--disable_caching", "--verbosity", "WARNING")
    files = ("--media_dir", str(MEDIA), "-o", partial.stem, str(scene.file), scene.name)
    return Job(
        scene=scene,
        target=folder / f"{scene.name}.mp4",
        partial=partial,
        command=(sys.executable, "-m", "manim", "render", *options, *files),
        settings=("video", quality),
        story=story,
        theme=theme,
    )


def preview_job(scene: SceneSource, *, story: Path | None = None, theme: str | None = None) -> Job:
    """Plan a preview GIF."""
    folder = MEDIA / "previews"
    partial = folder / f"{scene.name}.partial.gif"
    worker = (sys.executable, "-m", "pagereel.render.preview_worker")
    return Job(
        scene=scene,
        target=folder / f"{scene.name}.gif",
        partial=partial,
        command=(*worker, str(scene.file), scene.name, str(partial)),
        settings=("preview", str(PREVIEW_WIDTH), str(PREVIEW_FPS)),
        story=story,
        theme=theme,
    )
