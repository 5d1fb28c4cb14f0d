"""On which line of a story's file something stands, whatever kind of file it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.options import is_trace
from pagereel.toml.locate import locate

if TYPE_CHECKING:
    from pagereel.story.story import Story


def line_of(story: Story, key: str, *inner: str) -> int | None:
    """Return the line, from 1, of a key that is not an event's; None if it is not written.

    Parameters
    ----------
    story
        A story that was read.
    key, inner
        As in a storyboard: ``"title"``; ``"pool", "frames"``. In a trace they stand in its header.
    """
    if is_trace(story.path):
        return 1
    return locate(story.path.read_text(encoding="utf-8-sig"), (key, *inner))
