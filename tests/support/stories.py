"""Storyboards: of given events, and random ones no larger than PagedCache can show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pagereel.cache.events import KINDS, Holds
from pagereel.story.drafts import UNWRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pagereel.cache import Event

FRAMES, TASKS, PAGES = 16, 5, 8

# A few texts only: laying a new one out takes longer than playing the story.
LONGEST = (
    "This caption is as long as a caption may be: a hundred characters on two lines, "
    "count them and see it"
)
CAPTIONS = (None, "A short one.", LONGEST[:100])
TITLES = ("Paged KV Cache", "Forty characters, as many as a title may")
NAMES = ("A", "B", "C", "D", "E", "req-42", "W")


def storyboard(
    events: Iterable[tuple[Event, int | None]], *, frames: int, page_size: int | None = None
) -> str:
    """Return a storyboard (TOML) of events, each with the engine's step if that is known."""
    size = "" if page_size is None else f"page_size = {page_size}\n"
    told = "".join(written(event, at) for event, at in events)
    return f'title = "T"\n[pool]\nframes = {frames}\n{size}{told}'


def written(event: Event, at: int | None) -> str:
    """Return an event as a storyboard writes it, with all that is known of it."""
    lines = ["[[events]]", *([] if at is None else [f"step = {at}"])]
    for number, field in enumerate(KINDS[event.verb].fields):
        value = getattr(event, field.name)
        if value is not None and field.holds not in UNWRITTEN:
            value = [value] if field.holds is Holds.ONE_PAGE else value
            lines.append(f"{field.key if number else event.verb} = {json.dumps(value)}")
    return "\n".join(lines) + "\n"


@st.composite
def stories(draw: st.DrawFn) -> str:
    """Return a storyboard (TOML) of a random story."""
    frames = draw(st.integers(1, FRAMES))
    free, tables = list(range(frames)), dict[str, list[int]]()
    events: list[str] = []

    def take(count: int) -> list[int]:
        return [free.pop(draw(st.integers(0, len(free) - 1))) for _ in range(count)]

    for _ in range(draw(st.integers(1, 14))):
        growing = [task for task, table in tables.items() if len(table) < PAGES]
        verbs = ["arrive"] if free and len(tables) < TASKS else []
        verbs += ["expand"] * 2 if free and growing else []
        verbs += ["finish"] if tables else []
        verb = draw(st.sampled_from(verbs))
        if verb == "finish":
            task = draw(st.sampled_from(sorted(tables)))
            free += tables.pop(task)
            taken = ""
        else:
            names = growing if verb == "expand" else [name for name in NAMES if name not in tables]
            task = draw(st.sampled_from(names))
            most = 1 if verb == "expand" else min(len(free), PAGES)
            new = take(draw(st.integers(1, most)))
            tables.setdefault(task, []).extend(new)
            taken = f"frames = {new}\n"
        caption = draw(st.sampled_from(CAPTIONS))
        said = f'caption = "{caption}"\n' if caption else ""
        events.append(f'[[events]]\n{verb} = "{task}"\n{taken}{said}')
    title = draw(st.sampled_from(TITLES))
    return f'title = "{title}"\n[pool]\nframes = {frames}\n' + "".join(events)
