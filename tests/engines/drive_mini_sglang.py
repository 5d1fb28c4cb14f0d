"""Drive mini-sglang's own scheduler with made-up requests, record it, and print what it held.

Run by the Python of the engines, with the folders of its source and of ours on its path:
``drive_mini_sglang.py KIND MODEL TRACE REQUESTS``. Nothing is computed, so MODEL is not read.

Where two requests compute the same prefix at the same time, mini-sglang frees pages that one of
them has (its pull request 142). The kind ``together`` lets them; in the others a request is sent
when no other one that begins like it waits for its first token.
"""

from __future__ import annotations

import contextlib
import json
import sys
from types import SimpleNamespace
from typing import Any, NamedTuple

import torch
from held import Held, Prompts, stand_in

# Its engine computes, and its kernels are built for a GPU.
engine = stand_in("minisgl.engine", EngineConfig=object)
kernel = stand_in("minisgl.kernel")


def unpinned(make: Any) -> Any:
    """Make tensors as without a GPU."""

    def made(*values: Any, **named: Any) -> Any:
        return make(*values, **{**named, "pin_memory": False})

    return made


torch.empty, torch.tensor = unpinned(torch.empty), unpinned(torch.tensor)
torch.Tensor.pin_memory = lambda tensor: tensor
stream = SimpleNamespace(wait_stream=lambda _: None)
torch.cuda.Stream = lambda **_: stream
torch.cuda.stream = lambda _: contextlib.nullcontext()
torch.cuda.set_stream = lambda _: None

import minisgl.scheduler.scheduler as module  # noqa: E402
from minisgl.core import Context, SamplingParams, set_global_ctx  # noqa: E402
from minisgl.distributed import set_tp_info  # noqa: E402
from minisgl.message import AbortBackendMsg, UserMsg  # noqa: E402

from pagereel.adapters.mini_sglang import record  # noqa: E402

END = 50256
# Where a batch is prepared while the one before it is computed.
OVERLAPPING = {"overlap", "tokens"}
# Of each kind: tokens a page, pages, and tokens of prompts that are computed at once.
POOLS = {
    "normal": (16, 60, 96),
    "overlap": (16, 60, 96),
    "tokens": (1, 900, 96),
    "together": (16, 60, 512),
}


def compare(one: Any, other: Any) -> int:
    """Return how many of the first tokens are the same, as the engine's kernel does."""
    length = min(len(one), len(other))
    return int((one[:length] == other[:length]).int().cumprod(0).sum())


kernel.fast_compare_key = compare


class Output(NamedTuple):
    """What a batch has computed."""

    next_tokens_gpu: Any
    next_tokens_cpu: Any
    copy_done: Any


class Engine:
    """Samples made-up tokens."""

    def __init__(self, config: Any) -> None:
        self.device, self.stream, self.tp_cpu_group = torch.device("cpu"), stream, None
        self.page_size, self.num_pages = config.page_size, config.num_pages
        self.max_seq_len = 1024
        self.page_table = torch.zeros((13, self.max_seq_len), dtype=torch.int32)
        self.graph_runner = SimpleNamespace(pad_batch=self.pad)
        self.attn_backend = SimpleNamespace(prepare_metadata=lambda _: None)
        self.sampler = SimpleNamespace(prepare=lambda _: None)
        self.driver: Driver = config.driver
        set_tp_info(rank=0, size=1)
        set_global_ctx(Context(self.page_size))

    def pad(self, batch: Any) -> None:
        """Run a batch as it is."""
        batch.padded_reqs = batch.reqs

    def forward_batch(self, batch: Any, _: None) -> Output:
        """Compute a batch."""
        for request in batch.reqs:
            request.complete_one()
            self.driver.rows[request.table_idx] = request
        self.driver.look()
        chance = self.driver.prompts.chance
        sampled = [END if chance.random() < 0.01 else chance.randrange(END) for _ in batch.reqs]
        tokens = torch.tensor(sampled, dtype=torch.int32)
        return Output(tokens, tokens, SimpleNamespace(synchronize=lambda: None))


