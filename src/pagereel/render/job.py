"""One scene to be rendered: what from, what to, and how."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pagereel.options import SECONDS_VARIABLE, environment
from pagereel.render.freshness import digest
from pagereel.render.sources import sources_of
from pagereel.render.video import PREVIEW, Video

if TYPE_CHECKING:
    from pagereel.render.address import Cluster
    from pagereel.render.catalog import SceneSource

MEDIA = Path("media")
PREVIEW_SECONDS = 30.0


class Way(Enum):
    """Who makes the file, and what it is."""

    FAST = "fast"
    STOCK = "stock"
    GIF = "gif"


# What draws, besides what the scene imports.
_DRAWING = {
    Way.FAST: ("pagereel.fast", "pagereel.render.subtitles"),
    Way.STOCK: (),
    Way.GIF: ("pagereel.fast", "pagereel.render.preview"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """A scene, the media file to make of it, and how.

    Attributes
    ----------
    target
        The media file.
    story, theme
        None where the scene's own are wanted.
    seconds
        How long it is to be, where the scene lets one choose; None for its own length.
    alone
        Whether nothing but the media file may be left on the disk.
    """

    scene: SceneSource
    way: Way
    video: Video
    target: Path
    story: Path | None = None
    theme: str | None = None
    seconds: float | None = None
    alone: bool = False

    @property
    def kind(self) -> str:
        """What is made, for people."""
        return f"GIF {self.video.label}" if self.way is Way.GIF else self.video.label

    @property
    def companions(self) -> tuple[Path, ...]:
        """What may be made beside the media file."""
        ends = () if self.way is Way.GIF or self.alone else (".srt", ".vtt")
        return tuple(self.target.with_suffix(end) for end in ends)

    @property
    def environment(self) -> dict[str, str]:
        """The worker's environment: the story and the theme travel in it.

        Some of manim's animations pair shapes in the order of their hashes.
        """
        length = {} if self.seconds is None else {SECONDS_VARIABLE: f"{self.seconds:g}"}
        chosen = environment(self.story, self.theme)
        return {"PYTHONHASHSEED": "0", **os.environ, **chosen, **length}

    @property
    def inputs(self) -> str:
        """A digest of all that the pictures depend on."""
        files = sources_of(self.scene.file, _DRAWING[self.way])
        words = [self.scene.name, self.way.value, repr(self.video), self.theme or ""]
        words.append(self.environment.get(SECONDS_VARIABLE, ""))
        return digest(files if self.story is None else [*files, self.story], words)

    def request(
        self,
        folder: Path,
        jobs: int,
        *,
        keep: Path | None = None,
        cluster: Cluster | None = None,
    ) -> dict[str, Any]:
        """Return what the worker is told: to make the file in a folder.

        Parameters
        ----------
        jobs
            How many processes are to draw.
        keep
            Where shards are kept if the rendering is interrupted.
        cluster
            Who draws instead of them, if anyone.
        """
        return {
            "file": str(self.scene.file),
            "scene": self.scene.name,
            "way": self.way.value,
            "target": str(folder / self.target.name),
            "media": str(folder / MEDIA if self.alone else MEDIA),
            "width": self.video.width,
            "height": self.video.height,
            "fps": self.video.fps,
            "exact": self.video.exact,
            "jobs": jobs,
            "keep": keep and str(keep),
            "dask": cluster and cluster.address,
            "travelling": cluster.files if cluster else (),
        }


def video_job(
    scene: SceneSource, video: Video, *, story: Path | None = None, theme: str | None = None
) -> Job:
    """Plan a video and its subtitles, where manim itself would put them."""
    target = MEDIA / "videos" / scene.file.stem / video.label / f"{scene.name}.mp4"
    return Job(scene, Way.STOCK if video.stock else Way.FAST, video, target, story, theme)


def preview_job(scene: SceneSource, *, story: Path | None = None, theme: str | None = None) -> Job:
    """Plan a preview GIF: a short one, where the scene lets one choose and nobody has chosen."""
    target = MEDIA / "previews" / f"{scene.name}.gif"
    seconds = None if os.environ.get(SECONDS_VARIABLE) else PREVIEW_SECONDS
    return Job(scene, Way.GIF, PREVIEW, target, story, theme, seconds=seconds)
