"""The prefix index of a simulated engine: which frames hold which content."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from pagereel.trace.simulate.workload import Submission


class PrefixIndex:
    """Frames by the content of full pages of prompts.

    Parameters
    ----------
    page_size
        Tokens a page.
    prefixes
        Name -> tokens. Pages within a prefix are the same for all tasks that have it; the others
        are a task's own.
    """

    def __init__(self, page_size: int, prefixes: Mapping[str, int]) -> None:
        self._page_size = page_size
        self._prefixes = prefixes
        self._frames: dict[Hashable, int] = {}
        self._contents: dict[int, Hashable] = {}

    def __contains__(self, frame: int) -> bool:
        return frame in self._contents

    def hits(self, submission: Submission) -> tuple[int, ...]:
        """Return the frames that hold the first pages of a prompt, up to the first miss."""
        hits: list[int] = []
        for content in self._pages(submission):
            frame = self._frames.get(content)
            if frame is None:
                break
            hits.append(frame)
        return tuple(hits)

    def remember(self, submission: Submission, table: Sequence[int]) -> None:
        """Note the content of the frames of a task's page table."""
        for content, frame in zip(self._pages(submission), table, strict=False):
            if content not in self._frames:
                self._frames[content] = frame
                self._contents[frame] = content

    def forget(self, frames: Iterable[int]) -> None:
        """Forget frames that lose their content."""
        for frame in frames:
            del self._frames[self._contents.pop(frame)]

    def _pages(self, submission: Submission) -> Iterator[Hashable]:
        """Yield a key for the content of each full page of a prompt."""
        common = self._prefixes.get(submission.prefix or "", 0) // self._page_size
        for page in range(submission.prompt // self._page_size):
            yield (
                (page, submission.prefix, None) if page < common else (page, None, submission.task)
            )
