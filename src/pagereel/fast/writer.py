"""`FastWriter`: a file writer that encodes shards instead of a file for every play."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from manim import SceneFileWriter, logger
from manim._config.output import OutputFormat

from pagereel.errors import RenderError, writing
from pagereel.fast.drawn import Drawings, drawings, is_wanted
from pagereel.fast.encode.lossless import ImageKeeper
from pagereel.fast.encode.mp4 import write_mp4
from pagereel.fast.encode.shard import ShardEncoder
from pagereel.fast.encode.sound import Sound
from pagereel.fast.encode.x264 import VideoFormat, repeat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from manim.scene.scene_file_writer import _SceneFileWriterSettings
    from manim.scene.section import Section
    from manim.typing import PixelArray, StrPath

    from pagereel.fast.boxes import Box
    from pagereel.fast.shards.resume import Kept

# What manim does unless told otherwise by `--video-codec`, `--pixel-format`, `--encoder-option`.
_MANIMS_ENCODING = ("libx264", "yuv420p", (("crf", "23"),))


class FastWriter(SceneFileWriter):
    """Writes an opaque MP4 video from shards.

    Attributes
    ----------
    counts
        How many images each shard has, as planned or as written so far.
    sounds
        What was added by `Scene.add_sound`.
    starts
        All sections, also those that stayed empty, with the image at which each began.
    target
        Where the video goes, if not where manim would put it.
    kept
        Where shards are kept in case of an interruption, if they are.
    wanted
        The sections to draw, each into shards of its own, by names or patterns; none: all of the
        scene, without regard to sections.
    encode
        Called with what was drawn instead of writing a video.
    aside
        Whether shards are encoded aside of drawing, see `ShardEncoder`.
    keeps_images
        Whether shards keep images, for any encoder, instead of being videos.
    shard_sections
        The section in which each shard begins.
    """

    def __init__(self, settings: _SceneFileWriterSettings) -> None:
        self.counts: list[int] = []
        self.starts: list[tuple[Section, int]] = []
        super().__init__(settings)
        self.target: Path | None = None
        self.kept: Kept | None = None
        self.wanted: Sequence[str] = ()
        self.encode: Callable[[Drawings], None] | None = None
        self.aside = False
        self.keeps_images = False
        self.shard_sections: list[Section] = []
        self.sounds: list[Sound] = []
        self._encoder: ShardEncoder | ImageKeeper | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._owner = os.getpid()

    @staticmethod
    def can_write(settings: _SceneFileWriterSettings) -> bool:
        """Return whether it is an opaque MP4 video that is wanted, and not one for each section.

        It has to be encoded as manim does if nothing else is asked for: how we encode is fixed.
        """
        output, encoder = settings.plan.output, settings.video_encoder
        return (
            encoder is not None
            and output.format is OutputFormat.MP4
            and not (output.transparent or output.save_sections)
            and (encoder.codec, encoder.pixel_format, encoder.options) == _MANIMS_ENCODING
            and encoder.width % 2 == encoder.height % 2 == 0  # of others there are no colours
        )

    @property
    def movie_file_path(self) -> Path:
        """Return where the video goes."""
        return self.target or super().movie_file_path

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:  # noqa: FBT001 (manim's signature)
        """Begin a section, and note with which image."""
        super().next_section(name, type_, skip_animations)
        self.starts.append((self.sections[-1], sum(self.counts)))

    @property
    def shard_folder(self) -> Path:
        """Where shards grow: beside the video, until it is complete, or where they are kept."""
        if self.kept is not None:
            return self.kept.path
        if self._folder is None:
            parent = self.movie_file_path.parent
            with writing(parent):
                parent.mkdir(parents=True, exist_ok=True)
                self._folder = tempfile.TemporaryDirectory(dir=parent, prefix=".shards-")
        return Path(self._folder.name)

    def shard_path(self, index: int) -> Path:
        """Return where a complete shard lies."""
        return self.shard_folder / f"{index:05}{'.images' if self.keeps_images else '.mp4'}"

    def is_drawn(self, index: int) -> bool:
        """Return whether a shard is to be drawn, or passed over."""
        return not self.wanted or is_wanted(self.shard_sections[index].name, self.wanted)

    @property
    def images(self) -> int:
        """Return how many images of the shards so far are to be drawn."""
        return sum(count for index, count in enumerate(self.counts) if self.is_drawn(index))

    def missing(self) -> list[int]:
        """Return the shards that are to be drawn and are not there."""
        return [
            index
            for index in range(len(self.counts))
            if self.is_drawn(index) and not self.shard_path(index).exists()
        ]

    def begin_shard(self, index: int) -> None:
        """Encode what follows into a shard of its own."""
        path, video = self.shard_path(index), self.require_video()
        with encoding(self.movie_file_path.parent):
            if self.keeps_images:
                self._encoder = ImageKeeper(path)
            else:
                self._encoder = ShardEncoder(path, video, aside=self.aside)

    @property
    def encodes_repeats(self) -> bool:
        """Whether each image is encoded, as x264 writes skip frames in a way that is new to us."""
        return not self.keeps_images and repeat(self.require_video()) is None

    def require_video(self) -> VideoFormat:
        """Return the video's size and rate; raise a `RenderError` if there is to be none."""
        spec = self.video_encoder
        if spec is None:
            raise RenderError("this is no video; nothing can be encoded")
        return VideoFormat(spec.width, spec.height, spec.frame_rate)

    def end_shard(self) -> None:
        """Complete the shard that is being encoded, if one is."""
        if self._encoder is not None:
            with encoding(self.movie_file_path.parent):
                self._encoder.finish()
                if self.kept is not None:
                    self.kept.note(len(self.counts) - 1, self.counts[-1])
            self._encoder = None

    def add_images(self, pixels: PixelArray, boxes: list[Box], repeat: int) -> None:
        """Encode an image; see `ShardEncoder.add`."""
        if self._encoder is not None:
            with encoding(self.movie_file_path.parent):
                self._encoder.add(pixels, boxes, repeat)

    def begin_animation(self, allow_write: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002 (manim's signature)
        """Do nothing: a play has no file of its own."""

    def end_animation(self, allow_write: bool = False) -> None:  # noqa: FBT001, FBT002 (manim's signature)
        """Do nothing: a play has no file of its own."""

    def add_sound(
        self,
        sound_file: StrPath,
        time: float | None = None,
        gain: float | None = None,
        **kwargs: Any,
    ) -> None:
        """Add a sound, and note it."""
        super().add_sound(sound_file, time, gain, **kwargs)
        self.sounds.append(Sound(str(sound_file), time, gain))

    def finish(self) -> None:
        """Join the shards and the sound, and write the subcaptions."""
        self.end_shard()
        if not self.counts:
            logger.info("No animations are contained in this scene.")
            return
        with encoding(self.movie_file_path.parent):
            drawn = drawings(self)
            if self.encode is not None:
                self.encode(drawn)
            elif drawn.whole is not None:
                write_mp4(drawn.whole, self.movie_file_path)
        self.print_file_ready_message(str(self.movie_file_path))
        if self.subcaptions and self.target is None:
            self.write_subcaption_file()
        self.remove_shards()

    def abort_encode_jobs(self, reraise_encoder_failures: bool = False) -> None:  # noqa: FBT001, FBT002 (manim's signature)
        """Leave nothing behind: the scene cannot be constructed."""
        super().abort_encode_jobs(reraise_encoder_failures)
        if self._encoder is not None:
            self._encoder.abort()
            self._encoder = None
        self.remove_shards()

    def remove_shards(self) -> None:
        """Remove the folder of shards, unless it is another process's, or they are kept."""
        if self._folder is not None and self._owner == os.getpid():
            self._folder.cleanup()
            self._folder = None


@contextmanager
def encoding(folder: Path) -> Iterator[None]:
    """Say in one line what keeps a video from being encoded into a folder."""
    with writing(folder):
        try:
            yield
        except OSError:  # also those of FFmpeg's errors that are the system's
            raise
        except av.FFmpegError as error:
            raise RenderError(
                f"{folder}: the video cannot be encoded: {error.strerror}; free some memory, "
                "or let manim do it with --stock"
            ) from error
