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
PREVIEW_WIDTH, PREVIEW_HEIGHT = 960, 540
PREVIEW_FPS = 20  # a GIF counts in 1/100 s: 20 and 25 fps play at the right speed

# manim's qualities: the letter of its flag, and the folder it renders into.
QUALITIES = {"l": "480p15", "m": "720p30", "h": "1080p60", "p": "1440p60", "k": "2160p60"}


@dataclass(frozen=True, slots=True)
class Job:
    """A scene, the media file to make of it, and how.

    Attributes
    ----------
    kind
        Size, images a second and, where it is no video, the format: for people, and a part of
        `inputs`.
    files
        Where each file grows and where it belongs when it is whole; the media file first, then
        what the worker may make beside it.
    command
        The worker.
    quiet
        What to add to the command where there is no terminal.
    story, theme
        None where the scene's own are wanted.
    """

    scene: SceneSource
    kind: str
    files: tuple[tuple[Path, Path], ...]
    command: tuple[str, ...]
    quiet: tuple[str, ...]
    story: Path | None
    theme: str | None

    @property
    def target(self) -> Path:
        """The media file."""
        return self.files[0][1]

    @property
    def targets(self) -> tuple[Path, ...]:
        """The media file and what may lie beside it."""
        return tuple(target for _, target in self.files)

    @property
    def environment(self) -> dict[str, str]:
        """The worker's environment: the story and the theme travel in it."""
        chosen = {"PAGEREEL_STORY": str(self.story or ""), "PAGEREEL_THEME": self.theme or ""}
        return {**os.environ, **chosen}

    @property
    def inputs(self) -> str:
        """A digest of all that the pictures depend on."""
        files = [self.scene.file] if self.story is None else [self.scene.file, self.story]
        return digest(files, [self.kind, self.theme or ""])


def video_job(
    scene: SceneSource, quality: str, *, story: Path | None = None, theme: str | None = None
) -> Job:
    """Plan a video and its subtitles, where manim itself would put them."""
    folder = MEDIA / "videos" / scene.file.stem / QUALITIES[quality]
    partial = f"{scene.name}.partial"
    options = (f"-q{quality}", "--disable_caching", "--verbosity", "WARNING")
    files = ("--media_dir", str(MEDIA), "-o", partial, str(scene.file), scene.name)
    return Job(
        scene=scene,
        kind=QUALITIES[quality],
        files=tuple(
            (folder / f"{partial}.{end}", folder / f"{scene.name}.{end}") for end in ("mp4", "srt")
        ),
        command=(sys.executable, "-m", "manim", "--hide-splash", "render", *options, *files),
        quiet=("--progress_bar", "none"),  # bars would fill a log
        story=story,
        theme=theme,
    )


def preview_job(scene: SceneSource, *, story: Path | None = None, theme: str | None = None) -> Job:
    """Plan a preview GIF."""
    folder = MEDIA / "previews"
    partial = folder / f"{scene.name}.gif.partial"  # what ends with .gif is committed
    worker = (sys.executable, "-m", "pagereel.render.preview_worker")
    return Job(
        scene=scene,
        kind=f"GIF {PREVIEW_HEIGHT}p{PREVIEW_FPS}",
        files=((partial, folder / f"{scene.name}.gif"),),
        command=(*worker, str(scene.file), scene.name, str(partial)),
        quiet=(),
        story=story,
        theme=theme,
    )
