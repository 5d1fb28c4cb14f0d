"""Shards: stretches of a video, each encoded on its own into a file without sound."""

from __future__ import annotations

from collections import deque
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.frame import PictureType

from pagereel.fast.boxes import whole
from pagereel.fast.encode.motion import Motion
from pagereel.fast.encode.skip import MOST_REPEATS
from pagereel.fast.encode.x264 import Look, add_stream, encoder
from pagereel.fast.encode.yuv import YuvPicture
from pagereel.fast.memory import give_back
from pagereel.files import NewFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from manim.typing import PixelArray
    from numpy.typing import NDArray

    from pagereel.fast.boxes import Box
    from pagereel.fast.encode.skip import Numberer
    from pagereel.fast.encode.x264 import VideoFormat

    # Where a picture differs from the one before, what it shows there, and for how many images.
    Kept = tuple[list[Box], list[NDArray[np.uint8]], int]

KEY_FRAME_SECONDS = 20  # at most between two key frames: seeking decodes all images from the last
_MOST_KEPT = 96_000_000  # bytes of pictures; where so many have not cost enough, more will not
# How long a rest is encoded, image by image, until it is as good as it has to be, unless movements
# may take more bytes: then it is at once.
_SETTLING_SECONDS = 0.5
_FAINT = 66  # levels of brightness, of 219, between the brightest and the darkest place
_SPARSELY = 5  # every fifth row and column


class ShardEncoder:
    """Encodes one shard, with threads of x264's, which go on while the next image is drawn.

    Parameters
    ----------
    path
        The file. It appears when the shard is complete.
    video
        Size and rate.
    later
        Whether to keep what is shown until `begin`, as a process that has threads cannot be forked.
    """

    def __init__(self, path: Path, video: VideoFormat, *, later: bool = False) -> None:
        self._path, self._video = path, video
        self._picture = YuvPicture(video.width, video.height)
        self._kept: list[Kept] = []
        self._track: Track | None = None
        if not later:
            self.begin()

    def begin(self) -> None:
        """Encode from now on, and what was kept."""
        if self._track is not None:
            return
        self._track = Track(self._path, self._video)
        picture = YuvPicture(self._video.width, self._video.height)
        for boxes, cuts, repeat in self._kept:
            picture.paste(boxes, cuts)
            self._track.show(picture, boxes, repeat)
        self._kept.clear()

    def add(self, pixels: PixelArray, boxes: list[Box], repeat: int = 1) -> None:
        """Show an image `repeat` times.

        Parameters
        ----------
        pixels
            Shape (height, width, 4), RGBA, opaque.
        boxes
            Where it differs from the one before; the whole image, if it is the shard's first.
        """
        changed = boxes if self._picture.patch(pixels, boxes) else []
        if self._track is None:
            self._kept.append((changed, self._picture.cut(changed), repeat))
        else:
            self._track.show(self._picture, changed, repeat)

    def finish(self) -> None:
        """Complete the file."""
        self.begin()
        if self._track is not None:
            self._track.finish()

    def abort(self) -> None:
        """Stop, and leave no file."""
        if self._track is not None:
            self._track.abort()


@dataclass(slots=True)
class _Movement:
    """What is shown since a movement began, as long as it may turn out to be much motion.

    Attributes
    ----------
    first
        The first picture.
    later
        For each picture, where and how it differs from the one before, and for how many images it
        is shown. The first one does not differ.
    packets
        What they are encoded into.
    begin
        The number of the first one, as the encoder counts.
    before
        The track's numberer, rests and images when it has written all that comes before.
    """

    first: YuvPicture
    begin: int
    before: tuple[Numberer | None, tuple[list[int], ...], int] | None = None
    packets: list[av.Packet[Any]] = field(default_factory=list)
    later: list[Kept] = field(default_factory=list)
    kept: int = 0

    def add(self, boxes: list[Box], cuts: list[NDArray[np.uint8]], repeat: int) -> None:
        """Keep a picture that differs from the one before."""
        self.later.append((boxes, cuts, repeat))
        self.kept += sum(cut.nbytes for cut in cuts)

    def pictures(self) -> Iterator[tuple[YuvPicture, list[Box], int]]:
        """Yield the pictures again, each with the boxes that have changed, and its repeats."""
        for boxes, cuts, times in self.later:
            self.first.paste(boxes, cuts)
            yield self.first, boxes, times


