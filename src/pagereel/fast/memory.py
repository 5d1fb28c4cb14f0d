"""Memory: what glibc keeps for the next pictures, and what it gives back to the system."""

from __future__ import annotations

import ctypes

_libc = ctypes.CDLL(None)
_trim = getattr(_libc, "malloc_trim", None)  # only glibc has these
_set = getattr(_libc, "mallopt", None)
# The numbers of its parameters, and their values in bytes: blocks of the first size and more go
# back to the system when they are freed; of smaller ones, what is free beyond the second does.
_MMAP_THRESHOLD, _PICTURES = -3, 32 << 20
_TRIM_THRESHOLD, _FREE = -1, 64 << 20


def keep() -> None:
    """Keep the memory of a picture for the next one.

    A picture in 1080p has 8 MB. glibc would give them back each time, and the system would clear
    them for the next one. Where manim draws all of a picture, that takes a sixth of the time.
    """
    if _set:
        _set(_MMAP_THRESHOLD, _PICTURES)
        _set(_TRIM_THRESHOLD, _FREE)


def give_back() -> None:
    """Give the memory of encoders that have ended back to the system.

    Encoders that search for motion have a hundred megabytes each, in pieces between which others
    lie. glibc keeps such pieces, and the next encoder often does not fit into them.
    """
    if _trim:
        _trim(0)
