"""Drive vLLM's own scheduler with made-up requests, record it, and print what its objects held.

Run by the Python of the engines, with the folders of vLLM's source and of ours on its path:
``drive_vllm.py KIND MODEL TRACE REQUESTS``. A snapshot has the number of events so far, the page
tables by task or, if there are several groups of them, by ``task group``, the refcounts, the
cached blocks in the order of their eviction, which key is in each slot of the host's memory, and
the blocks that can be found though nothing was computed in them.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import vllm
from held import Held, Prompts
from tests.v1.core import utils
from vllm.distributed.kv_transfer.kv_connector.v1 import KVConnectorRole
from vllm.distributed.kv_transfer.kv_connector.v1.base import SupportsHMA
from vllm.distributed.kv_transfer.kv_connector.v1.offloading_connector import OffloadingConnector
from vllm.sampling_params import SamplingParams
from vllm.v1 import kv_cache_interface as kinds
from vllm.v1.core.sched.request_queue import SchedulingPolicy, create_request_queue
from vllm.v1.kv_offload import cpu
from vllm.v1.outputs import KVConnectorOutput, ModelRunnerOutput
from vllm.v1.request import Request, RequestStatus

from pagereel.adapters.vllm import record

if TYPE_CHECKING:
    from random import Random

PAGE = 16
SHAPE = {"block_size": PAGE, "num_kv_heads": 1, "head_size": 1, "dtype": torch.float32}
SPECS = {
    "full": lambda: kinds.FullAttentionSpec(**SHAPE),
    "window": lambda: kinds.SlidingWindowSpec(**SHAPE, sliding_window=48),
    "chunk": lambda: kinds.ChunkedLocalAttentionSpec(**SHAPE, attention_chunk_size=64),
    "mamba": lambda: _mamba("align"),
    "state": lambda: _mamba("none"),
}
# In some versions, a request's samples are an array.
IS_ARRAY = "ndarray" in str(ModelRunnerOutput.__annotations__["sampled_token_ids"])
SAMPLES: Any = np.array if IS_ARRAY else list
# What is driven, and its groups of layers.
MODELS = {
    "full": ["full"],
    "window": ["window"],
    "chunk": ["chunk"],
    "hybrid": ["full", "window", "window"],
    "chunks": ["full", "chunk"],
    "mamba": ["full", "mamba"],
    "states": ["full", "state", "state"],
    "connector": ["full"],
    "offload": ["full"],
    "offload-chunks": ["full"],
    "offload-hybrid": ["full", "window"],
    "priority": ["full"],
}
CHUNKS = {"offload-chunks": 2}  # pages that are copied together, if several
MOST = {"priority": 6}  # requests at a time, if not 20
SLOTS = 40  # chunks in the host's memory


def _mamba(mode: str) -> Any:
    """Return what a Mamba layer keeps: a state at each page, or one state."""
    known = {field.name for field in dataclasses.fields(kinds.MambaSpec)}
    values = {"mamba_cache_mode": mode}
    return kinds.MambaSpec(
        block_size=PAGE if mode == "align" else 1024,
        shapes=((1, 1),),
        dtypes=(torch.float32,),
        **{key: value for key, value in values.items() if key in known},
    )


def make_scheduler(model: str, folder: str) -> Any:
    """Make the scheduler of such a model."""
    layers = MODELS[model]
    if model.startswith("offload") and not issubclass(OffloadingConnector, SupportsHMA):
        layers = layers[:1]  # it takes one group in older versions
    made, specs = utils.KVCacheConfig, [SPECS[kind]() for kind in layers]

    def config(*, num_blocks: int, **_: Any) -> Any:
        groups = [kinds.KVCacheGroupSpec([f"layer.{at}"], spec) for at, spec in enumerate(specs)]
        made_up = SimpleNamespace(size=num_blocks * specs[0].page_size_bytes)
        tensors = [made_up] if model.startswith("offload") else []
        return made(num_blocks=num_blocks, kv_cache_tensors=tensors, kv_cache_groups=groups)

    utils.KVCacheConfig = config
    mock: dict[str, Any] = {}
    if model == "connector":
        mock = {"use_kv_connector": utils.MockKVConfig()}
    elif model.startswith("offload"):
        mock = {"use_kv_connector": True}
        utils.KVTransferConfig = functools.partial(offloading, utils.KVTransferConfig, model)
    scheduler = utils.create_scheduler(
        model=folder,
        skip_tokenizer_init=True,
        max_model_len=1024,
        block_size=max(spec.block_size for spec in specs),
        enable_prefix_caching=model != "states",
        num_blocks=(40 if model == "priority" else 48) * len(specs),
        max_num_seqs=12,
        max_num_batched_tokens=256 if model == "priority" else 96,
        **mock,
    )
    # As its configuration would have it: a chunk of a prompt ends where a page of states does.
    scheduler.need_mamba_block_aligned_split = model == "mamba"
    if model == "priority":
        scheduler.policy = SchedulingPolicy.PRIORITY
        for queue in "waiting", "skipped_waiting":
            if hasattr(scheduler, queue):
                setattr(scheduler, queue, create_request_queue(scheduler.policy))
        # So that several requests compute parts of their prompts at the same step.
        scheduler.scheduler_config.long_prefill_token_threshold = 64
    return scheduler


def offloading(make: Any, model: str, **_: Any) -> Any:
    """Make the configuration of a connector that copies blocks to the host's memory."""
    chunk = CHUNKS.get(model, 1)
    # In some versions, a chunk takes whole pages of the host's memory.
    memory = getattr(cpu, "shared_offload_region", None)
    size = memory.SharedOffloadRegion.BLOCK_SIZE_ALIGNMENT if memory else 8 * PAGE * chunk
    # 0.11.2 fails by itself with the other policy.
    options = {
        "num_cpu_blocks": SLOTS,
        "cpu_bytes_to_use": SLOTS * size,
        "block_size": PAGE * chunk,
        "offload_prompt_only": False,
        "sync_load_budget_bytes": 512,
        "eviction_policy": "arc" if chunk > 1 and hasattr(cpu, "__path__") else "lru",
    }
    return make(
        kv_connector="OffloadingConnector", kv_role="kv_both", kv_connector_extra_config=options
    )