class Driver(module.Scheduler):  # type: ignore[misc]
    """A scheduler with requests that come and go at random."""

    def __init__(self, kind: str, trace: str, requests: int) -> None:
        self.kind, self.left, self.prompts = kind, requests, Prompts(kind)
        self.rows: dict[int, Any] = {}
        self.computing: dict[int, tuple[int, ...]] = {}  # request -> how its prompt begins
        self.serial = 0
        page_size, pages, at_once = POOLS[kind]
        super().__init__(
            SimpleNamespace(
                driver=self,
                max_running_req=12,
                page_size=page_size,
                num_pages=pages,
                cache_type="radix",
                model_path=None,
                max_extend_tokens=at_once,
                tp_info=None,
                offline_mode=True,
            )
        )
        self.recording = record(self, trace, strict=True, engine="mini-sglang")
        self.held = Held(self.recording, self.prompts.chance)

    def offline_receive_msg(self, *, blocking: bool) -> list[Any]:
        """Return requests that come now, or one that is aborted."""
        self.look()
        messages: list[Any] = []
        waiting = self.prefill_manager.pending_list
        while self.left and len(waiting) + len(messages) < 8:
            if self.kind == "together" and not self.serial % 4:
                self.prompts.prefixes = [self.prompts.tokens(96)]
            prompt = self.prompts.prompt()
            begin = tuple(prompt[:16])
            if self.kind != "together" and begin in self.computing.values():
                break
            self.computing[self.serial] = begin
            tokens = torch.tensor(prompt, dtype=torch.int32)
            sampling = SamplingParams(max_tokens=self.prompts.most())
            messages.append(UserMsg(self.serial, tokens, sampling))
            self.serial += 1
            self.left -= 1
        # What is aborted while it is computed may be freed twice.
        if self.kind not in OVERLAPPING and not messages and self.prompts.chance.random() < 0.05:
            known = [*waiting, *self.decode_manager.running_reqs]
            if known:
                uid = self.prompts.chance.choice(sorted(each.uid for each in known))
                self.computing.pop(uid, None)
                messages.append(AbortBackendMsg(uid))
        assert messages or not blocking
        return messages

    def offline_send_result(self, reply: list[Any]) -> None:
        """Note which requests have been computed."""
        for each in reply:
            self.computing.pop(each.uid, None)
        self.look()

    def look(self) -> None:
        """Note what the engine's objects hold, at random moments."""
        if not self.held.is_due():
            return
        manager, size = self.cache_manager, self.cache_manager.page_size
        tables = {
            str(request.uid): self.pages(
                manager.page_table[row, : -(-request.cached_len // size) * size]
            )
            for row, request in self.rows.items()
            if row not in self.table_manager._free_slots
        }
        refs = dict.fromkeys(range(manager.num_pages), 1)
        for frame in self.pages(manager.free_slots, 1):
            del refs[frame]
        cached = []
        nodes = [*manager.prefix_cache.root_node.children.values()]
        for node in nodes:
            nodes += node.children.values()
            for frame in self.pages(node.value):
                refs[frame] = node.ref_count
                if not node.ref_count:
                    del refs[frame]
                    cached.append(frame)
        self.held.note(tables, refs, cached)

    def pages(self, slots: Any, step: int = 0) -> list[int]:
        """Return the pages of slots."""
        size = self.cache_manager.page_size
        return (slots[:: step or size] // size).tolist()  # type: ignore[no-any-return]

    def run(self) -> None:
        """Serve all requests."""
        data = None
        is_busy = True
        while is_busy:
            if self.kind in OVERLAPPING:
                data = self.overlap_loop(data)
            else:
                self.normal_loop()
            managers = (self.prefill_manager, self.decode_manager)
            is_busy = bool(self.left or data or any(each.runnable for each in managers))
        if self.kind != "together":
            self.cache_manager.check_integrity()
        self.recording.close()


if __name__ == "__main__":
    engine.Engine = Engine
    module.load_tokenizer = lambda _: SimpleNamespace(eos_token_id=END)
    driver = Driver(sys.argv[1], sys.argv[3], int(sys.argv[4]))
    driver.run()
    print(json.dumps(driver.held.snapshots))
