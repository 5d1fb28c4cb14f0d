"""A scheduler of the shape that `pagereel.adapters.vllm` records, with the same names."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Status = Enum("Status", "WAITING RUNNING PREEMPTED FINISHED_STOPPED FINISHED_ABORTED")


class FullAttentionSpec:
    """Layers that keep all blocks."""


class SlidingWindowSpec:
    """Layers of which requests give back the blocks that their window has passed."""


class MambaSpec:
    """Layers that keep a state at each page."""


class CrossAttentionSpec:
    """Layers that keep what the encoder of a model computed."""


class EncoderSpec:
    """Layers that cannot be recorded."""


@dataclass(eq=False)
class Request:
    request_id: str
    prompt_token_ids: list[int]
    status: Status = Status.WAITING
    num_computed_tokens: int = 0
    output: list[int] = field(default_factory=list)

    @property
    def num_prompt_tokens(self) -> int:
        return len(self.prompt_token_ids)

    @property
    def tokens(self) -> list[int]:
        return [*self.prompt_token_ids, *self.output]


@dataclass(eq=False)
class Block:
    block_id: int
    ref_cnt: int = 0
    block_hash: tuple[int, ...] | None = None


class BlockPool:
    def __init__(self, blocks: int) -> None:
        self.num_gpu_blocks = blocks
        self.blocks = [Block(number) for number in range(blocks)]
        self.free: OrderedDict[int, None] = OrderedDict.fromkeys(range(1, blocks))
        self.null_block = self.blocks[0]
        self.index: dict[tuple[int, ...], Block] = {}

    def take(self) -> Block:
        block = self.blocks[self.free.popitem(last=False)[0]]
        if block.block_hash is not None:
            if self.index.get(block.block_hash) is block:
                del self.index[block.block_hash]
            block.block_hash = None
        block.ref_cnt = 1
        return block

    def touch(self, block: Block) -> None:
        if not block.ref_cnt:
            del self.free[block.block_id]
        block.ref_cnt += 1

    def free_blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            block.ref_cnt -= 1
            if not block.ref_cnt:
                self.free[block.block_id] = None
                if block.block_hash is None:
                    self.free.move_to_end(block.block_id, last=False)

    def reset_prefix_cache(self) -> bool:
        if any(block.ref_cnt for block in self.blocks):
            return False
        self.index.clear()
        for block in self.blocks:
            block.block_hash = None
        return True


class Group:
    """The page tables of layers of one kind."""

    def __init__(self, block_size: int, window: int) -> None:
        self.block_size, self.window = block_size, window
        self.req_to_blocks: dict[str, list[Block]] = {}

    def passed(self, computed: int) -> int:
        """Return how many pages are before the window."""
        return max(0, computed - self.window) // self.block_size if self.window else 0


class KVCacheManager:
    def __init__(
        self, blocks: int, block_size: int, *, caching: bool, windows: tuple[int, ...]
    ) -> None:
        self.block_pool, self.caching, self._size = BlockPool(blocks), caching, block_size
        self.groups = [Group(block_size, window) for window in windows]
        self.tables = self.groups[0].req_to_blocks
        self.coordinator = SimpleNamespace(single_type_managers=self.groups)
        self.coordinator.remove_skipped_blocks = self._remove_skipped_blocks
        self.empty_kv_cache_blocks = SimpleNamespace(blocks=tuple([] for _ in windows))

    def hits(self, request: Request) -> SimpleNamespace:
        """Return the blocks of the longest prefix that every group has."""
        found: list[list[Block]] = [[] for _ in self.groups]
        # The last token is always computed.
        for page in range((len(request.tokens) - 1) // self._size if self.caching else 0):
            begin = tuple(request.tokens[: (page + 1) * self._size])
            blocks = [self.block_pool.index.get((at, *begin)) for at, _ in enumerate(self.groups)]
            if None in blocks:
                break
            for row, block in zip(found, blocks, strict=True):
                row.append(block)  # type: ignore[arg-type]
        return SimpleNamespace(blocks=tuple(found))

    def allocate_slots(
        self,
        request: Request,
        num_new_tokens: int,
        num_new_computed_tokens: int = 0,
        new_computed_blocks: SimpleNamespace | None = None,
        num_external_computed_tokens: int = 0,
    ) -> Any:
        """Make room for so many tokens more than there are; return the new blocks, or None."""
        task, pool = request.request_id, self.block_pool
        self.coordinator.remove_skipped_blocks(task, request.num_computed_tokens)
        computed = request.num_computed_tokens + num_new_computed_tokens
        before = -(-(computed + num_external_computed_tokens) // self._size)
        upto = computed + num_external_computed_tokens + num_new_tokens
        pages = -(-upto // self._size)
        found = (new_computed_blocks or self.empty_kv_cache_blocks).blocks
        rows: list[list[Block]] = []
        needed = 0
        for group, hits in zip(self.groups, found, strict=True):
            passed = min(group.passed(computed), len(hits))
            rows.append([*[pool.null_block] * passed, *hits[passed:]])
            table = group.req_to_blocks.get(task, [])
            needed += max(0, pages - len(table) - len(hits))
            needed += sum(not block.ref_cnt for block in hits[passed:])
        if needed > len(pool.free):
            return None
        for hits in rows:
            for block in hits:
                if block is not pool.null_block:
                    pool.touch(block)
        new = []
        for at, (group, hits) in enumerate(zip(self.groups, rows, strict=True)):
            table = [*group.req_to_blocks.get(task, []), *hits]
            table += [pool.take() for _ in range(before - len(table))]
            new.append([pool.take() for _ in range(pages - len(table))])
            group.req_to_blocks[task] = table = [*table, *new[-1]]
            for page in range(min(upto, len(request.tokens)) // self._size if self.caching else 0):
                if table[page].block_hash is None and table[page] is not pool.null_block:
                    key = (at, *request.tokens[: (page + 1) * self._size])
                    table[page].block_hash = key
                    pool.index.setdefault(key, table[page])
        return SimpleNamespace(blocks=tuple(new)) if any(new) else self.empty_kv_cache_blocks

    def _remove_skipped_blocks(self, request_id: str, computed: int) -> None:
        null = self.block_pool.null_block
        for group in self.groups:
            table = group.req_to_blocks.get(request_id, [])
            gone = [page for page in range(group.passed(computed)) if table[page] is not null]
            if gone:
                self.block_pool.free_blocks([table[page] for page in reversed(gone)])
            for page in gone:
                table[page] = null

    def can_fit_full_sequence(self, request: Request) -> bool:
        return len(request.tokens) <= len(self.block_pool.free) * self._size

    def free(self, request: Request) -> None:
        null = self.block_pool.null_block
        for group in self.groups:
            table = group.req_to_blocks.pop(request.request_id, [])
            self.block_pool.free_blocks(block for block in reversed(table) if block is not null)


class Scheduler:
    def __init__(
        self,
        blocks: int,
        block_size: int,
        *,
        budget: int = 24,
        caching: bool = True,
        windows: tuple[int, ...] = (0,),
    ) -> None:
        self.block_size, self._budget = block_size, budget
        groups = [
            SimpleNamespace(kv_cache_spec=SlidingWindowSpec() if window else FullAttentionSpec())
            for window in windows
        ]
        self.kv_cache_config = SimpleNamespace(kv_cache_groups=groups)
        self.kv_cache_manager = KVCacheManager(blocks, block_size, caching=caching, windows=windows)
        self.connector: object = None
        self.outside = 0  # tokens that the connector has of each request
        self.requests: dict[str, Request] = {}
        self.waiting: deque[Request] = deque()
        self.running: list[Request] = []

    def add_request(self, request: Request) -> None:
        self.requests[request.request_id] = request
        self.waiting.append(request)

    def schedule(self) -> Any:
        budget, row = self._budget, 0
        scheduled: dict[str, int] = {}
        preempted: list[Request] = []
        while row < len(self.running) and budget:
            request = self.running[row]
            count = min(budget, len(request.tokens) - request.num_computed_tokens)
            while (taken := self.kv_cache_manager.allocate_slots(request, count)) is None:
                victim = self.running.pop()
                self._preempt(victim)
                preempted.append(victim)
                if victim is request:
                    break
            if taken is None:
                break
            scheduled[request.request_id] = count
            budget -= count
            row += 1
        while self.waiting and budget and not preempted:
            request = self.waiting[0]
            hits = self.kv_cache_manager.hits(request)
            computed = len(hits.blocks[0]) * self.block_size
            outside = min(self.outside, len(request.tokens) - computed - 1) if self.connector else 0
            count = min(budget, len(request.tokens) - computed - outside)
            known = (count, computed, hits, outside)
            if self.kv_cache_manager.allocate_slots(request, *known) is None:
                break
            self.running.append(self.waiting.popleft())
            request.status = Status.RUNNING
            request.num_computed_tokens = computed + outside
            scheduled[request.request_id] = count
            budget -= count
        for name, count in scheduled.items():
            self.requests[name].num_computed_tokens += count
        return SimpleNamespace(num_scheduled_tokens=scheduled)

    def update_from_output(self, output: Any, sampled: dict[str, int], ended: set[str]) -> None:
        for name in output.num_scheduled_tokens:
            request = self.requests.get(name)
            if request and request.num_computed_tokens >= len(request.tokens):
                request.output.append(sampled.get(name, 0))
                if name in ended:
                    self.finish_requests([name], Status.FINISHED_STOPPED)

    def finish_requests(self, names: Iterable[str], status: Status) -> None:
        for name in names:
            request = self.requests.pop(name)
            (self.running if request in self.running else self.waiting).remove(request)
            request.status = status
            self.kv_cache_manager.free(request)

    def _preempt(self, request: Request) -> None:
        self.kv_cache_manager.free(request)
        request.status, request.num_computed_tokens = Status.PREEMPTED, 0
        self.waiting.appendleft(request)
