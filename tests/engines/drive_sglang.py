"""Drive SGLang's own scheduler with made-up requests, record it, and print what its objects held.

Run by the Python of the engines, with the folders of its source and of ours on its path:
``drive_sglang.py KIND MODEL TRACE REQUESTS``. Nothing is computed, so MODEL is not read. Scheduler,
requests, batches, pools of pages and prefix cache are SGLang's; the loop is ours, and so are the
sampled tokens.
"""

from __future__ import annotations

import json
import os
import sys
from array import array
from collections import Counter
from itertools import chain
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
import transformers.models.auto.image_processing_auto
import transformers.models.auto.processing_auto
import transformers.models.auto.video_processing_auto  # noqa: F401 (before torchvision is one)
from held import Held, Prompts, stand_in

for name in ("torchvision", "torchvision.transforms", "torchvision.transforms.functional"):
    stand_in(name, InterpolationMode=None, transforms=None, functional=None, pil_to_tensor=None)
stand_in("IPython")
stand_in("IPython.display", HTML=None, display=None)
stand_in("uvicorn")
torch.Tensor.pin_memory = lambda tensor: tensor  # as without a GPU
os.environ["SGLANG_SWA_EVICTION_INTERVAL"] = "16"
os.environ["SGLANG_OPT_RELEASE_PREFILL_SWA"] = str("unlock" in sys.argv[1])

from sglang.srt import runtime_context  # noqa: E402
from sglang.srt.configs.mamba_utils import (  # noqa: E402
    Mamba2CacheParams,
    Mamba2StateShape,
)
from sglang.srt.disaggregation.utils import DisaggregationMode  # noqa: E402
from sglang.srt.managers import schedule_batch as batches  # noqa: E402
from sglang.srt.managers.io_struct import AbortReq  # noqa: E402
from sglang.srt.managers.schedule_policy import SchedulePolicy  # noqa: E402
from sglang.srt.managers.scheduler import Scheduler  # noqa: E402
from sglang.srt.managers.utils import GenerationBatchResult  # noqa: E402
from sglang.srt.mem_cache.allocator.paged import PagedTokenToKVPoolAllocator  # noqa: E402
from sglang.srt.mem_cache.allocator.swa import SWATokenToKVPoolAllocator  # noqa: E402
from sglang.srt.mem_cache.allocator.token import TokenToKVPoolAllocator  # noqa: E402
from sglang.srt.mem_cache.cache_init_params import CacheInitParams  # noqa: E402
from sglang.srt.mem_cache.l2_transfer import TransferCompletion  # noqa: E402
from sglang.srt.mem_cache.memory_pool import (  # noqa: E402
    HybridReqToTokenPool,
    MHATokenToKVPool,
    ReqToTokenPool,
)
from sglang.srt.mem_cache.pool_host import common  # noqa: E402
from sglang.srt.mem_cache.radix_cache import RadixCache  # noqa: E402
from sglang.srt.mem_cache.swa_memory_pool import SWAKVPool  # noqa: E402
from sglang.srt.mem_cache.unified_cache.component_type import ComponentType  # noqa: E402
from sglang.srt.mem_cache.unified_radix_cache import UnifiedRadixCache  # noqa: E402
from sglang.srt.sampling.sampling_params import SamplingParams  # noqa: E402
from sglang.srt.speculative.spec_info import SpeculativeAlgorithm  # noqa: E402

from pagereel.adapters.sglang import record  # noqa: E402

if TYPE_CHECKING:
    from random import Random

END = 50256
common._cuda_host_register = lambda *_: None


class Kind(NamedTuple):
    """A prefix cache, tokens a page, and pages."""

    cache: Any = UnifiedRadixCache
    core: str = "rust"
    page_size: int = 16
    pages: int = 60
    overlaps: bool = False
    window: int | None = None
    windows: int = 0
    states: int = 0
    buffers: str = "no_buffer"
    writes: str = ""  # to the host's memory, if there is any: when


