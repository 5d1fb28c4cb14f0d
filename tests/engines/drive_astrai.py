"""Drive AstrAI's own scheduler with made-up tasks, record it, and print what its objects held.

Run by the Python of the engines, with the folders of its source and of ours on its path:
``drive_astrai.py KIND MODEL TRACE TASKS``. Nothing is computed, so MODEL is not read.
"""

from __future__ import annotations

import contextlib
import json
import sys
from types import SimpleNamespace
from typing import Any

import torch
from held import Held, Prompts, bare, stand_in

END = 50256
# Of each kind: tokens a page, and pages.
POOLS = {"pressure": (16, 40), "prefix": (16, 160), "tokens": (1, 900), "batches": (16, 60)}


class Executor:
    """Samples made-up tokens."""

    def __init__(self, *, model: Driver, **_: Any) -> None:
        self.driver = model

    def execute_prefill(self, tasks: list[Any], *_: int, **__: bool) -> tuple[list[Any], list[int]]:
        """Compute prompts."""
        return tasks, self.execute_decode(tasks)

    def execute_decode(self, tasks: list[Any], **_: bool) -> list[int]:
        """Compute one token of each task."""
        self.driver.look()
        if self.driver.kind != "batches":
            self.driver.come_and_go()
            self.driver.look()
        chance = self.driver.prompts.chance
        return [END if chance.random() < 0.01 else chance.randrange(END) for _ in tasks]


packages = ("", ".inference", ".inference.runtime", ".model", ".tokenize")
bare(*(f"astrai{package}" for package in packages))  # they import models and kernels, too
stand_in(
    "astrai.extension",
    ATTN_BACKEND=None,
    AttentionBackend=None,
    attn_backend=lambda _: contextlib.nullcontext(),
    get_backend=lambda **_: None,
)
stand_in("astrai.inference.runtime.executor", Executor=Executor)
stand_in("astrai.model.automodel", AutoModel=object)
stand_in("astrai.tokenize.tokenizer", AutoTokenizer=object)

from astrai.inference.cache import PagePool  # noqa: E402
from astrai.inference.scheduler import InferenceScheduler  # noqa: E402
from astrai.inference.task import Task  # noqa: E402

from pagereel.adapters.astrai import record  # noqa: E402


class Driver:
    """A scheduler with tasks that come and go at random."""

    def __init__(self, kind: str, trace: str, tasks: int) -> None:
        self.kind, self.left, self.prompts = kind, tasks, Prompts(kind)
        page_size, pages = POOLS[kind]
        sizes = {"n_layers": 1, "n_kv_heads": 1, "head_dim": 1}
        on = {"device": torch.device("cpu"), "dtype": torch.float32}
        most = {"max_batch_size": 12, "max_seq_len": 1024}
        pool = PagePool(**sizes, **most, **on, page_size=page_size, n_tokens=pages * page_size)
        self.config = SimpleNamespace(hidden_size=1, num_attention_heads=1)
        tokenizer = SimpleNamespace(encode=list, stop_ids=[END])
        self.scheduler = InferenceScheduler(self, tokenizer, **most, **on, cache=pool)
        self.recording = record(self.scheduler, trace, checks=True, strict=True, engine="AstrAI")
        self.held = Held(self.recording, self.prompts.chance)

    def come_and_go(self) -> None:
        """Add tasks, or remove one."""
        tasks = self.scheduler._task_mgr
        while self.left and len(tasks.waiting_queue) < 8:
            self.scheduler.add_task(self.prompts.prompt(), max_tokens=self.prompts.most())
            self.left -= 1
        known = [*tasks.active_tasks, *tasks.waiting_queue]
        if known and self.prompts.chance.random() < 0.03:
            self.scheduler.remove_task(self.prompts.chance.choice(known).task_id)

    def look(self) -> None:
        """Note what the engine's objects hold, at random moments."""
        if not self.held.is_due():
            return
        manager = self.scheduler._task_cache
        tables = {task: state.pages for task, state in manager._states.items()}
        allocator = manager._strategy._alloc
        refs = {frame: count for frame, count in enumerate(allocator._refs) if count}
        self.held.note(tables, refs, allocator._lru)

    def wait(self, **_: float) -> None:
        """Go on with more tasks, if there are any."""
        self.come_and_go()
        if not self.scheduler._task_mgr.has_work():
            self.scheduler._stop_event.set()

    def run(self) -> None:
        """Serve all tasks."""
        if self.kind == "batches":
            for _ in range(0, self.left, 8):
                prompts = [self.prompts.prompt() for _ in range(8)]
                self.scheduler.run_batch(prompts, max_tokens=self.prompts.most())
                self.look()
        else:
            self.scheduler._task_mgr.wait_for_tasks = self.wait
            self.scheduler._run_generation_loop()
            assert not self.left  # else the loop met an error, which it logs
        self.recording.close()


if __name__ == "__main__":
    Task.decode_new_token = lambda *_: ""
    driver = Driver(sys.argv[1], sys.argv[3], int(sys.argv[4]))
    driver.run()
    print(json.dumps(driver.held.snapshots))
