from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from pagereel.errors import RequestError
from pagereel.request import (
    Request,
    SceneOptions,
    TracePair,
    Video,
    chosen_video,
    is_stock_wanted,
    is_trace,
    prepare,
    prepared,
    shaped,
)

NAMES = tuple(f"PAGEREEL_{name}" for name in ("STORY", "THEME", "BRAND", "SECONDS", "STOCK"))


@pytest.fixture(autouse=True)
def _nothing_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_options_go_before_the_quality() -> None:
    assert chosen_video("l") == Video(854, 480, 15)
    assert chosen_video("l", (480, 854)) == Video(480, 854, 15)
    assert chosen_video("h", None, 30) == Video(1920, 1080, 30)
    exact = chosen_video("h", exact=True, stock=True)
    assert exact == Video(1920, 1080, 60, exact=True, stock=True)


@pytest.mark.parametrize(
    ("aspect", "size"), [("16:9", (854, 480)), ("9:16", (480, 854)), ("1:1", (480, 480))]
)
def test_shapes(aspect: str, size: tuple[int, int]) -> None:
    assert shaped(480, aspect) == size


@pytest.mark.parametrize(
    "options",
    [
        SceneOptions(),
        SceneOptions(Path("a b.toml"), "light", 30),
        SceneOptions(seconds=22.5),
        SceneOptions(brand=Path("my brand.toml"), title="Two nights"),
        SceneOptions(pair=TracePair(Path("a.jsonl"), Path("b.jsonl"), ("One", None))),
    ],
)
def test_options_travel_in_the_environment(options: SceneOptions) -> None:
    """Whatever the environment was before, and is again afterwards."""
    before = dict(os.environ)
    with SceneOptions(Path("other.toml"), "dark", 600).in_environment():
        with options.in_environment():
            assert SceneOptions.from_environment() == options
            assert not is_stock_wanted()
        assert SceneOptions.from_environment().theme == "dark"
    assert dict(os.environ) == before
    assert SceneOptions.from_environment() == SceneOptions()


@pytest.mark.parametrize(
    ("options", "called"),
    [
        (SceneOptions(theme="dark"), "A"),
        (SceneOptions(Path("b/c.d.toml"), "light"), "A-c-light"),
        (SceneOptions(Path("c.toml"), brand=Path("d/e.toml")), "A-c-e"),
        (SceneOptions(brand=Path("e.toml"), theme="dark"), "A-e-dark"),  # its own may be light
    ],
)
def test_another_choice_is_another_file(options: SceneOptions, called: str) -> None:
    assert options.called("A") == called
    assert options.called("A", "9x16") == f"{called}-9x16"


def test_manims_own_renderer_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SceneOptions().environment(stock=True).items():
        monkeypatch.setenv(name, value)
    assert is_stock_wanted()
    assert SceneOptions.from_environment() == SceneOptions()


@pytest.mark.parametrize("length", ["14", "601", "nan", "1e9", "-20", "long"])
def test_a_length_that_no_film_has(length: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEREEL_SECONDS", length)
    message = f"PAGEREEL_SECONDS: '{length}' is not a number of seconds from 15 to 600"
    with pytest.raises(RequestError, match=message):
        SceneOptions.from_environment()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.jsonl", True), ("a.jsonl.gz", True), ("a.toml", False), ("jsonl", False)],
)
def test_traces_are_known_by_their_names(name: str, *, expected: bool) -> None:
    assert is_trace(Path(name)) == expected


def test_a_request_travels_pickled() -> None:
    options = SceneOptions(Path("t.jsonl"), "light", 20)
    request = Request(
        file=Path("a.py"), scene="A", video=chosen_video("l"), options=options, seed=3
    )
    assert pickle.loads(pickle.dumps(request)) == request  # noqa: S301


@pytest.mark.parametrize(
    ("sections", "whole"), [((), True), (("*",), True), (("a", "*"), True), (("a*",), False)]
)
def test_the_whole_scene_is_wanted(sections: tuple[str, ...], *, whole: bool) -> None:
    request = Request(file=Path(), scene="A", video=chosen_video("l"), sections=sections)
    assert request.is_whole == whole


def test_what_was_read_is_found_by_its_file_and_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prepare(Path("a.toml"), 7)
    assert prepared(int, tmp_path / "a.toml") == 7
    assert prepared(str, Path("a.toml")) is None
    assert prepared(int, Path("b.toml")) is None