class Copied(tuple[int, bool]):
    """A copy that is done, and whether it could be done, as versions ask about it."""

    __slots__ = ()
    success = True
    transfer_size = transfer_time = transfer_type = None

    @property
    def job_id(self) -> int:
        return self[0]


class Copies:
    """Copies nothing between GPU and host, and says some steps later that it has."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._asked: list[int] = []
        self._waited: set[int] = set()

    def submit_store(self, job: int, *_: Any, **__: Any) -> bool:
        """Begin a copy."""
        self._asked.append(job)
        return True

    submit_load = transfer_async = submit_store

    def wait(self, jobs: set[int]) -> None:
        """Be done with some copies now."""
        self._waited |= jobs

    def get_finished(self) -> list[Copied]:
        """Say what is done by now."""
        done = [job for job in self._asked if job in self._waited or self._chance.random() < 0.4]
        self._asked = [job for job in self._asked if job not in done]
        return [Copied((job, True)) for job in done]


class Driver:
    """A scheduler with requests that come and go at random."""

    def __init__(self, model: str, folder: str, trace: str) -> None:
        self.scheduler = make_scheduler(model, folder)
        self.most, self.by_priority = MOST.get(model, 20), model == "priority"
        self.computed: dict[int, Any] = {}  # block -> the hash of what was computed there last
        layers = " and ".join(dict.fromkeys(MODELS[model]))
        said = {
            "engine": f"vLLM {vllm.__version__}",
            "note": f"made-up requests to the scheduler of a model with {layers} layers, on a CPU",
        }
        self.recording = record(self.scheduler, trace, strict=True, **said)
        self.prompts = Prompts(model)
        self.chance = self.prompts.chance
        self.loading: set[str] = set()
        if model == "connector":
            connector = self.scheduler.connector
            connector.get_num_new_matched_tokens = self.found_outside
            connector.update_state_after_alloc = self.allocated
        self.worker: Any = None
        self.chunk = CHUNKS.get(model, 1)
        if model.startswith("offload"):
            config = self.scheduler.vllm_config, KVConnectorRole.WORKER
            self.worker = OffloadingConnector(*config, self.scheduler.kv_cache_config)
            self.worker.connector_worker.worker = Copies(self.chance)
        self.serial = 0
        self.held = Held(self.recording, self.chance)
        prepared = {"num_requests": 1, "block_size": PAGE}
        known = inspect.signature(utils.create_requests).parameters
        utils.create_requests(**{key: prepared[key] for key in prepared if key in known})
        self.hasher = utils.get_request_block_hasher(PAGE, utils.sha256)

    def request(self) -> Request:
        """Make up a request; of those with priorities, some are long and less important."""
        is_long, most = False, self.prompts.most()
        if self.by_priority:
            is_long, most = self.chance.random() < 0.3, 1 + most // 3
        values: dict[str, Any] = {
            "request_id": f"r{self.serial}",
            "prompt_token_ids": self.prompts.prompt() + self.prompts.tokens(300 * is_long),
            "sampling_params": SamplingParams(ignore_eos=True, max_tokens=most),
            "pooling_params": None,
            "block_hasher": self.hasher,
            "mm_features": None,
            "eos_token_id": 50256,
            "priority": 1 + is_long if self.by_priority else 0,
            "arrival_time": float(self.serial),
        }
        known = inspect.signature(Request.__init__).parameters
        self.serial += 1
        return Request(**{key: value for key, value in values.items() if key in known})

    def found_outside(self, request: Request, computed: int) -> tuple[int, bool]:
        """Say how many tokens more a KV connector has, and whether they take a step to load."""
        most = (request.num_tokens - 1 - computed) // PAGE
        found = self.chance.randrange(most + 1) if most > 0 else 0
        is_late = found > 0 and int(request.request_id[1:]) % 3 == 0
        return found * PAGE, is_late

    def allocated(self, request: Request, _blocks: Any, external: int) -> None:
        """Note a request that waits for tokens from outside."""
        if external and request.status.name != "RUNNING" and int(request.request_id[1:]) % 3 == 0:
            self.loading.add(request.request_id)

    def look(self) -> None:
        """Note what the engine's objects hold, at random moments."""
        if not self.held.is_due():
            return
        manager = self.scheduler.kv_cache_manager
        pool = manager.block_pool
        groups = [*self.recording.writer.groups] or [""]
        managers = manager.coordinator.single_type_managers
        tables = {
            f"{task} {group}".rstrip(): [
                None if block is pool.null_block else block.block_id for block in row
            ]
            for group, each in zip(groups, managers, strict=True)
            for task, row in each.req_to_blocks.items()
        }
        refs = {
            block.block_id: block.ref_cnt
            for block in pool.blocks
            if block.ref_cnt and block is not pool.null_block
        }
        free = pool.free_block_queue.get_all_free_blocks()
        cached = [block.block_id for block in free if block.block_hash is not None]
        self.held.note(tables, refs, cached, self.stored(), self.uncomputed())

    def uncomputed(self) -> list[int]:
        """Return the blocks that have the hash of what no step has computed in them."""
        if not self.by_priority:
            return []
        blocks = self.scheduler.kv_cache_manager.block_pool.blocks
        hashed = [block for block in blocks if block.block_hash is not None]
        return [
            block.block_id
            for block in hashed
            if self.computed.get(block.block_id) != block.block_hash
        ]

    def compute(self, output: Any) -> None:
        """Note what the step computes: all blocks up to a request's last token, but for hits."""
        (manager,) = self.scheduler.kv_cache_manager.coordinator.single_type_managers
        for task, count in output.num_scheduled_tokens.items():
            end = self.scheduler.requests[task].num_computed_tokens
            for block in manager.req_to_blocks[task][(end - count) // PAGE : end // PAGE]:
                self.computed[block.block_id] = block.block_hash

    def stored(self) -> dict[int, str]:
        """Return which key is in each slot of the host's memory, as its manager says."""
        if self.worker is None:
            return {}
        manager = self.scheduler.connector.connector_scheduler.manager
        policy = getattr(manager, "_policy", manager)
        lists = [getattr(policy, name, {}) for name in ("blocks", "chunks", "t1", "t2")]
        chunks = {
            chunk.chunk_id if hasattr(chunk, "chunk_id") else chunk.block_id: key.hex()
            for each in lists
            for key, chunk in each.items()
        }
        if self.chunk == 1:
            return chunks
        places = range(self.chunk)
        return {at * self.chunk + n: f"{key}.{n}" for at, key in chunks.items() for n in places}

    def step(self) -> None:
        """Schedule once, and sample made-up tokens."""
        scheduler = self.scheduler
        if self.chance.random() < 0.03 and scheduler.requests:
            task = self.chance.choice([*scheduler.requests])
            scheduler.finish_requests(task, RequestStatus.FINISHED_ABORTED)
        can_reset = self.chunk > 1 and hasattr(scheduler, "reset_connector_cache")
        if can_reset and self.chance.random() < 0.005:
            scheduler.reset_connector_cache()
        self.look()
        output = scheduler.schedule()
        if self.by_priority:
            self.compute(output)
        self.look()
        tasks = [*output.num_scheduled_tokens]
        requests = [scheduler.requests[task] for task in tasks]
        done = [one.num_computed_tokens >= one.num_tokens for one in requests]
        values: dict[str, Any] = {
            "req_ids": tasks,
            "req_id_to_index": {task: at for at, task in enumerate(tasks)},
            "sampled_token_ids": [
                SAMPLES(self.prompts.tokens(1) if is_done else []) for is_done in done
            ],
            "logprobs": None,
            "prompt_logprobs_dict": {},
            "pooler_output": [],
        }
        if self.worker is not None:
            values["kv_connector_output"] = self.copied(output)
        if self.loading:
            loaded = {task for task in sorted(self.loading) if self.chance.random() < 0.5}
            self.loading -= loaded
            values["kv_connector_output"] = KVConnectorOutput(finished_recving=loaded)
        scheduler.update_from_output(output, ModelRunnerOutput(**values))

    def copied(self, output: Any) -> KVConnectorOutput:
        """Let the worker's side of the connector copy, and return what is done by now."""
        worker, meta = self.worker, output.kv_connector_metadata
        worker.bind_connector_metadata(meta)
        if hasattr(worker, "handle_preemptions"):
            worker.handle_preemptions(meta)
        worker.start_load_kv(None)
        worker.wait_for_save()
        sent, received = worker.get_finished(output.finished_req_ids)
        done: dict[str, Any] = {"finished_sending": sent, "finished_recving": received}
        if hasattr(worker, "build_connector_worker_meta"):
            done["kv_connector_worker_meta"] = worker.build_connector_worker_meta()
        return KVConnectorOutput(**done)

    def run(self, requests: int) -> None:
        """Serve so many requests."""
        while self.serial < requests or self.scheduler.requests:
            while self.serial < requests and len(self.scheduler.requests) < self.most:
                self.scheduler.add_request(self.request())
            self.step()
        self.recording.close()


if __name__ == "__main__":
    driver = Driver(*sys.argv[1:4])
    driver.run(int(sys.argv[4]))
    print(json.dumps(driver.held.snapshots))
