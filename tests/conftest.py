"""Settings for all tests."""

from __future__ import annotations

from hypothesis import settings

# The same examples in every run, and no time limit on machines that are busy with other things.
settings.register_profile("pagereel", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("pagereel")
