"""Drive vLLM's own scheduler with made-up requests, record it, and print what its objects held.

Run by the Python of the engines, with the folders of vLLM's source and of ours on its path:
``drive_vllm.py KIND MODEL TRACE REQUESTS``. A snapshot has the number of events so far, the page
tables by task or, if there are several groups of them, by ``task group``, the refcounts and the
cached blocks in the order of their eviction.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import sys
from typing import Any

import numpy as np
import torch
import vllm
from held import Held, Prompts
from tests.v1.core import utils
from vllm.sampling_params import SamplingParams
from vllm.v1 import kv_cache_interface as kinds
from vllm.v1.outputs import KVConnectorOutput, ModelRunnerOutput
from vllm.v1.request import Request, RequestStatus

from pagereel.adapters.vllm import record

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
}


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
    made, specs = utils.KVCacheConfig, [SPECS[kind]() for kind in MODELS[model]]

    def config(*, num_blocks: int, **_: Any) -> Any:
        groups = [kinds.KVCacheGroupSpec([f"layer.{at}"], spec) for at, spec in enumerate(specs)]
        return made(num_blocks=num_blocks, kv_cache_tensors=[], kv_cache_groups=groups)

    utils.KVCacheConfig = config
    mock = {"use_kv_connector": utils.MockKVConfig()} if model == "connector" else {}
    scheduler = utils.create_scheduler(
        model=folder,
        skip_tokenizer_init=True,
        max_model_len=1024,
        block_size=max(spec.block_size for spec in specs),
        enable_prefix_caching=model != "states",
        num_blocks=48 * len(specs),
        max_num_seqs=12,
        max_num_batched_tokens=96,
        **mock,
    )
    # As its configuration would have it: a chunk of a prompt ends where a page of states does.
    scheduler.need_mamba_block_aligned_split = model == "mamba"
    return scheduler


class Driver:
    """A scheduler with requests that come and go at random."""

    def __init__(self, model: str, folder: str, trace: str) -> None:
        self.scheduler = make_scheduler(model, folder)
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
        self.serial = 0
        self.held = Held(self.recording, self.chance)
        prepared = {"num_requests": 1, "block_size": PAGE}
        known = inspect.signature(utils.create_requests).parameters
        utils.create_requests(**{key: prepared[key] for key in prepared if key in known})
        self.hasher = utils.get_request_block_hasher(PAGE, utils.sha256)

    def request(self) -> Request:
        """Make up a request."""
        values: dict[str, Any] = {
            "request_id": f"r{self.serial}",
            "prompt_token_ids": self.prompts.prompt(),
            "sampling_params": SamplingParams(ignore_eos=True, max_tokens=self.prompts.most()),
            "pooling_params": None,
            "block_hasher": self.hasher,
            "mm_features": None,
            "eos_token_id": 50256,
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
        self.held.note(tables, refs, cached)

    def step(self) -> None:
        """Schedule once, and sample made-up tokens."""
        scheduler = self.scheduler
        if self.chance.random() < 0.03 and scheduler.requests:
            task = self.chance.choice([*scheduler.requests])
            scheduler.finish_requests(task, RequestStatus.FINISHED_ABORTED)
        self.look()
        output = scheduler.schedule()
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
        if self.loading:
            loaded = {task for task in sorted(self.loading) if self.chance.random() < 0.5}
            self.loading -= loaded
            values["kv_connector_output"] = KVConnectorOutput(finished_recving=loaded)
        scheduler.update_from_output(output, ModelRunnerOutput(**values))

    def run(self, requests: int) -> None:
        """Serve so many requests."""
        while self.serial < requests or self.scheduler.requests:
            while self.serial < requests and len(self.scheduler.requests) < 20:
                self.scheduler.add_request(self.request())
            self.step()
        self.recording.close()


if __name__ == "__main__":
    driver = Driver(*sys.argv[1:4])
    driver.run(int(sys.argv[4]))
    print(json.dumps(driver.held.snapshots))
