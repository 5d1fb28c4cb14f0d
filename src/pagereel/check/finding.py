"""Findings: each is one thing that a viewer could not read or would find ugly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    Spot = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a scene plays or waits: the lines of the call in the user's source.

    Attributes
    ----------
    file
        The source file, as the user would name it.
    line, end_line
        First and last line of the call, from 1.
    """

    file: Path
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes
    ----------
    place
        The play or wait after which, or during which, it is seen.
    rule
        The rule's name.
    message
        What is wrong and how much, in words.
    scene
        The scene's class name.
    output
        The label of the output it is seen in, such as `1080p 16:9`.
    subject
        What it is about: findings at one place of one rule with the same subject are the same.
    seconds
        When it is seen, in seconds of the video.
    spot
        Where it is seen: left, top, right and bottom edge in pixels of the output; None where it is
        about the whole picture or about no picture.
    still
        The picture that shows it, where pictures were asked for.
    """

    place: Place
    rule: str
    message: str
    scene: str
    output: str
    subject: str
    seconds: float
    spot: Spot | None = None
    still: Path | None = None
