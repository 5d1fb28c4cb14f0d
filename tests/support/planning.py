"""Jobs planned in a line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pagereel.render import job
from pagereel.request import Request, SceneOptions, chosen_video

if TYPE_CHECKING:
    from pagereel.discovery import SceneSource
    from pagereel.render.job import Job
    from pagereel.request import Video

LOW = chosen_video("l")


def video_job(
    scene: SceneSource,
    video: Video = LOW,
    *,
    story: Path | None = None,
    theme: str | None = None,
    **options: Any,
) -> Job:
    """Plan videos; further options are those of `Request`."""
    told = SceneOptions(story, theme)
    request = Request(file=scene.file, scene=scene.name, video=video, options=told, **options)
    return job.Job(request, Path("media/videos", scene.file.stem, video.label))


def preview_job(scene: SceneSource, story: Path | None = None, theme: str | None = None) -> Job:
    """Plan a preview."""
    return job.preview_job(scene.file, scene.name, SceneOptions(story, theme))
