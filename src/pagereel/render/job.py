"""One scene to be rendered: what from, what to, and how."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pagereel.options import SECONDS_VARIABLE, environment
from pagereel.render.freshness import digest, is_fresh
from pagereel.render.sources import sources_of
from pagereel.render.video import CAPTIONED, PREVIEW, Video

if TYPE_CHECKING:
    from pagereel.render.catalog import SceneSource
    from pagereel.render.cluster.address import Cluster

MEDIA = Path("media")
EVERY = "*"  # as `--section`: all sections
PREVIEW_SECONDS = 30.0


class Way(Enum):
    """Who draws."""

    FAST = "fast"
    STOCK = "stock"


# What draws and writes files, besides what the scene imports.
_MAKING = {Way.FAST: ("pagereel.fast", "pagereel.render.formats.encode"), Way.STOCK: ()}


@dataclass(frozen=True, slots=True)
class Job:
    """A scene, the media files to make of it, and how.

    Attributes
    ----------
    folder
        Where the media files go, but for stills.
    formats
        Some of `video.FORMATS`, in their order.
    sections
        Only the sections with these names, or patterns of names; `EVERY`: all of them, and the
        whole, too; none: the whole alone.
    story, theme
        None where the scene's own are wanted.
    seconds
        How long it is to be, where the scene lets one choose; None for its own length.
    called
        What the files are called, if not as the scene.
    alone
        Whether nothing but the media file may be left on the disk.
    """

    scene: SceneSource
    way: Way
    video: Video
    folder: Path
    formats: tuple[str, ...] = ("mp4",)
    sections: tuple[str, ...] = ()
    story: Path | None = None
    theme: str | None = None
    seconds: float | None = None
    called: str | None = None
    alone: bool = False

    @property
    def stem(self) -> str:
        """The name of its files, without their endings."""
        return self.called or self.scene.name

    @property
    def is_whole(self) -> bool:
        """Whether the whole scene is wanted, and not only some sections."""
        return not self.sections or EVERY in self.sections

    @property
    def target(self) -> Path:
        """The first media file; or, for sections alone, a name that stands for them."""
        return self.outputs[0] if self.outputs else self.folder / f"{self.stem}.sections"

    @property
    def outputs(self) -> tuple[Path, ...]:
        """The media files of the whole scene."""
        if not self.is_whole:
            return ()
        stills = MEDIA / "images" / self.scene.file.stem
        return tuple(
            (stills if each == "png" else self.folder) / f"{self.stem}.{each}"
            for each in self.formats
        )

    @property
    def companions(self) -> tuple[Path, ...]:
        """What may be made beside the media files: subtitles."""
        captioned = self.is_whole and any(each in CAPTIONED for each in self.formats)
        ends = (".srt", ".vtt") if captioned and not self.alone else ()
        return tuple(self.folder / f"{self.stem}{end}" for end in ends)

    @property
    def kind(self) -> str:
        """What is made, for people."""
        made = self.video.label
        if self.formats != ("mp4",):
            made = f"{made} {', '.join(self.formats)}"
        if not self.sections:
            return made
        return f"{made}, {'with' if self.is_whole else 'only'} sections {', '.join(self.sections)}"

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
        files = sources_of(self.scene.file, _MAKING[self.way])
        words = [self.scene.name, self.way.value, repr(self.video), self.theme or ""]
        words.append(self.environment.get(SECONDS_VARIABLE, ""))
        # Whether all formats are there is not known of sections: their names are not.
        words.append(repr((self.sections, self.formats)) if self.sections else "")
        return digest(files if self.story is None else [*files, self.story], words)

    def is_fresh(self, inputs: str) -> bool:
        """Return whether all files are there that were made from inputs with this digest."""
        # Which sections there are is only known when the scene has been run.
        wanted = None if self.sections else (*self.outputs, *self.companions)
        return is_fresh(self.target, inputs, wanted)

    def shards(self, inputs: str) -> str:
        """Return a digest of what its shards are made from: inputs with this digest, and how."""
        how = "mp4" if self.formats == ("mp4",) else "images"
        return hashlib.sha256(f"{inputs} {how}".encode()).hexdigest()

    def request(
        self,
        folder: Path,
        jobs: int,
        *,
        keep: Path | None = None,
        cluster: Cluster | None = None,
    ) -> dict[str, Any]:
        """Return what the worker is told: to make the files in a folder.

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
            "target": str(folder / self.target.name),
            "media": str(folder / MEDIA if self.alone else MEDIA),
            "formats": self.formats,
            "sections": self.sections,
            "width": self.video.width,
            "height": self.video.height,
            "fps": self.video.fps,
            "exact": self.video.exact,
            "jobs": jobs,
            "keep": keep and str(keep),
            "dask": cluster and cluster.address,
            "travelling": cluster.files if cluster else (),
        }


def video_job(scene: SceneSource, video: Video, **options: Any) -> Job:
    """Plan videos, where manim itself would put them; further options are those of `Job`."""
    folder = MEDIA / "videos" / scene.file.stem / video.label
    return Job(scene, Way.STOCK if video.stock else Way.FAST, video, folder, **options)


def preview_job(scene: SceneSource, **options: Any) -> Job:
    """Plan a preview GIF: a short one, where the scene lets one choose and nobody has chosen.

    Further options are those of `Job`.
    """
    seconds = None if os.environ.get(SECONDS_VARIABLE) else PREVIEW_SECONDS
    folder = MEDIA / "previews"
    return Job(scene, Way.FAST, PREVIEW, folder, ("gif",), seconds=seconds, **options)
