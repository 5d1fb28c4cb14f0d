"""The keys of a story's beats: they name chapters, sections and stills."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING

from pagereel.story.text import LONGEST_KEY
from pagereel.wording import shown

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from pagereel.story.drafts import Draft

_LONGEST_MADE = LONGEST_KEY - 4  # two that are equal differ by what follows


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
        draft.key or made_key(number, draft.verb, draft.task, written=written)
        for number, draft in enumerate(drafts, 1)
    )


def made_key(number: int, verb: str, task: str, *, written: Container[str] = ()) -> str:
    """Make up a key: ``01-arrive-a``.

    Parameters
    ----------
    number
        Which beat it is, from 1: it keeps made-up keys apart, though names may become equal.
    verb, task
        What happens to which task; the name may be long and is cut.
    written
        Keys that others have.
    """
    name = re.sub("[^a-z0-9]+", "-", task.lower()).strip("-")
    key = f"{number:02d}-{verb}-{name}"[:_LONGEST_MADE].strip("-")
    candidates = chain((key,), (f"{key}-{n}" for n in count(2)))
    return next(candidate for candidate in candidates if candidate not in written)
