"""In which shapes and themes the tests look at a scene."""

from __future__ import annotations

import pytest

LOOKS = [
    "one",  # the fullest beat, wide
    *(pytest.param(look, marks=pytest.mark.slow) for look in ("wide", "tall", "square", "light")),
]
