"""The scene that the project grew from: what a person sees in it, the check must find."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pagereel.check.output import parse_outputs
from pagereel.check.runner import run_checks
from pagereel.check.settings import read_settings
from pagereel.discovery import choose_scenes

if TYPE_CHECKING:
    from pagereel.check.finding import Finding

pytestmark = pytest.mark.slow
SEED = Path(__file__).parent / "zoo" / "seed.py"


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    (output,) = parse_outputs([], [])
    return run_checks(
        choose_scenes([str(SEED), "PagedCacheSeed"]), [output], read_settings(SEED.parent)
    ).findings


def subjects(findings: list[Finding], rule: str) -> set[str]:
    return {finding.subject for finding in findings if finding.rule == rule}


def test_small_texts(findings: list[Finding]) -> None:
    small = [finding for finding in findings if finding.rule == "text-too-small"]
    sizes = [re.search(r"of ([\d.]+) px", finding.message) for finding in small]
    assert all(size and float(size[1]) <= 17 for size in sizes)
    tagline = "Page-table-indirected, O(1) alloc/free, on-demand growth"
    named = {*"01234567", "page frames [0..7]", "free: 11111111", *"ABC", tagline}
    assert named <= {finding.subject for finding in small}


def test_arrows_through_both_labels(findings: list[Finding]) -> None:
    crossed = subjects(findings, "line-through-text")
    assert {text.split(":")[0] for text in crossed} >= {"page frames [0..7]", "free"}


def test_arrows_through_five_boxes(findings: list[Finding]) -> None:
    """Through three boxes alone, and through two of which it also crosses the label."""
    assert len(subjects(findings, "line-through-box")) == 3
    assert subjects(findings, "line-through-text") >= {"1", "2"}


def test_half_of_the_width(findings: list[Finding]) -> None:
    (empty,) = (finding for finding in findings if finding.rule == "empty-half")
    share = re.search(r"(\d+)% of the width", empty.message)
    assert share
    assert 45 <= int(share[1]) < 50  # it depends on the font that stands in for Times New Roman


def test_pops(findings: list[Finding]) -> None:
    assert subjects(findings, "too-short") == {"SurroundingRectangle"}


def test_title_at_the_edge(findings: list[Finding]) -> None:
    assert subjects(findings, "text-outside") == {"Paged KV Cache"}