class Track:
    """Writes one shard's video track; parameters as of `ShardEncoder`.

    Whether much moves shows only when it has cost something. So what a movement is encoded into is
    kept until then, and if so, the movement is encoded again from its beginning.
    """

    def __init__(self, path: Path, video: VideoFormat) -> None:
        self._file = NewFile(path)
        with self._file.or_nothing() as partial:
            self._container = av.open(str(partial), "w", format="mp4")
            self._stream, self._numberer = add_stream(self._container, video)
            self._container.start_encoding()  # the file is open from now on
        self._encoder = self._stream.codec_context
        self._video, self._look = video, Look.USUAL
        self._motion = Motion(video)
        self._time_base = 1 / video.rate
        self._longest = min(int(KEY_FRAME_SECONDS * video.rate), MOST_REPEATS)
        self._settling = 0 if video.takes_turns else max(1, round(_SETTLING_SECONDS * video.rate))
        self._since_key = self._still = 0
        # Pictures given to the encoder, those that it has given back, and images written.
        self._encoded = self._coded = self._written = 0
        # Pictures that stand still, as the encoder counts them, each with as many skip frames as
        # follow it and are not written.
        self._rests: deque[list[int]] = deque()
        self._movement: _Movement | None = None
        self._is_long = False  # whether the movement has had so many pictures that none is kept

    def show(self, picture: YuvPicture, boxes: list[Box], repeat: int) -> None:
        """Show a picture `repeat` times; `boxes` as in `ShardEncoder.add`."""
        self._suit(picture, boxes, repeat)
        self._keep(picture, boxes, repeat)
        self._show(picture, boxes, repeat)

    def _show(self, picture: YuvPicture, boxes: list[Box], repeat: int) -> None:
        for index in range(repeat):
            is_key = self._since_key % self._longest == 0
            changes = bool(boxes) and index == 0
            self._still = 0 if changes else self._still + 1
            if self._numberer is None or is_key or changes or self._still <= self._settling:
                self._encode(picture, is_key=is_key)
            elif self._rests and self._rests[-1][0] == self._encoded - 1:
                self._rests[-1][1] += 1
            else:
                self._rests.append([self._encoded - 1, 1])
            self._since_key += 1

    def finish(self) -> None:
        """Complete the file."""
        self._write(self._encoder.encode())
        self._write_rests(self._encoded)
        self._release()
        self._container.close()
        self._file.complete()

    def abort(self) -> None:
        """Stop, and leave no file."""
        try:
            self._container.close()
        finally:
            self._file.discard()

    def _suit(self, picture: YuvPicture, boxes: list[Box], repeat: int) -> None:
        """Change the encoder, with a key frame, where pictures begin to look otherwise."""
        if not self._video.takes_turns:
            return
        if self._encoded:  # the first picture is new everywhere, but has not moved
            self._motion.note(boxes, repeat)
        faint = self._is_faint(picture, boxes)
        look = Look.FAINT if faint else Look.BUSY if self._motion.is_busy else Look.USUAL
        if look is not self._look:
            self._change(look)

    def _change(self, look: Look) -> None:
        """Take the encoder of another look; if it searches for motion, from where that began."""
        self._write(self._encoder.encode())
        movement = self._take_back() if look is Look.BUSY else None
        self._encoder = encoder(self._video, look)
        give_back()
        self._look, self._since_key = look, 0
        for earlier, changed, times in movement.pictures() if movement else ():
            self._show(earlier, changed, times)

    def _keep(self, picture: YuvPicture, boxes: list[Box], repeat: int) -> None:
        """Keep a picture if it belongs to a movement that may turn out to be much motion."""
        moves = self._motion.is_under_way if self._encoded else repeat == 1
        self._is_long &= moves
        if not moves or self._look is Look.BUSY or not self._video.takes_turns:
            self._release()
        elif self._movement is not None:
            self._movement.add(boxes, picture.cut(boxes), repeat)
            if self._movement.kept > _MOST_KEPT:
                self._release()
                self._is_long = True
        elif boxes and not self._is_long:  # what repeats a picture is not encoded anew
            first = YuvPicture(self._video.width, self._video.height)
            everywhere = whole(self._video.width, self._video.height)
            first.take(picture, everywhere)
            self._movement = _Movement(first, self._encoded)
            self._movement.add([], [], repeat)

    def _take_back(self) -> _Movement | None:
        """Forget what a movement was encoded into; return it, if it was kept."""
        movement, self._movement = self._movement, None
        if movement is not None and movement.before is not None:
            self._numberer, rests, self._written = movement.before
            self._rests = deque(rests)
            self._encoded = self._coded = movement.begin
        return movement

    def _release(self) -> None:
        """Write what a movement is encoded into, if that was kept."""
        if self._movement is not None:
            for packet in self._movement.packets:
                self._container.mux(packet)
            self._movement = None

    def _is_faint(self, picture: YuvPicture, boxes: list[Box]) -> bool:
        luma = picture.planes[0]
        if not all(_is_flat(luma[top:bottom, left:right]) for left, top, right, bottom in boxes):
            return False
        return self._look is Look.FAINT or bool(boxes and _is_flat(luma))

    def _encode(self, picture: YuvPicture, *, is_key: bool) -> None:
        frame = picture.frame
        frame.pts, frame.time_base = self._encoded, self._time_base
        frame.pict_type = PictureType.I if is_key else PictureType.NONE
        if self._still == self._settling and not is_key:
            frame.pict_type = PictureType.P  # what skip frames repeat
        self._encoded += 1
        self._write(self._encoder.encode(frame))

    def _write(self, packets: Iterable[av.Packet[Any]]) -> None:
        """Write encoded pictures, each after the skip frames that are shown before it."""
        for packet in packets:
            at = packet.pts or 0
            movement = self._movement
            if movement is not None and at == movement.begin:
                # Rests within the movement come again with its pictures.
                rests = tuple(rest for rest in self._rests if rest[0] < at)
                movement.before = copy(self._numberer), rests, self._written
            self._write_rests(at)
            data = bytes(packet)
            if not packet.is_keyframe:
                self._motion.spend(len(data))
            shown = at + self._written - self._coded
            self._coded += 1
            if self._numberer is not None:
                data = self._numberer.encoded(data, shown)
            self._mux(data, shown, is_key=packet.is_keyframe)

    def _write_rests(self, end: int) -> None:
        """Write the skip frames behind all pictures before one."""
        while self._numberer is not None and self._rests and self._rests[0][0] < end:
            _, times = self._rests.popleft()
            for _ in range(times):
                self._mux(self._numberer.repeated(self._written), self._written, is_key=False)

    def _mux(self, data: bytes, shown: int, *, is_key: bool) -> None:
        packet: av.Packet[Any] = av.Packet(data)
        packet.stream, packet.time_base = self._stream, self._time_base
        packet.pts, packet.dts = shown, self._written - self._video.delay
        packet.duration, packet.is_keyframe = 1, is_key
        if self._movement is None or self._movement.before is None:
            self._container.mux(packet)
        else:
            self._movement.packets.append(packet)
        self._written += 1


def _is_flat(luma: NDArray[np.uint8]) -> bool:
    """Return whether there is little contrast; a part of the samples often tells that there is."""
    return all(np.ptp(luma[::step, ::step]) < _FAINT for step in (_SPARSELY, 1))
