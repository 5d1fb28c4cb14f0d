"""An engine's cache of the shape that `pagereel.adapters.astrai` records."""

from __future__ import annotations

from collections import OrderedDict
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class Allocator:
    """Gives the lowest free frame, or the cached one that was used longest ago."""

    def __init__(self, frames: int) -> None:
        self._free_mask = (1 << frames) - 1
        self._refs = [0] * frames
        self._lru: OrderedDict[int, None] = OrderedDict()
        self.index: dict[tuple[int, ...], int] = {}

    def alloc(self) -> int:
        if self._free_mask:
            frame = (self._free_mask & -self._free_mask).bit_length() - 1
            self._free_mask &= ~(1 << frame)
        elif self._lru:
            frame, _ = self._lru.popitem(last=False)
            self.forget(frame)
        else:
            return -1
        self._refs[frame] = 1
        return frame

    def inc_ref(self, frame: int) -> None:
        self._refs[frame] += 1
        self._lru.pop(frame, None)

    def free(self, frame: int, keep_cached: bool = False) -> None:  # noqa: FBT001, FBT002 (as there)
        self._refs[frame] -= 1
        if self._refs[frame] == 0:
            if keep_cached:
                self._lru[frame] = None
            else:
                self._free_mask |= 1 << frame

    def clear_cached(self) -> int:
        cached = list(self._lru)
        self._lru.clear()
        for frame in cached:
            self.forget(frame)
            self._free_mask |= 1 << frame
        return len(cached)

    def forget(self, frame: int) -> None:
        self.index = {prefix: kept for prefix, kept in self.index.items() if kept != frame}


class Manager:
    """Page tables of tasks, and a prefix index of what full pages hold."""

    def __init__(self, frames: int, page_size: int, *, slots: int = 1000) -> None:
        self.page_size = page_size
        self._alloc = Allocator(frames)
        self._states: dict[str, SimpleNamespace] = {}
        self._slots = slots

    @property
    def pages(self) -> dict[str, list[int]]:
        return {task: state.pages for task, state in self._states.items()}

    def task_alloc(self, task_id: str, prompt_ids: Sequence[int]) -> bool:
        if len(self._states) == self._slots:
            return False
        table: list[int] = []
        for prefix in self._prefixes(prompt_ids):
            if prefix not in self._alloc.index:
                break
            table.append(self._alloc.index[prefix])
            self._alloc.inc_ref(table[-1])
        while len(table) * self.page_size < len(prompt_ids):
            frame = self._alloc.alloc()
            if frame < 0:
                self._give_back(table)
                return False
            table.append(frame)
        self._states[task_id] = SimpleNamespace(pages=table)
        return True

    def task_extend(self, task_id: str, pos: int) -> bool:
        while len(self._states[task_id].pages) <= pos // self.page_size:
            frame = self._alloc.alloc()
            if frame < 0:
                return False
            self._states[task_id].pages.append(frame)
        return True

    def task_free(self, task_id: str) -> None:
        state = self._states.pop(task_id, None)
        self._give_back(state.pages if state else ())

    def task_record_hashes(self, task_id: str, prompt_ids: Sequence[int]) -> None:
        for prefix, frame in zip(self._prefixes(prompt_ids), self.pages[task_id], strict=False):
            self._alloc.index.setdefault(prefix, frame)

    def invalidate_cache(self) -> int:
        return self._alloc.clear_cached()

    def _prefixes(self, prompt: Sequence[int]) -> list[tuple[int, ...]]:
        full = len(prompt) // self.page_size
        return [tuple(prompt[: page * self.page_size]) for page in range(1, full + 1)]

    def _give_back(self, table: Sequence[int]) -> None:
        kept: Any = self._alloc.index.values()
        for frame in table:
            self._alloc.free(frame, keep_cached=frame in kept)


class Scheduler:
    """Frees what a removed task holds; what only waits is taken from the queue."""

    def __init__(self, manager: Manager) -> None:
        self._task_cache = manager

    def run_batch(self, prompts: Sequence[Sequence[int]]) -> None:
        """Generate nothing; what is not admitted at once never is."""
        tasks = [f"batch_{at}" for at, _ in enumerate(prompts)]
        for task, prompt in zip(tasks, prompts, strict=True):
            self._task_cache.task_alloc(task, prompt)
        for task in tasks:
            if task in self._task_cache.pages:
                self._task_cache.task_free(task)

    def remove_task(self, task_id: str) -> None:
        if task_id in self._task_cache.pages:
            self._task_cache.task_free(task_id)
