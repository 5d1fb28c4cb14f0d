"""What two runs are called, and what is said of their pools."""

from __future__ import annotations

import pytest

from pagereel.compare.names import choose_names, pools_said
from pagereel.trace import Header

FILES = "off", "on"


def header(engine: str = "toy", frames: int = 8, **keys: object) -> Header:
    return Header(engine, frames, **{"page_size": 4, **keys})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        (header("vLLM 0.12"), header("vLLM 0.33", page_size=8), ("vLLM 0.12", "vLLM 0.33")),
        (header(page_size=16), header(page_size=1), ("16 tokens a page", "1 token a page")),
        (
            header("pagereel trace simulate", page_size=16, note="busy, pages of 16 tokens"),
            header("pagereel trace simulate", page_size=272, note="busy, rows of 272 tokens"),
            ("pages of 16 tokens", "rows of 272 tokens"),
        ),
        (
            header(note="90 requests, prefix index off"),
            header(note="90 requests, prefix index on"),
            ("prefix index off", "prefix index on"),
        ),
        (
            header(note="what an engine does with requests if it gives up"),
            header(note="what an engine does with requests if it preempts"),
            ("gives up", "preempts"),
        ),
        (header(note="a"), header(note="b" * 25), FILES),
        (header(note="one"), header(), FILES),
        (header(), header(), FILES),
    ],
)
def test_what_differs_first(one: Header, other: Header, names: tuple[str, str]) -> None:
    assert choose_names((one, other), FILES) == names
    assert choose_names((other, one), FILES[::-1]) == names[::-1]


def test_long_names_of_files_are_cut() -> None:
    names = choose_names((header(), header()), ("a" * 24, "b" * 25))
    assert names == ("a" * 24, "b" * 23 + "…")


def test_files_of_one_name() -> None:
    assert choose_names((header(), header()), ("t", "t")) == ("A", "B")


def test_a_given_name_is_taken() -> None:
    assert choose_names((header(), header()), FILES, (None, "new")) == ("off", "new")


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (header(), header(), ["toy, 8 page frames of 4 tokens"]),
        (header(), header(frames=4, page_size=8), ["toy, memory for 32 tokens"]),
        (header(), header(reserved=(7,)), ["toy, memory for 32 tokens"]),
        (
            header(),
            header(frames=16),
            ["toy, 8 page frames of 4 tokens", "toy, 16 page frames of 4 tokens"],
        ),
        (header(), header("new"), ["toy and new, 8 page frames of 4 tokens"]),
        (
            header(),
            header("new", page_size=None),
            ["toy, 8 page frames of 4 tokens", "new, 8 page frames"],
        ),
        (
            header("pagereel trace simulate"),
            header("pagereel trace simulate"),
            ["reference engine, 8 page frames of 4 tokens"],
        ),
    ],
)
def test_pools(one: Header, other: Header, said: list[str]) -> None:
    assert list(pools_said((one, other))) == said
