"""Motion: whether so much moves that it pays to search for it, where detail counts more."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pagereel.fast.boxes import Box
    from pagereel.fast.encode.x264 import VideoFormat

# A change of encoders costs a key frame, which pays off within a second or two of motion. Most
# movements end before that, or cost less.
_BUSY_SECONDS = 1.0
# What must have been spent, on average, for much to have moved: so many bytes a pixel and image.
_LEAST_BYTES = 0.75 / 256
# How many of these a picture can count: one that is new all at once does not move.
_MOST = 4
_PAUSE_SECONDS = 0.25  # what moves after a longer one is another movement
_REST_SECONDS = 1.5  # a shorter one costs less than the two key frames of other encoders


class Motion:
    """The motion in the pictures of a shard.

    Attributes
    ----------
    is_busy
        Whether much has moved in the last second, or since then without a rest.
    """

    def __init__(self, video: VideoFormat) -> None:
        self.is_busy = False
        self._pause, self._rest = (
            max(2, round(seconds * video.rate)) for seconds in (_PAUSE_SECONDS, _REST_SECONDS)
        )
        images = max(2, round(_BUSY_SECONDS * video.rate))
        least = _LEAST_BYTES * video.width * video.height
        self._least, self._most = least * images, _MOST * least
        self._bytes: deque[float] = deque(maxlen=images)  # of each image since the last pause
        self._still = 0

    @property
    def is_under_way(self) -> bool:
        """Whether something has moved since the last pause."""
        return bool(self._bytes)

    def note(self, boxes: list[Box], repeat: int) -> None:
        """Note a picture that is to be shown.

        Parameters
        ----------
        boxes
            Where it differs from the one before, if anywhere.
        repeat
            How many images show it.
        """
        self.is_busy |= sum(self._bytes) >= self._least
        self._still = repeat - 1 if boxes else self._still + repeat
        self.is_busy &= self._still < self._rest
        if self._still >= self._pause:
            self._bytes.clear()
        else:
            self._bytes += [0] * repeat

    def spend(self, size: int) -> None:
        """Note how many bytes the last picture was encoded into, if it is not a key frame."""
        if self._bytes:
            self._bytes[-1] = min(self._bytes[-1] + size, self._most)
