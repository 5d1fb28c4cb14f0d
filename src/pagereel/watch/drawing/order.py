"""What the serving process asks the warm process for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pagereel.request import SceneOptions

if TYPE_CHECKING:
    from pathlib import Path


class Task(StrEnum):
    """What is to be done with a scene."""

    DRAW = "draw"  # run through it; draw a still, then a film of each beat
    CHECK = "check"  # say what cannot be read in it


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a reader stands.

    Attributes
    ----------
    beat
        The beat's number, from 0.
    name
        Its name, which counts for more: a story may have got another beat before it.
    at
        Seconds from the beat's begin.
    others
        The names of all other beats: none of these is the reader's, whatever its number is.
    """

    beat: int = 0
    name: str = ""
    at: float = 0.0
    others: frozenset[str] = frozenset()

    def is_in(self, number: int, name: str) -> bool:
        """Return whether the reader stands in a beat.

        One with another name is so if the reader's may have been renamed.
        """
        return name == self.name or (number == self.beat and name not in self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A scene that is to be drawn or checked.

    Attributes
    ----------
    number
        Counts the saves that are drawn. Every event says to which order it belongs.
    group
        The process group of all that the order starts. It is killed when the next order comes.
    file, scene
        A Python file and the name of a class in it.
    width, height
        In pixels. A scene whose file sets another shape gets that, with the same short side.
    rate
        Images a second.
    folder
        Where everything is written.
    printed
        A named pipe for what the scene prints.
    spot
        Where the reader stands: it is drawn first.
    alone
        Whether one process draws everything, as the scene acts outside of its process.
    modules
        What the orders before had to import, to be imported once for all that follow.
    """

    number: int
    group: int
    file: Path
    scene: str
    width: int
    height: int
    rate: float
    folder: Path
    printed: Path
    task: Task = Task.DRAW
    options: SceneOptions = field(default_factory=SceneOptions)
    spot: Spot = field(default_factory=Spot)
    alone: bool = False
    modules: tuple[str, ...] = ()

    @property
    def media(self) -> Path:
        """The folder of finished stills and films, whose names are digests of what they hold."""
        return self.folder.parent / "media"
