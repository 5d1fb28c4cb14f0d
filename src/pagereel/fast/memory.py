"""Memory: what glibc keeps for the next pictures, and what it gives back to the system."""

from __future__ import annotations

import ctypes

_libc = ctypes.CDLL(None)
_trim = getattr(_libc, "malloc_trim", None)  # none of these but in glibc
_set = getattr(_libc, "mallopt", None)
# Which values `mallopt` sets, in bytes: from what size on memory is the system's again once it is
# free, and how much may be free where it could be given back.
_ALONE, _ALONE_BYTES = -3, 32 << 20
_FREE, _FREE_BYTES = -1, 64 << 20


def keep() -> None:
    """Keep the memory of a picture for the next one.

    A picture in 1080p has 8 MB. glibc gives these back each time until it has learned not to, and
    the system clears them again. Where manim draws all of a picture, that took a sixth of the time.
    """
    if _set:
        _set(_ALONE, _ALONE_BYTES)
        _set(_FREE, _FREE_BYTES)


def give_back() -> None:
    """Give the memory of encoders that have ended back to the system.

    Encoders that search for motion have a hundred megabytes each, in pieces between which others
    lie. glibc keeps such pieces, and the next encoder often does not fit into them.
    """
    if _trim:
        _trim(0)
