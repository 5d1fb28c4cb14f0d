"""One scene to be rendered, and where its media files go."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pagereel.assets import OWN_FILM
from pagereel.discovery.stories import chosen_files
from pagereel.render.formats.registry import FORMATS, file_name, have_subtitles
from pagereel.render.freshness import inputs_digest, is_fresh, read_key
from pagereel.render.sources import sources_of
from pagereel.request import EACH_SECTION, PREVIEW, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pagereel.render.cluster.address import Cluster
    from pagereel.request import SceneOptions

MEDIA = Path("media")
PREVIEW_SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class Job:
    """A scene, and the media files to make of it.

    Attributes
    ----------
    request
        What is asked for.
    folder
        Where the media files go, but for stills.
    stills
        Where stills go; None stands for the folder where manim puts them by default.
    called
        What the files are called, if not as the scene.
    manims
        Why only manim can make them; empty if the fast renderer can.
    alone
        Whether nothing but the media file may be left on the disk.
    """

    request: Request
    folder: Path
    stills: Path | None = None
    called: str | None = None
    manims: str = ""
    alone: bool = False

    @property
    def scene(self) -> str:
        """The scene's name."""
        return self.request.scene

    @property
    def stem(self) -> str:
        """The name of its files, without their endings."""
        return self.called or self.scene

    @property
    def is_for_manim(self) -> bool:
        """Whether it is known before it begins that manim itself renders it."""
        return bool(self.manims) or self.request.video.stock

    @property
    def target(self) -> Path:
        """The first media file; or, for sections alone, a name that stands for them."""
        return self.outputs[0] if self.outputs else self.folder / f"{self.stem}.sections"

    @property
    def outputs(self) -> tuple[Path, ...]:
        """The media files of the whole scene."""
        if not self.request.is_whole:
            return ()
        stills = self.stills or MEDIA / "images" / self.request.file.stem
        return tuple(
            (stills if FORMATS[each].is_still else self.folder) / file_name(self.stem, each)
            for each in self.request.formats
        )

    @property
    def companions(self) -> tuple[Path, ...]:
        """What may be made beside the media files: subtitles."""
        captioned = self.request.is_whole and have_subtitles(self.request.formats)
        ends = (".srt", ".vtt") if captioned and not self.alone else ()
        return tuple(self.folder / f"{self.stem}{end}" for end in ends)

    @property
    def kept(self) -> Path | None:
        """Where drawn shards are kept for the next rendering, if they are."""
        return None if self.alone else MEDIA / "cache"

    @property
    def formulas(self) -> Path | None:
        """Where formulas are kept for the next rendering, if they are."""
        return None if self.alone else MEDIA / "Tex" / "kept"

    @property
    def kind(self) -> str:
        """The video and the formats, in words."""
        request, made = self.request, self.request.video.label
        if request.formats != ("mp4",):
            made = f"{made} {', '.join(request.formats)}"
        if not request.sections:
            return made
        if request.sections == (EACH_SECTION,):
            return f"{made}, one a section"
        only = "with" if request.is_whole else "only"
        return f"{made}, {only} sections {', '.join(request.sections)}"

    @property
    def inputs(self) -> str:
        """The digest of all that the pictures depend on."""
        request, options = self.request, self.request.options
        # What draws and writes files, besides what the scene imports.
        makers = () if request.video.stock else ("pagereel.fast", "pagereel.render.formats")
        if request.file == OWN_FILM:  # its scenes may have any parts
            makers = (*makers, "pagereel.stage")
        files = sources_of(request.file, makers)
        words = [request.scene, repr(request.video), repr(request.seed)]
        words += [options.theme or "", repr(options.seconds), options.title or ""]
        words += [repr(options.pair.names)] if options.pair else []
        # Whether all formats are there is not known of sections: their names are not.
        words.append(repr((request.sections, request.formats)) if request.sections else "")
        return inputs_digest([*files, *chosen_files(options)], words)

    def is_fresh(self, digests: Mapping[Job, str]) -> bool:
        """Return whether all files are there that were made from inputs with its digest.

        Parameters
        ----------
        digests
            Has the digest of its inputs. Without a key there is nothing to compare it with.
        """
        # Which sections there are is only known when the scene has been run.
        wanted = None if self.request.sections else (*self.outputs, *self.companions)
        if self.noted != self:
            wanted = None
        return bool(read_key(self.target)) and is_fresh(self.target, digests[self], wanted)

    @property
    def noted(self) -> Job:
        """The job as the scene's file changed it when its files were made."""
        facts = read_key(self.target).get("job")
        return self.changed(facts) if isinstance(facts, dict) else self

    @property
    def facts(self) -> dict[str, Any]:
        """What a scene's file can change of a job, as plain data."""
        video, request = self.request.video, self.request
        return {
            "video": [video.width, video.height, video.fps],
            "formats": request.formats,
            "sections": request.sections,
            "folder": str(self.folder),
            "stills": str(self.stills or ""),
            "called": self.called,
            "manims": self.manims,
        }

    def changed(self, facts: Mapping[str, Any]) -> Job:
        """Return this job as `facts` of another one say."""
        width, height, fps = facts["video"]
        request = replace(
            self.request,
            video=replace(self.request.video, width=width, height=height, fps=fps),
            formats=tuple(facts["formats"]),
            sections=tuple(facts["sections"]),
        )
        return replace(
            self,
            request=request,
            folder=Path(facts["folder"]),
            stills=Path(facts["stills"]) if facts["stills"] else None,
            called=facts["called"],
            manims=facts["manims"],
        )

    def shards(self, inputs: str) -> str:
        """Return a digest of what its shards are made from: inputs with this digest, and how."""
        how = "mp4" if self.request.formats == ("mp4",) else "images"
        return hashlib.sha256(f"{inputs} {how}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What the worker process is to do about a scene.

    Attributes
    ----------
    target
        Where to write the first media file. All others go beside it, and so does what manim lays
        out: texts and formulas.
    media
        manim's folder of media files, where outlines of texts are kept.
    jobs
        How many processes draw.
    checkpoint
        Where shards are kept if the rendering is interrupted.
    kept
        Where shards are kept by what they show, for later renderings.
    renew
        Whether none of those is taken.
    cluster
        The cluster that draws in place of processes of this machine.
    read
        What has been read of the story, so that the scene need not do it again.
    job
        The job, which the scene's file may change; None if it has been read before.
    """

    request: Request
    target: Path
    media: Path = MEDIA
    jobs: int = 1
    checkpoint: Path | None = None
    kept: Path | None = None
    renew: bool = False
    cluster: Cluster | None = None
    read: tuple[object, ...] = ()
    job: Job | None = None


def worker_environment() -> dict[str, str]:
    """Return the environment of a process that draws.

    Some of manim's animations pair shapes in the order of their hashes.
    """
    return {"PYTHONHASHSEED": "0", **os.environ}


def preview_job(file: Path, scene: str, options: SceneOptions) -> Job:
    """Plan a preview GIF, as short as it can be down to 25 s."""
    called = options.called("" if file == OWN_FILM else scene)
    options = replace(options, seconds=options.seconds or PREVIEW_SECONDS)
    request = Request(file=file, scene=scene, video=PREVIEW, options=options, formats=("gif",))
    return Job(request, MEDIA / "previews", called=called if called != scene else None)
