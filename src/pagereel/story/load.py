"""Reading a story from its file, a storyboard or a trace, and replaying it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.cache import POLICIES, CacheState, make_policy
from pagereel.errors import StoryError
from pagereel.request import is_trace
from pagereel.story.beats import Entry, make_beats
from pagereel.story.colors import task_colors
from pagereel.story.drafts import read_drafts
from pagereel.story.from_trace import story_of_trace
from pagereel.story.play import play_drafts
from pagereel.story.story import LONGEST_TAGLINE, LONGEST_TITLE, Story
from pagereel.toml.locate import entry_lines
from pagereel.toml.source import read_source
from pagereel.toml.table import Table
from pagereel.wording import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pagereel.cache import Policy, Step
    from pagereel.story.drafts import Draft

_MOST_FRAMES = 65536
_PLACES = {"title": ("title",), "tagline": ("tagline",), "frames": ("pool", "frames")}


def load_story(path: Path | str) -> Story:
    """Read a story and play its events.

    Parameters
    ----------
    path
        A storyboard (TOML; ``assets/stories`` has some to copy), or a trace whose name ends in
        ``.jsonl`` or ``.jsonl.gz``.

    Returns
    -------
    Story
        Complete: missing captions, keys and colours were made up.

    Raises
    ------
    StoryError
        If the file cannot be read, says something that it should not, or tells of an event that
        is impossible. The message is one line: file, line, event, what is wrong, what to do.
    TraceError
        The same, if it is a trace.
    """
    path = Path(path)
    return story_of_trace(path) if is_trace(path) else _read_storyboard(path)


def _read_storyboard(path: Path) -> Story:
    source = read_source(path, StoryError)
    top = Table(source, source.data)
    top.allow(("title", "tagline", "pool", "colors", "events"))
    title = top.text("title", longest=LONGEST_TITLE)
    if title is None:
        raise top.error('title is missing; add title = "…" at the top')
    tagline = top.text("tagline", longest=LONGEST_TAGLINE)
    initial, policy = _read_pool(top)
    colors = top.table("colors")
    drafts = read_drafts(source, initial.frames)
    played = play_drafts(drafts, initial, policy=policy)
    begins = entry_lines(source.text, "events", len(drafts))
    beats = make_beats(_entries(drafts, played, begins))
    assigned = task_colors([step for step in played if step], colors)
    if not assigned:
        raise top.error('no task arrives; add an event with arrive = "A"')
    return Story(
        path=path,
        title=title,
        tagline=tagline,
        initial=initial,
        beats=beats,
        colors=assigned,
        lines={key: source.line(place) for key, place in _PLACES.items()},
    )


def _read_pool(top: Table) -> tuple[CacheState, Policy]:
    pool = top.table("pool")
    if pool is None:
        raise top.error("[pool] is missing; add it with frames = 8")
    pool.allow(("frames", "page_size", "policy"))
    frames = pool.number("frames", least=1, most=_MOST_FRAMES)
    if frames is None:
        raise pool.error("the pool has no size; add frames = 8")
    policy = pool.name("policy")
    if policy is None:
        policy = POLICIES[0]
    elif policy not in POLICIES:
        raise pool.error(f"unknown policy; {suggestion(policy, POLICIES)}", "policy")
    return CacheState.empty(frames, pool.number("page_size", least=1)), make_policy(policy)


def _entries(
    drafts: Sequence[Draft], played: Sequence[Step | None], lines: Sequence[int]
) -> Iterator[Entry]:
    for draft, step, line in zip(drafts, played, lines, strict=True):
        yield Entry(
            draft.number,
            line,
            draft.label,
            step,
            draft.caption,
            draft.key,
            closing=bool(draft.caption or draft.key or draft is drafts[-1]),
        )
