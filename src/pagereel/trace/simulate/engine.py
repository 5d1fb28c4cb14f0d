"""The reference engine: it takes a workload, and yields events that its cache carries out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from pagereel.cache import (
    Abort,
    Arrive,
    Defer,
    Evict,
    Expand,
    Finish,
    Preempt,
    Submit,
    make_policy,
)
from pagereel.trace.write import event_line, header_line

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from pagereel.cache import Event
    from pagereel.trace.simulate.workload import Submission, Workload


class PrefixIndex:
    """Which frames hold the content of which full pages of prompts.

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


@dataclass(slots=True)
class _Task:
    """A task with `tokens` in the cache, or to be put there, and `left` still to be generated."""

    submission: Submission
    name: str
    tokens: int
    left: int
    refused: int = -1  # at how many releases it was last refused


class Simulation:
    """An engine that runs a workload once.

    In each step tasks are submitted; each running task generates a token, for which it may need
    one more page; a task with all of its tokens finishes. Then the queue is admitted in its order,
    until its head does not fit.

    Where no frame is free, cached ones are evicted, oldest first. Where none is cached either, the
    workload says what happens. "preempt": the task that was admitted last goes back to the head of
    the queue, and no task is admitted in that step. "abort": the task that needs the frame is
    aborted. "defer": this cannot happen, because a task waits until there is room for all pages
    that it and the admitted tasks will ever need. A task larger than the pool is aborted at once.

    With a prefix index, full pages of prompts stay cached when their task is gone, and the last of
    them is evicted first. Tasks with the same prefix share them, and so does the same task when it
    is admitted again.

    Parameters
    ----------
    workload
        What happens.

    Attributes
    ----------
    ledger
        The cache.
    """

    def __init__(self, workload: Workload) -> None:
        header = workload.header
        self.ledger = header.ledger()
        self._workload = workload
        self._page_size = header.page_size or 1
        self._most = 1 if workload.longest else header.frames - len(header.reserved)  # pages a task
        self._policy = make_policy(workload.policy)
        self._queue: deque[_Task] = deque()
        self._running: dict[str, _Task] = {}
        index = PrefixIndex(self._page_size, workload.prefixes)
        self._index = index if workload.prefix_index else None
        self._releases = 0
        self._promised = 0  # pages that running tasks will still need; for "defer" only
        self._submissions = workload.submissions()
        self._coming = next(self._submissions, None)
        self.step = -1

    @property
    def tokens(self) -> dict[str, int]:
        """Running task -> its tokens in the cache."""
        return {name: task.tokens for name, task in self._running.items()}

    @property
    def is_over(self) -> bool:
        """Whether all tasks have come and gone."""
        return not (self._coming or self._queue or self._running)

    def run(self) -> Iterator[tuple[int, Event]]:
        """Yield each event with its step; the ledger has just carried it out."""
        while not self.is_over:
            for event in self.advance():
                yield self.step, event

    def advance(self) -> Iterator[Event]:
        """Carry out the next step in which a task is there, event by event."""
        self.step += 1
        if self._coming and not (self._queue or self._running):
            self.step = max(self.step, self._coming.arrival)
        while self._coming and self._coming.arrival <= self.step:
            yield from self._submit(self._coming)
            self._coming = next(self._submissions, None)
        yield from self._step()

    def _submit(self, submission: Submission) -> Iterator[Event]:
        yield self._do(Submit(submission.task, submission.prompt))
        if self._pages(submission.prompt + submission.output) > self._most:
            yield self._do(Abort(submission.task, ()))
        else:
            self._queue.append(
                _Task(submission, submission.task, submission.prompt, submission.output)
            )

    def _step(self) -> Iterator[Event]:
        waiting = len(self._queue)
        for task in list(self._running.values()):
            if task.name not in self._running:  # preempted by one before it
                continue
            if task.left > 1 and task.tokens % self._page_size:  # the usual case
                task.tokens += 1
                task.left -= 1
            else:
                yield from self._generate(task)
        if len(self._queue) == waiting:  # nobody was preempted
            yield from self._admit()

    def _generate(self, task: _Task) -> Iterator[Event]:
        """Give a task room for one token more, and let it finish with its last."""
        if task.tokens % self._page_size == 0:
            yield from self._make_room(task)
            if task.name not in self._running:
                return
            yield from self._evict(1, ())
            (frame,) = self._policy.choose(self.ledger, 1)
            yield self._do(Expand(task.name, frame, task.tokens))
            self._promised -= 1
        task.tokens += 1
        task.left -= 1
        if not task.left:
            yield self._release(task, Finish)

    def _make_room(self, task: _Task) -> Iterator[Event]:
        """Release tasks until a frame is free or can be evicted, or `task` itself is gone."""
        while not self.ledger.free_count and not self.ledger.cached and task.name in self._running:
            if self._workload.out_of_frames == "abort":
                yield self._release(task, Abort)
            else:
                last = self._running[next(reversed(self._running))]
                yield self._release(last, Preempt)
                self._queue.appendleft(last)

    def _admit(self) -> Iterator[Event]:
        while self._queue:
            task = self._queue[0]
            shared = self._index.hits(task.submission) if self._index else ()
            new = self._pages(task.tokens) - len(shared)
            woken = sum(frame in self.ledger.cached for frame in shared)
            later = self._pages(task.tokens + task.left) - self._pages(task.tokens)
            reserve = self._workload.out_of_frames == "defer"
            need = new + woken + (later if reserve else 0)
            kept = self._promised if reserve else 0
            if need + kept > self.ledger.free_count + len(self.ledger.cached):
                if task.refused != self._releases:  # else nothing has changed
                    task.refused = self._releases
                    yield self._do(Defer(task.name, need))
                return
            self._queue.popleft()
            yield from self._evict(new, shared)
            frames = self._policy.choose(self.ledger, new) if new else ()
            yield self._do(Arrive(task.name, frames, task.tokens, shared))
            self._running[task.name] = task
            self._promised += later
            if self._index:
                self._index.remember(task.submission, self.ledger.tables[task.name])

    def _evict(self, count: int, shared: Sequence[int]) -> Iterator[Event]:
        """Evict what is missing to have `count` frames free, but no frame that will be shared."""
        lacking = count - self.ledger.free_count
        if lacking > 0:
            cached = (frame for frame in self.ledger.cached if frame not in shared)
            frames = tuple(islice(cached, lacking))
            event = self._do(Evict(frames))
            self._policy.observe(frames)
            if self._index:
                self._index.forget(frames)
            yield event

    def _release(self, task: _Task, kind: type[Finish | Abort | Preempt]) -> Event:
        table, refcounts = self.ledger.tables[task.name], self.ledger.refcounts
        left = [frame for frame in table if refcounts[frame] == 1]
        known = self._index or ()
        freed = tuple(frame for frame in left if frame not in known)
        cached = tuple(frame for frame in reversed(left) if frame in known)
        self._promised -= self._pages(task.tokens + task.left) - len(table)
        del self._running[task.name]
        event = self._do(kind(task.name, freed, cached))
        self._policy.observe(freed)
        self._releases += 1
        return event

    def _pages(self, tokens: int) -> int:
        return -(-tokens // self._page_size)

    def _do(self, event: Event) -> Event:
        self.ledger.apply(event)
        return event


def simulated(workload: Workload) -> Iterator[str]:
    """Yield the lines of a workload's trace."""
    frames = workload.header.frames
    yield header_line(workload.header)
    for seq, (step, event) in enumerate(Simulation(workload).run(), 1):
        yield event_line(seq, event, frames=frames, step=step)
