"""Skip frames: pictures that repeat the one before, written by us into a stream of x264's.

In 1080p x264 takes some 4 ms to find that nothing has changed, and writes some 70 bytes. Without
arithmetic coding, "all blocks are as before" takes 4 bytes, and no time. So each stream has picture
parameters for such skip frames besides those of x264. As x264 does not know of them, the pictures
that it writes are numbered anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

_START = b"\x00\x00\x00\x01"
# Types of units: a picture, a key frame, parameters of a stream, and of pictures.
_SLICE, _KEY, _STREAM, _PARAMETERS = 1, 5, 7, 8
_TYPE = 0b11111  # a unit's type, in its first byte
_LOOKED_BACK_AT = 0b1100000  # in the same byte, whether later pictures may look back at it
_IMPORTANT = 0b1000000  # as x264 marks those
_HIGH = 100  # the profile of all of our streams
_PREDICTED = 5  # the type of a picture that looks back
# x264 numbers its picture parameters 0 or 1; those of its skip frames follow.
_OURS = 2
# x264 has few bits for a picture's place in the order of display, which has to differ by less than
# half of what they count from that of the last picture that is looked back at. With so many more,
# all that comes behind them stays aligned to bytes.
_MORE = 8
MOST_REPEATS = 2000  # to be on the safe side: x264 has 5 bits, so with ours there are 13
_HEAD = 16  # bytes of a unit, in which all that is counted comes


@dataclass(frozen=True, slots=True)
class _Stream:
    """A stream's parameters, as far as they matter here.

    Attributes
    ----------
    name
        Its number in the file.
    number_bits
        How many a picture's number has. It counts the pictures that are looked back at.
    order_bits
        How many x264 takes for a picture's place in the order of display; 0 if that is the order
        in the file.
    """

    name: int
    number_bits: int
    order_bits: int

    def counted(self, number: int, order: int) -> tuple[str, str]:
        """Return how a picture's number, and its place in the order of display, are written."""
        bits = self.order_bits and self.order_bits + _MORE
        return _fixed(number, self.number_bits), _fixed(order, bits)

    @property
    def skip_parameters(self) -> bytes:
        """The picture parameters of its skip frames, as a unit."""
        # No arithmetic coding, and no fields; no groups, and one reference; no weights; the usual
        # quantizers; nothing else that is optional.
        ours = "00" + _coded(0) * 3 + "000" + _coded(0) * 3 + "000"
        return _unit(_IMPORTANT | _PARAMETERS, _coded(self.name + _OURS) + _coded(self.name) + ours)


class _Head(NamedTuple):
    """How a picture begins: what it counts, and the bits around that."""

    before: str
    number: int
    between: str
    order: int
    behind: str


