"""The keys of a story's beats: they name chapters, sections and stills."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING

from pagereel.cache.wording import shown

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from pagereel.story.drafts import Draft


def beat_keys(drafts: Sequence[Draft]) -> tuple[str, ...]:
    """Collect the keys that are written, and make up the others: ``01-arrive-a``.

    Returns
    -------
    tuple of str
        By event: a key that no other event has.

    Raises
    ------
    StoryError
        If two events are written with the same key.
    """
    written: dict[str, int] = {}
    for number, draft in enumerate(drafts, 1):
        if draft.key is not None and written.setdefault(draft.key, number) != number:
            message = f"key {shown(draft.key)} is that of event {written[draft.key]}"
            raise draft.table.error(f"{message}; choose another", "key")
    return tuple(
        draft.key or _make_key(number, draft, written=written)
        for number, draft in enumerate(drafts, 1)
    )


def _make_key(number: int, draft: Draft, *, written: Container[str]) -> str:
    # The number keeps made-up keys apart from each other, though names of tasks may become equal.
    task = re.sub("[^a-z0-9]+", "-", draft.task.lower()).strip("-")
    key = f"{number:02d}-{draft.verb}-{task}"
    candidates = chain((key,), (f"{key}-{n}" for n in count(2)))
    return next(candidate for candidate in candidates if candidate not in written)
