"""What is recorded of real engines is what their own objects held: ``make test ENGINES=1``."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pagereel import cli

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PAGEREEL_ENGINES") or ROOT / ".venv-engines")
# Of a model that is never loaded.
MODEL = {
    "architectures": ["OPTForCausalLM"],
    "model_type": "opt",
    "hidden_size": 768,
    "ffn_dim": 3072,
    "num_attention_heads": 12,
    "num_hidden_layers": 12,
    "max_position_embeddings": 2048,
    "vocab_size": 50272,
    "word_embed_proj_dim": 768,
    "torch_dtype": "float16",
    "activation_function": "relu",
    "do_layer_norm_before": True,
}

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(not os.environ.get("PAGEREEL_ENGINES"), reason="no engines are asked for"),
]


class Judge:
    """Page tables and cached frames, as the lines of a trace say; it shares no code with ours."""

    def __init__(self) -> None:
        self.tables: dict[str, list[int | None]] = {}
        self.cached: dict[int, None] = {}
        self.stored: dict[str, str] = {}  # slot -> key, of the only tier
        self.missing: set[int] = set()  # frames that were never computed, and taken ones
        self.uses = 0  # events that find such a frame
        self.queued: set[str] = set()

    def follow(self, line: dict[str, Any]) -> None:
        verb, task = line["ev"], line.get("task", "")
        name = f"{task} {line['group']}" if "group" in line else task
        lost = line["frames"] if verb in {"evict", "drop"} else ()
        for frame in (*line.get("shared", ()), *lost):
            self.cached.pop(frame, None)
        self.wait(verb, task)
        self.uses += not self.missing.isdisjoint(line.get("shared", ()))
        if verb in {"arrive", "expand", "load"}:
            self.missing.difference_update(line["frames"])
        self.missing.update(line.get("uncomputed", ()))
        if verb == "arrive":
            self.tables[name] = [*line.get("shared", ()), *line["frames"]]
        elif verb == "expand":
            self.tables[name] += line["frames"]
        elif verb == "release":
            gone = set(line["frames"])
            self.tables[name] = [None if frame in gone else frame for frame in self.tables[name]]
        elif verb == "share":
            first = line["page"]
            self.tables[name][first : first + len(line["shared"])] = line["shared"]
        elif verb in {"finish", "abort", "preempt"}:
            for each in [each for each in self.tables if each.partition(" ")[0] == task]:
                del self.tables[each]
        elif verb in {"offload", "load", "discard"}:
            self.copy(verb, [*map(str, line["slots"])], line)
        else:
            assert verb in {"submit", "defer", "evict", "drop"}
        self.cached.update(dict.fromkeys(line.get("cached", ())))

    def wait(self, verb: str, task: str) -> None:
        if verb in {"submit", "preempt"}:
            self.queued.add(task)
        elif verb in {"arrive", "abort"}:
            is_known = any(each.partition(" ")[0] == task for each in self.tables)
            assert task in self.queued or is_known, f"{task} was not queued"
            self.queued.discard(task)

    def copy(self, verb: str, slots: list[str], line: dict[str, Any]) -> None:
        keys = line.get("keys", [""] * len(slots))  # SGLang has none
        if verb == "offload":
            self.stored.update(zip(slots, keys, strict=True))
        elif verb == "load":
            assert [self.stored[slot] for slot in slots] == keys
            held = set(chain(*self.tables.values()))
            self.cached.update({frame: None for frame in line["frames"] if frame not in held})
        else:
            for slot in slots:
                del self.stored[slot]

    def state(self) -> list[Any]:
        refs = Counter(frame for table in self.tables.values() for frame in table)
        del refs[None]
        counts = {str(frame): count for frame, count in refs.items()}
        known = {*refs, *self.cached}
        missing = sorted(self.missing & known)
        return [{**self.tables}, counts, [*self.cached], self.stored, missing]


def unorder(state: list[Any]) -> None:
    """Forget what is not known: the order in which pages are evicted, and states were got."""
    tables, _, cached, *_ = state
    cached.sort()
    for name in tables:
        if name.endswith(" mamba"):
            tables[name] = sorted(frame for frame in tables[name] if frame is not None)


# Of each engine, by the name of its driver and of its sources' folders: what is driven.
KINDS = {
    "vllm": [
        *("full", "window", "chunk", "hybrid", "chunks", "mamba", "states", "connector"),
        *("offload", "offload-chunks", "offload-hybrid", "priority"),
    ],
    "AstrAI": ["pressure", "prefix", "tokens", "batches"],
    "nano-vllm": ["pressure", "prefix"],
    "sglang": [
        *("full", "overlap", "tokens", "python", "radix"),
        *("window", "window-python", "window-unlock", "window-tokens"),
        *("states", "states-buffers", "states-lazy", "states-overlap", "states-window"),
        *("host", "host-back", "host-tokens"),
    ],
    "mini-sglang": ["normal", "overlap", "tokens", "together"],
}
TITLES = {"vllm": "vLLM", "sglang": "SGLang"}
# Whose traces do not say in which order cached frames are evicted.
UNORDERED = {"sglang", "mini-sglang"}
# What frees pages that a request still has.
FAULTY = {("mini-sglang", "together")}
SOURCES = {engine: sorted(FOLDER.glob(f"{engine}-*")) for engine in KINDS}
DRIVEN = [
    pytest.param(engine, source, kind, id=f"{source.name}-{kind}")
    for engine, kinds in KINDS.items()
    for source in SOURCES[engine]
    for kind in kinds
]


def test_there_are_engines() -> None:
    python = FOLDER / "env/bin/python"
    say = f"`tools/setup.sh engines` makes such a folder, {ROOT / '.venv-engines'}"
    assert python.exists(), f"{python}, which has what the engines import, is missing; {say}"
    assert DRIVEN, f"{FOLDER} has no ENGINE-VERSION, the source of an engine; {say}"
    if FOLDER == ROOT / ".venv-engines":
        assert all(SOURCES.values()), f"{FOLDER} lacks an engine; {say}"


@pytest.mark.parametrize(("engine", "source", "kind"), DRIVEN)
def test_the_trace_is_what_the_engine_held(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
    engine: str,
    source: Path,
    kind: str,
) -> None:
    trace = tmp_path / "trace.jsonl"
    snapshots = drive(engine, source, kind, trace)
    code = cli.main(["trace", "check", str(trace)])
    said = capsys.readouterr().out
    if (engine, kind) in FAULTY:
        assert code == 1
        assert "is held by" in said
        return
    judge = Judge()
    lines = [json.loads(line) for line in trace.read_text().splitlines()[1:]]
    assert snapshots
    followed = 0
    different = []
    for events, *theirs in snapshots:
        for line in lines[followed:events]:
            judge.follow(line)
        followed = events
        ours = judge.state()
        if engine in UNORDERED:
            unorder(theirs)
            unorder(ours)
        if ours != theirs:
            different.append(f"after event {events}: {ours} is not {theirs}")
    # For the table at the end of a run, and reports such as of `--junit-xml`.
    version = source.name.removeprefix(f"{engine}-")
    record_property("engine", f"{TITLES.get(engine, engine)} {version}")
    record_property("events", len(lines))
    record_property("snapshots", len(snapshots))
    record_property("differences", len(different))
    assert not different, different[0]
    for line in lines[followed:]:
        judge.follow(line)
    assert not judge.tables
    assert not judge.queued
    assert code == (judge.uses > 0)
    assert (f"never computed is used by {judge.uses:,} event" in said) == (judge.uses > 0)
    assert any("uncomputed" in line for line in lines) == (kind == "priority")


def drive(engine: str, source: Path, kind: str, trace: Path) -> list[Any]:
    """Run an engine's driver, which records a trace, and return what was held."""
    (trace.parent / "config.json").write_text(json.dumps(MODEL))
    folders = (source, source / "python", ROOT / "src", ROOT / "tests/support")
    driver = ROOT / f"tests/engines/drive_{engine.lower().replace('-', '_')}.py"
    run = subprocess.run(
        (FOLDER / "env/bin/python", driver, kind, trace.parent, trace, "300"),
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, folders)),
            "PYTHONSAFEPATH": "1",
            "PYTHONHASHSEED": "0",  # so that a run can be repeated
            "HF_HUB_OFFLINE": "1",
            "LOG_LEVEL": "ERROR",
            "VLLM_LOGGING_LEVEL": "ERROR",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert not run.returncode, run.stderr[-3000:]
    return json.loads(run.stdout.splitlines()[-1])  # type: ignore[no-any-return]