class Numberer:
    """Numbers the pictures of a file in which some are skip frames.

    Parameters
    ----------
    header
        x264's: the parameters of all streams, one after the other.
    blocks
        How many of 16 x 16 pixels a picture has.

    Attributes
    ----------
    header
        The file's, which has those of skip frames, too.

    Raises
    ------
    ValueError
        If x264 has written something in an unknown way; so do the methods.
    """

    def __init__(self, header: bytes, blocks: int) -> None:
        self._streams: dict[int, _Stream] = {}
        self._blocks = blocks
        noted = [self._note(unit) for unit in _units(header)]
        self.header = b"".join([*noted, *(each.skip_parameters for each in self._streams.values())])
        self._stream = next(iter(self._streams.values()))
        self._key = 0  # where the last key frame is shown
        # The number of the last picture that is looked back at, and of skip frames among these.
        self._number = self._added = 0

    def encoded(self, data: bytes, shown: int) -> bytes:
        """Return an encoded picture with its new numbers; `shown` is its place in the video."""
        *others, unit = _units(data) or [b"\x00"]
        _require(not any(map(_is_picture, others)))
        head = self._read(unit)
        if _is_key(unit):
            self._key, self._number, self._added = shown, 0, 0
        number = head.number + self._added
        if unit[0] & _LOOKED_BACK_AT:
            self._number = number
        if self._added or self._stream.order_bits:
            counted, ordered = self._stream.counted(number, 2 * (shown - self._key))
            bits = head.before + counted + head.between + ordered + head.behind
            unit = unit[:1] + _escaped(_bytes(bits) + _plain(unit[1:])[_HEAD:])
        return b"".join(_START + each for each in (*others, unit))

    def repeated(self, shown: int) -> bytes:
        """Return a picture that repeats the one shown before it."""
        number = self._number + 1
        bits = _coded(0) + _coded(_PREDICTED) + _coded(self._stream.name + _OURS)
        bits += "".join(self._stream.counted(number, 2 * (shown - self._key)))
        bits += "00"  # the usual references
        first = _SLICE
        # Where pictures are shown as they come, not two in a row may be of no reference.
        if not self._stream.order_bits:
            first |= _IMPORTANT
            bits += "0"  # references are forgotten as usual
            self._number, self._added = number, self._added + 1
        return _unit(first, bits + _coded(0) + _coded(self._blocks))  # the usual quantizer

    def is_as_expected(self, data: bytes, place: int) -> bool:
        """Return whether x264 counts as expected; to be asked of each picture of a stream."""
        before = self._number
        self.encoded(data, place)
        *_, unit = _units(data)
        head, stream = self._read(unit), self._stream
        number = 0 if _is_key(unit) else (before + 1) % (1 << stream.number_bits)
        return (head.number, head.order) == (number, 2 * place % (1 << stream.order_bits))

    def _note(self, unit: bytes) -> bytes:
        """Note parameters if they are of a stream; return them as they are to be in the file."""
        if unit[0] & _TYPE == _STREAM:
            bits = _Bits(_plain(unit[4:]))  # behind the profile and the level
            name, *colours = (bits.coded() for _ in range(4))
            _require(unit[1] == _HIGH and colours == [1, 0, 0] and bits.fixed(2) == 0)
            number_bits, kind = 4 + bits.coded(), bits.coded()
            _require(kind in {0, 2})
            at = bits.at
            order_bits = 0 if kind else 4 + bits.coded()
            self._streams[name] = _Stream(name, number_bits, order_bits)
            if order_bits:
                more = bits.text[:at] + _coded(order_bits + _MORE - 4) + bits.text[bits.at :]
                profile = "".join(f"{byte:08b}" for byte in unit[1:4])
                return _unit(unit[0], profile + more.rstrip("0")[:-1])
        return _START + unit

    def _read(self, unit: bytes) -> _Head:
        """Return how a picture begins. A key frame begins a stream."""
        _require(_is_picture(unit))
        bits = _Bits(_plain(unit[1:])[:_HEAD])
        first, _, name = (bits.coded() for _ in range(3))
        if _is_key(unit):
            self._stream = self._streams.get(name, self._stream)
        _require(not first and name == self._stream.name)
        at = bits.at
        number, behind = bits.fixed(self._stream.number_bits), bits.at
        if _is_key(unit):
            bits.coded()  # which tells two of them in a row apart
        between = bits.text[behind : bits.at]
        order = bits.fixed(self._stream.order_bits)
        return _Head(bits.text[:at], number, between, order, bits.text[bits.at :])


class _Bits:
    """Bits that are read one after the other.

    Attributes
    ----------
    text
        All of them, as digits.
    at
        How many have been read.
    """

    def __init__(self, data: bytes) -> None:
        self.text, self.at = "".join(f"{byte:08b}" for byte in data), 0

    def fixed(self, bits: int) -> int:
        """Read a number of some bits."""
        self.at += bits
        return int(self.text[self.at - bits : self.at] or "0", 2)

    def coded(self) -> int:
        """Read a number that is written as by `_coded`."""
        zeros = self.text.find("1", self.at) - self.at
        _require(zeros >= 0)
        self.at += zeros
        return self.fixed(zeros + 1) - 1


def _coded(number: int) -> str:
    """Return a number in an Exp-Golomb code: in binary, behind a zero for each further digit."""
    digits = f"{number + 1:b}"
    return "0" * (len(digits) - 1) + digits


def _fixed(number: int, bits: int) -> str:
    """Return the last bits of a number."""
    return f"{number % (1 << bits):0{bits}b}" if bits else ""


def _unit(first: int, bits: str) -> bytes:
    """Return a unit with some bits, filled up with a 1 and then zeros."""
    bits += "1"
    return _START + bytes([first]) + _escaped(_bytes(bits + "0" * (-len(bits) % 8)))


def _bytes(bits: str) -> bytes:
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _escaped(plain: bytes) -> bytes:
    """Put a 3 between 0, 0 and 0 to 3, which must not follow each other in a stream."""
    return re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", plain)


def _plain(escaped: bytes) -> bytes:
    return escaped.replace(b"\x00\x00\x03", b"\x00\x00")


def _units(data: bytes) -> list[bytes]:
    return [unit for unit in re.split(rb"\x00?\x00\x00\x01", data) if unit]


def _is_key(unit: bytes) -> bool:
    return unit[0] & _TYPE == _KEY


def _is_picture(unit: bytes) -> bool:
    return unit[0] & _TYPE in {_SLICE, _KEY}


def _require(known: object) -> None:
    if not known:
        raise ValueError("this build of x264 writes pictures in an unknown way")
