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
    """What the only KV cache group is made of."""


class SlidingWindowSpec:
    """What makes requests give back the blocks that their window has passed."""


class EncoderSpec:
    """What cannot be recorded."""


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


class KVCacheManager:
    def __init__(self, blocks: int, block_size: int, *, caching: bool, window: int) -> None:
        self.block_pool, self._window = BlockPool(blocks), window
        self.caching, self._size = caching, block_size
        self.tables: dict[str, list[Block]] = {}
        groups = [SimpleNamespace(req_to_blocks=self.tables)]
        self.coordinator = SimpleNamespace(single_type_managers=groups)
        self.coordinator.remove_skipped_blocks = self._remove_skipped_blocks

    def hits(self, request: Request) -> list[Block]:
        found: list[Block] = []
        # The last token is always computed.
        for page in range((len(request.tokens) - 1) // self._size if self.caching else 0):
            block = self.block_pool.index.get(tuple(request.tokens[: (page + 1) * self._size]))
            if block is None:
                break
            found.append(block)
        return found

    def allocate_slots(self, request: Request, count: int, hits: list[Block]) -> Any:
        """Make room for `count` tokens more than there are; return the new blocks, or None."""
        self.coordinator.remove_skipped_blocks(request.request_id, request.num_computed_tokens)
        table = self.tables.get(request.request_id, [])
        upto = request.num_computed_tokens + len(hits) * self._size + count
        needed = max(0, -(-upto // self._size) - len(table) - len(hits))
        if needed > len(self.block_pool.free) - sum(not block.ref_cnt for block in hits):
            return None
        for block in hits:
            self.block_pool.touch(block)
        new = [self.block_pool.take() for _ in range(needed)]
        self.tables[request.request_id] = table = [*table, *hits, *new]
        for page in range(min(upto, len(request.tokens)) // self._size if self.caching else 0):
            if table[page].block_hash is None:
                key = table[page].block_hash = tuple(request.tokens[: (page + 1) * self._size])
                self.block_pool.index.setdefault(key, table[page])
        return SimpleNamespace(blocks=(new,))

    def _remove_skipped_blocks(self, request_id: str, computed: int) -> None:
        table, null = self.tables.get(request_id, []), self.block_pool.null_block
        passed = (computed - self._window) // self._size if self._window else 0
        gone = [page for page in range(max(0, passed)) if table[page] is not null]
        if gone:
            self.block_pool.free_blocks([table[page] for page in reversed(gone)])
        for page in gone:
            table[page] = null

    def can_fit_full_sequence(self, request: Request) -> bool:
        return len(request.tokens) <= len(self.block_pool.free) * self._size

    def free(self, request: Request) -> None:
        table, null = self.tables.pop(request.request_id, []), self.block_pool.null_block
        self.block_pool.free_blocks(block for block in reversed(table) if block is not null)


class Scheduler:
    def __init__(
        self,
        blocks: int,
        block_size: int,
        *,
        budget: int = 24,
        caching: bool = True,
        window: int = 0,
    ) -> None:
        self.block_size, self._budget = block_size, budget
        kind = SlidingWindowSpec() if window else FullAttentionSpec()
        group = SimpleNamespace(kv_cache_spec=kind)
        self.kv_cache_config = SimpleNamespace(kv_cache_groups=[group])
        self.kv_cache_manager = KVCacheManager(blocks, block_size, caching=caching, window=window)
        self.connector: object = None
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
            while (taken := self.kv_cache_manager.allocate_slots(request, count, [])) is None:
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
            computed = len(hits) * self.block_size
            count = min(budget, len(request.tokens) - computed)
            if self.kv_cache_manager.allocate_slots(request, count, hits) is None:
                break
            self.running.append(self.waiting.popleft())
            request.status, request.num_computed_tokens = Status.RUNNING, computed
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
