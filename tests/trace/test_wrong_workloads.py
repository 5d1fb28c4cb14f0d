"""Mistakes in workloads, and the line that each message names: the one that ends with `# here`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.errors import WorkloadError
from pagereel.trace.simulate.workload import Load, Submission, load_workload

if TYPE_CHECKING:
    from pathlib import Path

POOL = "[pool]\nframes = 16\npage_size = 4\n"
TASK = '[[tasks]]\ntask = "A"\nprompt = 3\noutput = 2\n'
GENERATE = "[generate]\ntasks = 5\nrate = 1\nprompt = [1, 2]\noutput = [1, 2]\n"

WRONG = {
    TASK: "[pool] is missing; add it with frames = 16",
    f"[pool]\npage_size = 4\n{TASK}": "the pool has no size; add frames = 16",
    f"[pool]\nframes = 4\n{TASK}": "page_size is missing; add page_size = 16",
    f"{POOL}frame = 4 # here\n{TASK}": "unknown key 'frame'; did you mean frames?",
    f"{POOL}reserved = [16] # here\n{TASK}": "frame 16 does not exist: the",
    f'{POOL}policy = "best" # here\n{TASK}': "unknown policy 'best'; known: lowest-bit, fifo",
    f'{POOL}out_of_frames = "abrot" # here\n{TASK}': "unknown out_of_frames 'abrot'; did",
    f"{POOL}prefix_index = 1 # here\n{TASK}": "prefix_index must be true or false, not 1",
    f'{POOL}reservation = "contigous" # here\n{TASK}': "unknown reservation 'contigous'; did you",
    f'{POOL}reservation = "contiguous"\n{TASK}': "longest is missing; add longest = 2048",
    f"{POOL}longest = 16 # here\n{TASK}": 'longest goes with reservation = "contiguous"; add that',
    f'{POOL}reservation = "contiguous"\nlongest = 65 # here\n{TASK}': "longest is 65 tokens, and",
    f'{POOL}reservation = "contiguous"\nlongest = 0 # here\n{TASK}': "longest must be from 1 to",
    f'{POOL}reservation = "contiguous"\nlongest = 16\nprefix_index = false # here\n{TASK}': (
        "prefix_index does not go with a contiguous reservation; remove it"
    ),
    POOL: "a workload has either [[tasks]] or [generate]; write one of them",
    f"{POOL}{TASK}{GENERATE}": "a workload has either [[tasks]] or [generate]; write one of them",
    f"tasks = [] # here\n{POOL}": "tasks must be tables; begin each with [[tasks]]",
    f"tasks = [3] # here\n{POOL}": "tasks must be tables; begin each with [[tasks]]",
    f"{POOL}{TASK}[[tasks]] # here\nprompt = 1\noutput = 2": "task 2: task is missing; add it",
    f'{POOL}[[tasks]]\ntask = "a b" # here\n': "task 1: task must be at most 256 letters",
    POOL + TASK + TASK.replace('"A"', '"A" # here'): "task 2: there is a task A already",
    f'{POOL}[[tasks]] # here\ntask = "A"\nprompt = 3\n': "task 1: output is missing; add",
    f"{POOL}{TASK}arrive = -1 # here\n": "task 1: arrive must be from 0 to 1000000000, not -1",
    f"{POOL}{TASK}steps = 1 # here\n": "task 1: unknown key 'steps'; known: task",
    f'{POOL}{TASK}prefix = "p" # here\n': "task 1: there is no prefix 'p'; add it to [prefixes]",
    f'{POOL}{TASK}prefix = "p" # here\n[prefixes]\npp = 3\n': "task 1: there is no prefix 'p'; did",
    f"{POOL}[prefixes]\np = 0 # here\n{TASK}": "p must be from 1 to 16777216, not 0",
    f"{POOL}{GENERATE}rates = 1 # here\n": "unknown key 'rates'; did you mean rate?",
    f"{POOL}{GENERATE}shared = 0.5 # here\n": "there is no prefix to share; add one to [prefixes]",
    f"{POOL}{GENERATE}shared = 1.5 # here\n": "shared must be from 0 to 1, not 1.5",
    f"{POOL}{GENERATE}seed = true # here\n": "seed must be a whole number, not true",
    f"{POOL}{GENERATE}".replace(
        "rate = 1", "rate = 0 # here"
    ): "rate must be more than 0; nothing would",
    f"{POOL}{GENERATE}".replace(
        "rate = 1", "rate = nan # here"
    ): "rate must be from 0 to 1000000, not nan",
    f"{POOL}{GENERATE}".replace("rate = 1", 'rate = "1" # here'): "rate must be a number, not '1'",
    f"{POOL}{GENERATE}".replace(
        "[1, 2]", "[2, 1] # here", 1
    ): "prompt must be the least and the most, from",
    f"{POOL}{GENERATE}".replace(
        "[1, 2]", "[2] # here", 1
    ): "prompt must be the least and the most, from",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items(), ids=range(len(WRONG)))
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "w.toml"
    path.write_text(text)
    with pytest.raises(WorkloadError) as caught:
        load_workload(path)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "# here" in line]
    place = f"{path}:{lines[0]}: " if lines else f"{path}"
    assert str(caught.value).startswith(place)
    assert message in str(caught.value)


def test_what_is_not_written_has_a_default(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text(POOL + TASK)
    workload = load_workload(path)
    assert (workload.policy, workload.prefix_index) == ("lowest-bit", False)
    assert (workload.out_of_frames, workload.header.reserved) == ("defer", ())
    assert workload.tasks == (Submission("A", 0, 3, 2),)


def test_everything_that_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text(
        'engine = "mine"\nnote = "n"\n'
        f'{POOL}reserved = [0]\npolicy = "fifo"\nprefix_index = true\nout_of_frames = "abort"\n'
        f'[prefixes]\np = 8\n{TASK}arrive = 5\nprefix = "p"\n'
        '[[tasks]]\ntask = "B"\narrive = 2\nprompt = 1\noutput = 1\n'
    )
    workload = load_workload(path)
    assert (workload.header.engine, workload.header.note) == ("mine", "n")
    assert (workload.policy, workload.out_of_frames) == ("fifo", "abort")
    assert workload.prefix_index
    assert workload.header.reserved == (0,)
    assert workload.tasks == (Submission("B", 2, 1, 1), Submission("A", 5, 11, 2, "p"))
    path.write_text(f'{POOL}reservation = "contiguous"\nlongest = 20\n{TASK}')
    workload = load_workload(path)
    assert (workload.header.frames, workload.header.page_size, workload.longest) == (3, 20, 20)
    path.write_text(f"{POOL}[prefixes]\np = 8\n{GENERATE}seed = 3\nshared = 1\n")
    assert load_workload(path).tasks == Load(5, 1.0, 3, (1, 2), (1, 2), 1.0)
