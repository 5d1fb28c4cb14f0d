"""Drive nano-vllm's own scheduler with made-up sequences, record it, and print what it held.

Run by the Python of the engines, with the folders of its source and of ours on its path:
``drive_nano_vllm.py KIND MODEL TRACE REQUESTS``. Nothing is computed, so MODEL is not read.
"""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any

from held import Held, Prompts, bare

bare("nanovllm")  # it imports kernels, too

from nanovllm.engine.scheduler import Scheduler  # noqa: E402
from nanovllm.engine.sequence import Sequence  # noqa: E402
from nanovllm.sampling_params import SamplingParams  # noqa: E402

from pagereel.adapters.nano_vllm import record  # noqa: E402

PAGE = 16
FRAMES = {"pressure": 40, "prefix": 160}


class Driver:
    """A scheduler with sequences that come and go at random."""

    def __init__(self, kind: str, trace: str) -> None:
        Sequence.block_size = PAGE
        self.scheduler = Scheduler(
            SimpleNamespace(
                max_num_seqs=12,
                max_num_batched_tokens=96,
                eos=-1,
                kvcache_block_size=PAGE,
                num_kvcache_blocks=FRAMES[kind],
            )
        )
        self.recording = record(self.scheduler, trace, strict=True, engine="nano-vllm")
        self.prompts = Prompts(kind)
        self.held = Held(self.recording, self.prompts.chance)

    def sequence(self) -> Any:
        """Make up a sequence."""
        sampling = SamplingParams(max_tokens=self.prompts.most(), ignore_eos=True)
        return Sequence(self.prompts.prompt(), sampling)

    def look(self) -> None:
        """Note what the scheduler's objects hold, at random moments."""
        if not self.held.is_due():
            return
        scheduler, manager = self.scheduler, self.scheduler.block_manager
        tables = {
            str(seq.seq_id): seq.block_table for seq in (*scheduler.waiting, *scheduler.running)
        }
        refs = {block.block_id: block.ref_count for block in manager.blocks if block.ref_count}
        cached = [frame for frame in manager.free_block_ids if manager.blocks[frame].hash != -1]
        self.held.note(tables, refs, cached)

    def run(self, sequences: int) -> None:
        """Serve so many sequences."""
        scheduler = self.scheduler
        while sequences or not scheduler.is_finished():
            while sequences and len(scheduler.waiting) < 8:
                scheduler.add(self.sequence())
                sequences -= 1
            self.look()
            scheduled, is_prefill = scheduler.schedule()
            self.look()
            sampled = self.prompts.tokens(len(scheduled))
            scheduler.postprocess(scheduled, sampled, is_prefill)
        self.recording.close()


if __name__ == "__main__":
    driver = Driver(sys.argv[1], sys.argv[3])
    driver.run(int(sys.argv[4]))
    print(json.dumps(driver.held.snapshots))