# What a scheduler compares with None.
NONE = (
    "chunked_req",
    "dllm_config",
    "min_free_slots_delayer",
    "dynamic_chunk_sizer",
    "prefill_delayer",
    "_pending_chunked_abort_req",
    "mm_receiver",
    "max_queued_requests",
    "hisparse_coordinator",
    "decode_offload_manager",
    "truncation_align_size",
    "last_batch",
)
KINDS = {
    "full": Kind(),
    "overlap": Kind(overlaps=True),
    "window": Kind(window=70, windows=44),
    "window-python": Kind(core="python", window=70, windows=44),
    "window-unlock": Kind(window=40, windows=44),
    "window-tokens": Kind(page_size=1, pages=900, window=70, windows=640),
    "tokens": Kind(page_size=1, pages=900),
    "python": Kind(core="python"),
    "radix": Kind(RadixCache),
    "states": Kind(page_size=1, pages=900, states=40),
    "states-buffers": Kind(states=40, buffers="extra_buffer"),
    "states-lazy": Kind(states=52, buffers="extra_buffer_lazy", overlaps=True),
    "states-overlap": Kind(states=52, buffers="extra_buffer", overlaps=True),
    "host": Kind(writes="write_through"),
    "host-back": Kind(core="python", writes="write_back"),
    "host-tokens": Kind(page_size=1, pages=900, writes="write_through_selective", overlaps=True),
    "states-window": Kind(window=70, windows=44, states=40, buffers="extra_buffer"),
}


