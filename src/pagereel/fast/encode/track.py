"""The video track of a shard's file: pictures as they are encoded, and repeats of them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.frame import PictureType

from pagereel.fast.encode.skip_frames import Numberer
from pagereel.fast.encode.x264 import add_stream, encoder, repeat
from pagereel.files import NewFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pagereel.fast.boxes import Box
    from pagereel.fast.encode.x264 import VideoFormat
    from pagereel.fast.encode.yuv import YuvPicture

KEY_FRAME_SECONDS = 20  # at most so far apart: who seeks waits for what lies in between
_FAINT = 66  # levels of brightness, of 219, between the brightest and the darkest place


class Track:
    """Writes one shard's video track.

    Parameters
    ----------
    path
        Where to. It appears when the track is complete.
    video
        Size and rate.
    """

    def __init__(self, path: Path, video: VideoFormat) -> None:
        self._file = NewFile(path)
        repeated = repeat(video)
        self._numberer = Numberer(repeated) if repeated else None
        self._container = av.open(str(self._file.partial), "w", format="mp4")
        self._stream = add_stream(self._container, video)
        self._encoder = self._stream.codec_context
        self._video, self._faint = video, False
        self._time_base = 1 / video.rate
        self._longest = int(KEY_FRAME_SECONDS * video.rate)
        self._since_key = 0
        self._encoded = self._written = 0
        # How often each picture that is not yet followed by another in the file is repeated.
        self._repeats: deque[int] = deque()

    def show(self, picture: YuvPicture, boxes: list[Box], repeat: int) -> None:
        """Show a picture `repeat` times.

        Parameters
        ----------
        boxes
            Where it differs from the one before; all of it, if it is the shard's first.
        """
        self._suit_contrast(picture, boxes)
        for index in range(repeat):
            is_key = self._since_key % self._longest == 0
            if is_key or (boxes and index == 0) or self._numberer is None:
                self._encode(picture, is_key=is_key)
            else:
                self._repeats[-1] += 1
            self._since_key += 1

    def finish(self) -> None:
        """Complete the file."""
        self._write(self._encoder.encode())
        self._write_repeats()
        self._container.close()
        self._file.complete()

    def abort(self) -> None:
        """Stop without a file."""
        self._container.close()
        self._file.discard()

    def _suit_contrast(self, picture: YuvPicture, boxes: list[Box]) -> None:
        """Take another encoder, which begins with a key frame, if the picture begins to be faint.

        Or if it ceases to be.
        """
        faint = self._is_faint(picture, boxes)
        if faint != self._faint:
            self._write(self._encoder.encode())
            self._encoder = encoder(self._video, faint=faint)
            self._faint, self._since_key = faint, 0

    def _is_faint(self, picture: YuvPicture, boxes: list[Box]) -> bool:
        luma = picture.planes[0]
        if any(
            np.ptp(luma[top:bottom, left:right]) >= _FAINT for left, top, right, bottom in boxes
        ):
            return False
        return self._faint or bool(boxes and np.ptp(luma) < _FAINT)

    def _encode(self, picture: YuvPicture, *, is_key: bool) -> None:
        frame = picture.frame
        frame.pts, frame.time_base = self._encoded, self._time_base
        frame.pict_type = PictureType.I if is_key else PictureType.NONE
        self._encoded += 1
        self._repeats.append(0)
        self._write(self._encoder.encode(frame))

    def _write(self, packets: Iterable[av.Packet[Any]]) -> None:
        """Write encoded pictures, each after the repeats of the one before."""
        for packet in packets:
            if self._written:
                self._write_repeats()
            data = bytes(packet)
            if self._numberer is not None:
                data = self._numberer.encoded(data, is_key=packet.is_keyframe)
            self._mux(data, is_key=packet.is_keyframe)

    def _write_repeats(self) -> None:
        repeats = self._repeats.popleft()
        if self._numberer is not None:
            for _ in range(repeats):
                self._mux(self._numberer.repeated(), is_key=False)

    def _mux(self, data: bytes, *, is_key: bool) -> None:
        packet: av.Packet[Any] = av.Packet(data)
        packet.stream, packet.time_base = self._stream, self._time_base
        packet.pts = packet.dts = self._written
        packet.duration, packet.is_keyframe = 1, is_key
        self._container.mux(packet)
        self._written += 1
