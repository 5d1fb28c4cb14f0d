"""`FastWriter`: a file writer that encodes shards instead of a file for every play."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import av
from manim import SceneFileWriter, logger
from manim._config.output import OutputFormat

from pagereel.errors import RenderError, StockNeeded, writing
from pagereel.fast.encode.lossless import ImageKeeper
from pagereel.fast.encode.mp4 import write_mp4
from pagereel.fast.encode.shard import ShardEncoder
from pagereel.fast.encode.x264 import VideoFormat, is_understood
from pagereel.fast.plan import UNNAMED, Drawn, ShardPlan
from pagereel.fast.shards.processes import uninterrupted
from pagereel.files import Scratch
from pagereel.manifest import makers_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from manim.scene.scene_file_writer import _SceneFileWriterSettings
    from manim.scene.section import Section
    from manim.typing import PixelArray, StrPath
    from srt import Subtitle

    from pagereel.checkpoints import Checkpoint
    from pagereel.fast.boxes import Box
    from pagereel.fast.plan import Drawings
    from pagereel.fast.shards.kept import KeptShards

# How manim encodes unless changed by `--video-codec`, `--pixel-format`, `--encoder-option`.
_MANIMS_ENCODING = ("libx264", "yuv420p", (("crf", "23"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is made of the shards.

    Attributes
    ----------
    target
        Where the video goes, if not where manim would put it.
    sections
        The sections to draw, see `ShardPlan`.
    keep_images
        Whether shards keep images, for any encoder, instead of being videos.
    encode
        Called with the drawings instead of writing a video.
    checkpoint
        Where shards outlive an interruption, if they do.
    kept
        Where shards are kept by what they show, if they are.
    """

    target: Path | None = None
    sections: tuple[str, ...] = ()
    keep_images: bool = False
    encode: Callable[[Drawings], None] | None = None
    checkpoint: Checkpoint | None = None
    kept: KeptShards | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What a writer knows of a scene that has been run through; the shards are files."""

    plan: ShardPlan
    sections: list[Section]
    subcaptions: list[Subtitle]
    sounds: list[str]
    sound: Any


class FastWriter(SceneFileWriter):
    """Writes an opaque MP4 video from shards.

    Attributes
    ----------
    delivery
        What is made of them.
    plan
        The shards and sections so far.
    sounds
        The files of sounds given to `Scene.add_sound`.
    moves, detailed
        See `VideoFormat`.
    give_up
        Called when the scene's construction has failed, with the error. It stops all other
        processes that draw shards, and does not return in one that is not the writer's own.
    """

    def __init__(
        self, settings: _SceneFileWriterSettings, delivery: Delivery | None = None
    ) -> None:
        self.delivery = delivery or Delivery()
        self.plan = ShardPlan(self.delivery.sections)
        super().__init__(settings)
        self.sounds: list[str] = []
        self.moves = self.detailed = False
        self.give_up: Callable[[BaseException | None], None] | None = None
        self._plays = False
        self._encoder: ShardEncoder | ImageKeeper | None = None
        self._folder: Scratch | None = None
        self._owner = os.getpid()

    @staticmethod
    def can_write(settings: _SceneFileWriterSettings) -> bool:
        """Return whether an opaque MP4 video is asked for, and not one for each section.

        Its encoding has to be manim's default, as ours cannot be changed.
        """
        output, encoder = settings.plan.output, settings.video_encoder
        return (
            encoder is not None
            and output.format is OutputFormat.MP4
            and not (output.transparent or output.save_sections)
            and (encoder.codec, encoder.pixel_format, encoder.options) == _MANIMS_ENCODING
            and encoder.width % 2
            == encoder.height % 2
            == 0  # 4:2:0 has one colour for 2 x 2 pixels
        )

    @property
    def movie_file_path(self) -> Path:
        """Return where the video goes."""
        return self.delivery.target or super().movie_file_path

    @property
    def partial_movie_files(self) -> list[str | None]:
        """Say that there are none: a scene that wants to read them is left to manim."""
        raise StockNeeded("it reads the files that manim makes of each play")

    @partial_movie_files.setter
    def partial_movie_files(self, files: list[str | None]) -> None:
        """Do nothing; manim sets an empty list."""

    def add_partial_movie_file(self, hash_animation: str | None) -> None:
        """Note that the section has a play."""
        self.sections[-1].partial_movie_files.append(hash_animation)

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:  # noqa: FBT001 (manim's signature)
        """Begin a section, and note with which image."""
        super().next_section(name, type_, skip_animations)
        self.plan.begin_section(self.sections[-1], len(self.sections) - 1)

    @property
    def shard_folder(self) -> Path:
        """Where shards grow: in the checkpoint, or beside the video until it is complete."""
        if self.delivery.checkpoint is not None:
            return self.delivery.checkpoint.path
        if self._folder is None:
            parent = self.movie_file_path.parent
            with writing(parent):
                parent.mkdir(parents=True, exist_ok=True)
                with uninterrupted():  # or a folder that is not yet noted stays
                    self._folder = Scratch.beside(parent / f"{self.movie_file_path.name}.shards")
        return self._folder.path

    def shard_path(self, index: int) -> Path:
        """Return where a complete shard is."""
        return self.shard_folder / f"{index:05}{'.images' if self.delivery.keep_images else '.mp4'}"

    def missing(self) -> list[int]:
        """Return the shards that are to be drawn and are not there."""
        return self.plan.missing(self.shard_path)

    def begin_shard(self, index: int, *, later: bool = False) -> None:
        """Begin to encode into a new shard; `later` as in `ShardEncoder`."""
        path, video = self.shard_path(index), self.require_video()
        with encoding(self.movie_file_path.parent):
            if self.delivery.keep_images:
                self._encoder = ImageKeeper(path, later=later)
            else:
                self._encoder = ShardEncoder(path, video, later=later)

    def begin_encoding(self) -> None:
        """Encode what the shard has kept, and all that comes, from now on."""
        if self._encoder is not None:
            with encoding(self.movie_file_path.parent):
                self._encoder.begin()

    def leave_shard(self) -> None:
        """Leave a shard whose encoding has not begun to a process that was forked."""
        self._encoder = None

    @property
    def encodes_repeats(self) -> bool:
        """Whether each image is encoded, as x264 writes skip frames in a way that is new to us."""
        video = self.require_video()
        return not (self.delivery.keep_images or is_understood(video))

    @property
    def maker(self) -> str:
        """What draws and encodes shards, and how, in words."""
        return f"{makers_version()} {self.delivery.keep_images} {self.require_video()}"

    def require_video(self) -> VideoFormat:
        """Return the video's size and rate; raise a `RenderError` if it is not a video."""
        spec = self.video_encoder
        if spec is None:
            raise RenderError("this is not a video; nothing can be encoded")
        return VideoFormat(
            spec.width, spec.height, spec.frame_rate, moves=self.moves, detailed=self.detailed
        )

    def end_shard(self) -> None:
        """Complete the shard that is being encoded, if one is."""
        if self._encoder is not None:
            with encoding(self.movie_file_path.parent):
                self._encoder.finish()
                if self.delivery.checkpoint is not None:
                    self.delivery.checkpoint.note(len(self.plan.counts) - 1, self.plan.counts[-1])
            self._encoder = None

    def add_images(self, pixels: PixelArray, boxes: list[Box], repeat: int) -> None:
        """Encode an image; see `ShardEncoder.add`."""
        if self._encoder is not None:
            with encoding(self.movie_file_path.parent):
                self._encoder.add(pixels, boxes, repeat)

    def begin_animation(self, *_: object, **__: object) -> None:
        """Note that a play begins; it has no file of its own."""
        self._plays = True

    def end_animation(self, *_: object) -> None:
        """Note that a play has ended."""
        self._plays = False

    def write_frame(self, *_: object, **__: object) -> None:
        """Leave a scene to manim that adds images of its own to a play; others have no effect."""
        if self._plays:
            raise StockNeeded("it adds images of its own to a play")

    def add_sound(
        self,
        sound_file: StrPath,
        time: float | None = None,
        gain: float | None = None,
        **kwargs: Any,
    ) -> None:
        """Add a sound, and note its file."""
        super().add_sound(sound_file, time, gain, **kwargs)
        self.sounds.append(str(sound_file))

    @property
    def course(self) -> Course:
        """What this writer knows, for that of another process; see `adopt`."""
        sound = self.audio_segment if self.includes_sound else None
        return Course(self.plan, self.sections, self.subcaptions, self.sounds, sound)

    def adopt(self, course: Course) -> None:
        """Replace what this writer knows by what that of another process knows."""
        self.plan, self.sections = course.plan, course.sections
        self.subcaptions, self.sounds = course.subcaptions, course.sounds
        self.includes_sound = course.sound is not None
        if self.includes_sound:
            self.audio_segment = course.sound

    def finish(self) -> None:
        """Join the shards and the sound, and write the subcaptions."""
        self.end_shard()
        if not self.plan.counts:
            logger.info("No animations are contained in this scene.")
            return
        with encoding(self.movie_file_path.parent):
            whole = self._whole()
            drawings = self.plan.drawings(whole, self._section_stem)
            if self.delivery.encode is not None:
                self.delivery.encode(drawings)
            elif drawings.whole is not None:
                write_mp4(whole, self.movie_file_path)
        self.print_file_ready_message(str(self.movie_file_path))
        if self.subcaptions and self.delivery.target is None:
            self.write_subcaption_file()
        self.remove_shards()

    def _whole(self) -> Drawn:
        """Return the drawn scene."""
        video = self.require_video()
        return Drawn(
            stem=self.movie_file_path.stem,
            width=video.width,
            height=video.height,
            rate=video.rate,
            moves=video.moves,
            detailed=video.detailed,
            shards=tuple(map(self.shard_path, range(len(self.plan.counts)))),
            images=self.plan.length,
            chapters=tuple(
                (span.section.name, span.first, span.end)
                for span in self.plan.spans()
                if span.section.name != UNNAMED
            ),
            subcaptions=tuple(self.subcaptions),
            sound=self.audio_segment if self.includes_sound else None,
        )

    def _section_stem(self, number: int, name: str) -> str:
        """Return the stem that manim would give to a section's file."""
        stem = self.movie_file_path.stem
        plan = replace(self.output_plan, sections_dir=self.shard_folder, output_stem=stem)
        return plan.section_path(number, name).stem

    def abort_encode_jobs(self, reraise_encoder_failures: bool = False) -> None:  # noqa: FBT001, FBT002 (manim's signature)
        """Remove everything, as the scene's construction has failed.

        Workers that are still drawing would put new files into a folder that is being removed.
        """
        if self.give_up is not None:
            self.give_up(sys.exception())
        super().abort_encode_jobs(reraise_encoder_failures)
        if self._encoder is not None:
            self._encoder.abort()
            self._encoder = None
        self.remove_shards()

    def remove_shards(self) -> None:
        """Remove the folder of shards, if this process made it."""
        if self._folder is not None and self._owner == os.getpid():
            self._folder.remove()
            self._folder = None


@contextmanager
def encoding(folder: Path) -> Iterator[None]:
    """Turn errors of encoding into a folder into errors of one line."""
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
