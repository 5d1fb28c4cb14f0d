"""What is heard, as a file that can be put into a video."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from manim.scene.scene_file_writer import convert_audio

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound of a scene: what file, when (seconds of the scene's time), how much louder (dB)."""

    file: str
    time: float | None
    gain: float | None


def write_sound(sound: Any, track: Path, codec: str) -> None:
    """Write a `pydub.AudioSegment` into a file, in the way that manim does.

    Parameters
    ----------
    codec
        FFmpeg's name of the encoder.
    """
    wave = track.with_suffix(".wav")
    sound.export(wave, format="wav", bitrate="312k").close()
    convert_audio(wave, track, codec)
    wave.unlink()
