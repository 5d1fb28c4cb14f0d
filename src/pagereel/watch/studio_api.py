"""What the page needs of the studio, which knows what there is to show.

The server knows the studio by this protocol only, so that each can be tested without the other.
The state is a dictionary for JSON:

| field | is |
| --- | --- |
| ``version`` | how many saves were drawn |
| ``scenes``, ``scene`` | names of scenes, and the one that is watched; None: the page asks which |
| ``file``, ``story`` | where it is written; None where there is no story |
| ``shapes``, ``shape``, ``themes``, ``theme`` | what there is to choose from, and what is chosen |
| ``width``, ``height``, ``rate`` | pixels of a film, and images a second |
| ``busy`` | what is being drawn, in words for the reader; empty: nothing |
| ``error`` | None, or ``message``, ``file``, ``line`` and ``text``, which is the line's text |
| ``printed`` | what the scene printed last |
| ``seconds`` | the length of all beats |
| ``beats`` | a dictionary for each, see below |

| field of a beat | is |
| --- | --- |
| ``number``, ``name`` | from 0, and the section's name |
| ``start``, ``seconds`` | when it begins in the whole video, and how long it is |
| ``file``, ``line`` | where it is written |
| ``captions`` | ``start`` and ``end`` in seconds of the beat, and ``text`` |
| ``still`` | None, or ``at``, in seconds of the beat, and ``media``, a name |
| ``film`` | None, or a name of media |
| ``stale`` | whether still and film are of before the last save, and not known to be the same |
| ``findings``, ``checked`` | what the check found, and whether it has looked |

A finding has ``rule``, ``message``, ``at`` in seconds of the beat, and ``box``: left, top, right
and bottom in shares of the picture, or None. Names of media are digests of their content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Studio(Protocol):
    """Draws what is watched, and says what is drawn. Each method may be called from any thread."""

    def state(self) -> dict[str, Any]:
        """Return all that the page shows, for JSON."""
        ...

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have `changed` called after each change of the state, and return what ends that."""
        ...

    def look(self, beat: int, at: float) -> None:
        """Note where a tab is, in seconds of a beat: this is drawn first."""
        ...

    def choose(
        self, scene: str | None = None, shape: str | None = None, theme: str | None = None
    ) -> None:
        """Show another scene, shape or theme; what is None stays.

        Raises
        ------
        ValueError
            If there is none of this name. The page shows what it says.
        """
        ...

    def media(self, name: str) -> Path | None:
        """Return the file of a still or film of the present state; None if it has none so named."""
        ...