class Copied:
    """When a copy begins or ends, which takes some steps; nothing is copied."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def query(self) -> bool:
        """Say whether it is done."""
        return self._chance.random() < 0.5

    def synchronize(self) -> None:
        """Wait until it is."""


class Off:
    """What is off, with all that belongs to it."""

    num_generated_tokens = forward_ct_decode = 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Off()

    def __call__(self, *_: Any, **__: Any) -> int:
        """Do nothing."""
        return 0

    def __bool__(self) -> bool:
        return False


class Same:
    """What would change a batch if it was on."""

    def __getattr__(self, _: str) -> Any:
        return lambda batch, **_: batch


class Driver(Scheduler):  # type: ignore[misc]
    """A scheduler with requests that come and go at random."""

    def __init__(self, kind: str, trace: str, requests: int) -> None:
        self.left, self.prompts, self.serial = requests, Prompts(kind), 0
        self.kind = KINDS[kind]
        self.make()
        self.recording = record(self, trace, strict=True, engine="SGLang")
        self.held = Held(self.recording, self.prompts.chance)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Off()

    def make(self) -> None:
        """Make the pools, the prefix cache, and what else a scheduler asks."""
        page_size, size = self.kind.page_size, self.kind.pages * self.kind.page_size
        self.page_size = page_size
        self.req_to_token_pool = self.make_rows()
        self.token_to_kv_pool_allocator = self.make_allocator(size)
        params = CacheInitParams(
            disable=False,
            req_to_token_pool=self.req_to_token_pool,
            token_to_kv_pool_allocator=self.token_to_kv_pool_allocator,
            page_size=page_size,
            tree_components=tuple(
                component
                for component, has in (
                    (ComponentType.FULL, True),
                    (ComponentType.SWA, self.kind.window),
                    (ComponentType.MAMBA, self.kind.states),
                )
                if has
            ),
            **self.buffers(),
            sliding_window_size=self.kind.window,
            tree_core_backend=self.kind.core,
        )
        self.tree_cache = self.kind.cache(params)
        self.enable_hierarchical_cache = bool(self.kind.writes)
        self.enable_hicache_storage = False
        if self.kind.writes:
            self.tree_cache.init_hicache(Off(), params)
            engine = self.tree_cache.cache_controller.l2_transfer_engine
            engine.submit_device_to_host = engine.submit_host_to_device = self.copy
        self.policy = SchedulePolicy("fcfs", self.tree_cache, *[False] * 3)
        self.model_config = SimpleNamespace(
            vocab_size=END,
            is_encoder_decoder=False,
            is_multimodal=False,
            self_opened_think_start_ids=None,
            think_end_ids=None,
            eos_token_id=None,
            hf_text_config=SimpleNamespace(mamba_chunk_size=64),
        )
        self.spec_algorithm = SpeculativeAlgorithm.NONE
        self.disaggregation_mode = DisaggregationMode.NULL
        self.waiting_queue: list[Any] = []
        self.chunked_prefill_size, self.max_prefill_tokens = 96, 200
        self.max_running_requests, self.max_prefill_bs = 12, 0
        self.processed_tokens_counter = 0
        self.prefill_decode_interval = self._prefill_decode_interval_remaining = 0
        for name in NONE:
            setattr(self, name, None)
        self.new_token_ratio_tracker: Any = Off()
        self.dp_attn_adapter = self.ngram_embedding_manager = Same()
        self.is_generation, self.is_hybrid_swa = True, bool(self.kind.window)
        self.enable_overlap = self.kind.overlaps
        self.running_batch = batches.ScheduleBatch(reqs=[], batch_is_full=False)
        self.beam_coordinator = Off()
        self.metrics_reporter = Off()
        self.init_beam_coordinator = self.publish_load_snapshot = self._record_step_counters = Off()
        self.init_batch_result_processor()

    def copy(self, *_: Any, **__: Any) -> TransferCompletion:
        """Begin to copy nothing."""
        done = Copied(self.prompts.chance)
        return TransferCompletion(done, done, timing_enabled=False)

    def make_rows(self) -> Any:
        """Make the rows of requests, and the pool of states."""
        rows = {"max_context_len": 1024, "device": "cpu", "enable_memory_saver": False}
        if not self.kind.states:
            return ReqToTokenPool(16, **rows)
        shape = Mamba2StateShape.create(
            tp_world_size=1,
            intermediate_size=8,
            n_groups=1,
            num_heads=1,
            head_dim=8,
            state_size=4,
            conv_kernel=2,
        )
        return HybridReqToTokenPool(
            size=16,
            mamba_size=self.kind.states,
            mamba_spec_state_size=16,
            cache_params=Mamba2CacheParams(shape=shape, layers=[0]),
            mamba_layer_ids=[0],
            **self.buffers(),
            enable_overlap_schedule=self.kind.overlaps,
            **rows,
        )

    def buffers(self) -> dict[str, bool]:
        """Say how many buffers each request has for states that the prefix cache takes."""
        return {
            "enable_mamba_extra_buffer": self.kind.buffers != "no_buffer",
            "enable_mamba_extra_buffer_lazy": self.kind.buffers == "extra_buffer_lazy",
        }

    def make_allocator(self, size: int) -> Any:
        """Make the allocator of pages, and of those of windows."""
        of_pool = {"dtype": torch.float32, "device": "cpu", "need_sort": False}
        if self.kind.window:
            windows = self.kind.windows * self.page_size
            pool = SWAKVPool(
                size,
                windows,
                self.page_size,
                torch.float32,
                head_num=1,
                head_dim=8,
                swa_attention_layer_ids=[0],
                full_attention_layer_ids=[1],
                device="cpu",
            )
            return SWATokenToKVPoolAllocator(size, windows, self.page_size, kvcache=pool, **of_pool)
        pool = None
        if self.kind.writes:
            shape = {"head_num": 1, "head_dim": 8, "layer_num": 1}
            pool = MHATokenToKVPool(
                size,
                self.page_size,
                torch.float32,
                device="cpu",
                enable_memory_saver=False,
                **shape,
            )
        if self.page_size == 1:
            return TokenToKVPoolAllocator(size, kvcache=pool, **of_pool)
        return PagedTokenToKVPoolAllocator(size, self.page_size, kvcache=pool, **of_pool)

    def come(self) -> None:
        """Queue a request."""
        sampling = SamplingParams(max_new_tokens=self.prompts.most())
        sampling.normalize(None)
        prompt = array("q", self.prompts.prompt())
        req = batches.Req(f"r{self.serial:03}", "", prompt, sampling, vocab_size=END + 1)
        self._add_request_to_queue(req)
        self.serial += 1
        self.left -= 1

    def look(self) -> None:
        """Note what the engine's objects hold, at random moments."""
        if self.last_batch is None or not self.held.is_due():
            return  # what is evicted for a batch that is not prepared is recorded with the next one
        tables: dict[str, list[int | None]] = {}
        for req in self.known():
            if req.kv.holds_kv:
                tables.update(self.tables_of(req))
        refs = Counter(frame for frame in chain(*tables.values()) if frame is not None)
        kept: set[int] = set()
        first = 0
        for count, free in self.pools():
            kept.update(first + page for page in range(1, count) if page not in free)
            first += count
        assert kept >= {*refs}
        self.held.note(tables, refs, sorted(kept - {*refs}), self.stored())

    def stored(self) -> dict[int, str]:
        """Return which slots of the host's memory hold something."""
        if not self.kind.writes:
            return {}
        host = self.tree_cache.cache_controller.mem_pool_host.anchor_entry.host_pool
        free = {*torch.cat([host.free_slots, *host.release_slots]).tolist()}
        return {
            slot: ""
            for slot in range(host.size // self.page_size)
            if slot * self.page_size not in free
        }

    def pools(self) -> list[tuple[int, set[int]]]:
        """Return how many frames each group has, and which of them are free."""
        allocator = self.token_to_kv_pool_allocator
        pools = [allocator]
        if self.kind.window:
            pools = [allocator.full_attn_allocator, allocator.swa_attn_allocator]
        found = [
            (pool.size // self.page_size + 1, {*pool.get_all_free_pages().tolist()})
            for pool in pools
        ]
        if self.kind.states:
            states = self.req_to_token_pool.mamba_allocator
            found.append((states.size + 1, {*states.free_slots.tolist()}))
        return found

    def tables_of(self, req: Any) -> dict[str, list[int | None]]:
        """Return the page tables of a request."""
        row = self.req_to_token_pool.req_to_token[req.kv.req_pool_idx, : req.kv.kv_allocated_len]
        tables = {"full": self.pages(row)}
        if self.kind.window:
            tables["window"] = self.window_of(req, row)
        if self.kind.states:
            first = self.kind.pages + 1 + (self.kind.windows + 1 if self.kind.window else 0)
            tables["mamba"] = [first + state for state in self.states_of(req)]
        if len(tables) == 1:
            return {req.rid: tables["full"]}
        return {f"{req.rid} {group}": table for group, table in tables.items()}

    def window_of(self, req: Any, row: Any) -> list[int | None]:
        """Return a request's page table of a window, with holes before it."""
        begin, first = req.kv.cache_protected_len, self.kind.pages + 1
        if not req.lock.swa_released:
            begin = max(0, begin - self.kind.window)
        begin //= self.page_size
        windows = self.pages(self.token_to_kv_pool_allocator.full_to_swa_index_mapping[row])
        return [first + page if page and at >= begin else None for at, page in enumerate(windows)]

    def states_of(self, req: Any) -> list[int]:
        """Return a request's states: the one that it computes with, and those that are kept."""
        kept = req.kv.mamba_ping_pong_track_buffer
        states = [int(req.kv.mamba_pool_idx), *([] if kept is None else kept.tolist())]
        return [state for state in states if state > 0]

    def known(self) -> list[Any]:
        """Return the requests that are computed."""
        reqs = [*self.running_batch.reqs, *(self.last_batch.reqs if self.last_batch else ())]
        reqs += [self.chunked_req] if self.chunked_req else []
        return [*{req.rid: req for req in reqs}.values()]

    def pages(self, slots: Any) -> list[Any]:
        """Return the pages of slots."""
        return (slots[:: self.page_size] // self.page_size).tolist()  # type: ignore[no-any-return]

    def run(self) -> None:
        """Serve all requests."""
        queue: list[Any] = []
        self.last_batch = None
        while self.left or self.waiting_queue or self.known() or queue:
            while self.left and len(self.waiting_queue) < 8:
                self.come()
            if self.prompts.chance.random() < 0.03:
                reqs = sorted(req.rid for req in (*self.waiting_queue, *self.known()))
                self.abort_request(AbortReq(rid=self.prompts.chance.choice(reqs)))
            self.new_token_ratio_tracker.current = 0.1
            plan = self.get_next_batch_to_run(self.running_batch, self.last_batch)
            self.running_batch, self.last_batch = plan.running_batch, plan.batch_to_run
            self.look()
            if self.last_batch:
                queue.append(self.last_batch.copy())
            while len(queue) > bool(self.enable_overlap and self.last_batch):
                batch = queue.pop(0)
                tokens = [self.prompts.chance.randrange(END) for _ in batch.reqs]
                result = GenerationBatchResult(next_token_ids=torch.tensor(tokens))
                self.process_batch_result(batch, result)
                self.look()
        self.recording.close()


def setup(kind: str) -> None:
    """Publish a server's arguments, as of a model that is not read."""
    args = runtime_context.get_context().override_server_args(
        device="cpu",
        attention_backend="torch_native",
        page_size=KINDS[kind].page_size,
        pp_max_micro_batch_size=12,
        _mamba_cache_chunk_size=64,
        mamba_radix_cache_strategy=KINDS[kind].buffers,
        enable_hierarchical_cache=bool(KINDS[kind].writes),
        hicache_ratio=2.0,
        hicache_write_policy=KINDS[kind].writes or "write_through",
        hicache_io_backend="direct",
        hicache_mem_layout="layer_first",
    )
    args.install()


if __name__ == "__main__":
    setup(sys.argv[1])
    driver = Driver(sys.argv[1], sys.argv[3], int(sys.argv[4]))
    driver.run()
    print(json.dumps(driver.held.snapshots))
