"""Memory that is kept from picture to picture."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pagereel.fast import memory

# Prints how often the system had to find memory for 50 pictures, one after the other.
PICTURES = """
import resource
import numpy as np
from pagereel.fast import memory

{keep}
np.ones(8 << 20, np.uint8)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    np.ones(8 << 20, np.uint8)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(not memory._set, reason="only glibc can be told so")
def test_a_picture_takes_the_memory_of_the_one_before() -> None:
    faults = {}
    for keep in ("", "memory.keep()"):
        command = (sys.executable, "-c", PICTURES.format(keep=keep))
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
        faults[keep] = int(done.stdout)
    assert faults[""] >= 4 * 50  # a picture has four huge pages
    assert faults["memory.keep()"] < 50
