# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but recorder.py and Python 3.9.
"""Record nano-vllm's scheduler.

    llm = LLM(model)
    recording = record(llm.scheduler, "trace.jsonl", engine="nano-vllm bb823b3")

Sequences are queued by ``add``, get blocks in the block manager's ``allocate`` and ``may_append``,
and give them back in ``deallocate``; a block whose hash stays is cached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.recorder import Recording, TraceWriter, find

if TYPE_CHECKING:
    import os


def record(scheduler: Any, path: str | os.PathLike[str], **options: Any) -> Recording:
    """Record what a scheduler does from now on.

    Parameters
    ----------
    scheduler
        A ``nanovllm.engine.scheduler.Scheduler`` that has not had a sequence yet.
    path
        The trace.
    options
        Of the `TraceWriter`.

    Raises
    ------
    ValueError
        If this is another object, or blocks are in use already.
    OSError
        If the file cannot be made.
    """
    manager = find(scheduler, "block_manager")
    for method in ("allocate", "may_append", "deallocate", "can_allocate"):
        find(manager, method)
    blocks = manager.blocks
    if any(block.hash != -1 or block.ref_count for block in blocks):
        raise ValueError("blocks are in use already; record from before the first sequence")
    writer = TraceWriter(path, len(blocks), page_size=manager.block_size, **options)
    return _Scheduler(scheduler, writer)


class _Scheduler(Recording):
    """A scheduler that is being recorded; `step` counts the calls of ``schedule()``."""

    def __init__(self, scheduler: Any, writer: TraceWriter) -> None:
        manager = scheduler.block_manager
        blocks = manager.blocks
        super().__init__(writer, lambda frame: blocks[frame].hash != -1, last_first=True)
        writer.step = 0
        self._page_size = int(manager.block_size)
        self.listen(scheduler, "schedule", before=self.count_step)
        self.listen(scheduler, "add", self._added)
        self.listen(manager, "can_allocate", self._tried)
        self.listen(manager, "allocate", self._allocated)
        self.listen(manager, "may_append", self._appended)
        self.listen(manager, "deallocate", self._deallocated)

    def _added(self, _: None, seq: Any) -> None:
        self.submit(str(seq.seq_id), len(seq))

    def _tried(self, found: Any, seq: Any) -> None:
        if found is False or found == -1:  # older versions return a bool
            self.defer(str(seq.seq_id))

    def _allocated(self, _: None, seq: Any, *__: Any) -> None:
        hits = seq.num_cached_tokens // self._page_size
        self.table(str(seq.seq_id), seq.block_table, hits=hits, tokens=len(seq))

    def _appended(self, _: None, seq: Any) -> None:
        if len(seq.block_table) > len(self.tables[str(seq.seq_id)]):
            self.table(str(seq.seq_id), seq.block_table)

    def _deallocated(self, _: None, seq: Any) -> None:
        finished = seq.status.name == "FINISHED"
        self.leave(str(seq.seq_id), "finish" if finished else "preempt")
