"""Skip frames: pictures that repeat the one before, put into an H.264 stream without encoding them.

In 1080p x264 takes some 4 ms to find that nothing has changed. It then writes a skip frame of some
70 bytes, always the same except for the picture's number, which counts from 0 at each key frame.
So these bytes are kept and written with new numbers, and the numbers of the encoded pictures after
them are raised by the number of repeats since the key frame.
"""

from __future__ import annotations

import re

_START = b"\x00\x00\x00\x01"
_SLICE, _TYPE = (
    1,
    31,
)  # the type of pictures other than key frames; the bits of a unit with its type
# x264's slice headers begin with 1 (the first block), 00110 (predicted) and 1 (the first set of
# parameters). Then comes the picture's number, of 4 bits as long as there is one reference.
_HEADER, _HEADER_BITS = 0b1001101, 7
_NUMBER_BITS = 4
_BEHIND = 16 - _HEADER_BITS - _NUMBER_BITS


class Numberer:
    """Numbers the pictures of a stream in which some are repeats.

    Parameters
    ----------
    repeat
        A skip frame, as encoded with the stream's options.
    """

    def __init__(self, repeat: bytes) -> None:
        self._repeat = repeat
        self._number = self._added = 0

    def encoded(self, data: bytes, *, is_key: bool) -> bytes:
        """Return an encoded picture with its new number."""
        if is_key:
            self._number = self._added = 0
            return data
        self._number += 1
        return renumbered(data, number_of(data) + self._added) if self._added else data

    def repeated(self) -> bytes:
        """Return a picture that repeats the one before."""
        self._number += 1
        self._added += 1
        return renumbered(self._repeat, self._number)


def are_understood(first: bytes, second: bytes) -> bool:
    """Return whether two repeats, encoded one after the other behind a key frame, are as expected.

    Then they differ only in their numbers and in the last bit, which x264 sets by turns and no
    decoder reads.
    """
    try:
        expected = renumbered(first, 2)
        is_first = number_of(first) == 1
    except ValueError:
        return False
    return is_first and expected[:-1] == second[:-1] and expected[-1] | 1 == second[-1] | 1


def number_of(data: bytes) -> int:
    """Return the number, modulo 16, of a picture that is not a key frame."""
    head = int.from_bytes(_plain(data)[:2], "big") >> _BEHIND
    return head & (1 << _NUMBER_BITS) - 1


def renumbered(data: bytes, number: int) -> bytes:
    """Return a picture that is not a key frame, with another number."""
    plain = _plain(data)
    head = int.from_bytes(plain[:2], "big") & (1 << _BEHIND) - 1
    head |= (_HEADER << _NUMBER_BITS | number % (1 << _NUMBER_BITS)) << _BEHIND
    plain = head.to_bytes(2, "big") + plain[2:]
    return data[:5] + re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", plain)


def _plain(data: bytes) -> bytes:
    """Return the payload of a picture's unit.

    In a stream, 0, 0 and then 0 to 3 must not follow each other, so a 3 is put in between.
    """
    plain = data[5:].replace(b"\x00\x00\x03", b"\x00\x00")
    is_slice = data[:4] == _START and len(plain) > 1 and data[4] & _TYPE == _SLICE
    if not is_slice or _START[1:] in data[4:] or plain[0] >> 1 != _HEADER:
        raise ValueError("this build of x264 writes pictures in an unknown way")
    return plain
