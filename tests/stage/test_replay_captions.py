"""A caption of a replay is true as long as it can be seen: its numbers are those on screen."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from busy import write_busy_trace
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from manim import tempconfig
from manim.utils.module_ops import get_module
from random_traces import traces
from told import MEDIA, BlindCamera

from pagereel.assets import TRACES
from pagereel.film.captions import short_name
from pagereel.request import SceneOptions
from pagereel.stage.film.counters import Counters
from pagereel.stage.film.film_part import Clock
from pagereel.stage.film.grid import PoolGrid
from pagereel.stage.film.strip import TaskStrip
from pagereel.stage.film.tiers import Tiers
from pagereel.trace import open_trace
from pagereel.trace.cut import EventRange, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from manim import VGroup

    from pagereel.stage.film.scene import FilmScene

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent / "traces"
SHARES = (0.03, 0.97)  # of a movement, at which the picture is looked at

# What a number stands before -> where it is on screen. Together they match all numbers.
COUNTS = {
    "held": r"([\d,]+)(?: frames?)? held",
    "cached": r"([\d,]+) cached\b(?! frame)",
    "free": r"([\d,]+) (?:page )?frames?(?: to hand out, all of them free|, all of them free)",
    "finished": r"([\d,]+)(?: tasks?)? ha(?:s|ve) finished",
    "aborted": r"([\d,]+)(?: tasks?)? w(?:as|ere) aborted",
    "running": r"([\d,]+)(?: tasks?)? (?:is|are) running",
    "queued": r"([\d,]+)(?: tasks?)? (?:is|are) queued",
}
ALSO = {
    "running": r"([\d,]+) tasks? runs?\b",
    "free": r"([\d,]+) frames? (?:is|are) free\.",
    "evicted": r"([\d,]+) cached frames? (?:is|are) evicted",
}
CLOCK = r"(?:[Ss]tep|[Ee]vent) ([\d,]+)"
STORED = r"holds ([\d,]+) of ([\d,]+)\."
COPIED = r"([\d,]+) pages? (?:is|are|comes?) (?:copied|back|discarded)"
LIT = r"([\d,]+)(?: cached)? frames?\b(?! held)|holds ([\d,]+) now"


class Looking:
    """Checks, image by image, that the captions of a replay hold."""

    def __init__(self) -> None:
        self.captions: dict[str, VGroup] = {}
        self.seen: dict[str, int] = {}

    def look(self, scene: FilmScene) -> None:
        on_screen = scene.get_mobject_family_members()
        for text, drawn in self.captions.items():
            letters = drawn.family_members_with_points()
            if (
                letters[0] in on_screen
                and max(each.get_fill_opacities().max() for each in letters) > 0
            ):
                self.seen[text] = self.seen.get(text, 0) + 1
                check(text, scene)


def check(text: str, scene: FilmScene) -> None:
    """Compare the numbers of a caption with what is on screen."""
    stage, tape = scene.stage, scene.film.tape
    counters, lit = stage.part(Counters).shown, stage.part(PoolGrid).grid.lit
    names = {short_name(stay.task) for stay in tape.stays}
    said = next((text[len(name) :] for name in names if text.startswith(f"{name} ")), text)
    told: list[tuple[str, str]] = [(stage.part(Clock).shown, n) for n in re.findall(CLOCK, said)]
    left = re.sub(CLOCK, "", said)
    for patterns in (COUNTS, ALSO):
        for name, pattern in patterns.items():
            told += [(counters.get(name, "0"), number) for number in re.findall(pattern, left)]
            left = re.sub(pattern, "", left)
    if "evicted" in said:
        told.append((f"{len(lit):,}", counters["evicted"]))
    if "free" in said and scene.film.opening != text and "is free" in said and not lit:
        told.append((counters["free"], "1" if re.search(r"\b1 frame", said) else "0"))
    tiers = stage.part(Tiers)
    told += [(f"{len(tiers.lit):,}", number) for number in re.findall(COPIED, left)]
    for held, size in re.findall(STORED, left):
        of_tier = dict(tiers.shown.values())
        assert len(of_tier[held]) == int(held) <= int(size)
    left = re.sub(STORED, "", re.sub(COPIED, "", left))
    told += [(f"{len(lit):,}", "".join(number)) for number in re.findall(LIT, left)]
    left = re.sub(LIT, "", left)
    assert not re.search(r"\d", left), f"{text!r}: {left!r} is nowhere on screen"
    for shown, number in told:
        assert shown == number, (text, counters, len(lit), stage.part(Clock).shown)
    rows, grows = stage.part(TaskStrip), re.search("holds ([0-9,]+) now", said)
    if grows and (row := [s for s in rows.shown if text.startswith(rows.names[s])]):
        assert rows.shown[row[0]] == grows[1]


@pytest.fixture(scope="session")
def replay() -> Iterator[ModuleType]:
    """The scene file, loaded as manim loads it."""
    before = [*sys.path]
    yield get_module(ROOT / "scenes" / "replay.py")
    sys.path[:] = before


@pytest.fixture(scope="session")
def watch(replay: ModuleType) -> Callable[..., dict[str, int]]:
    """Play a trace and look at it; return in how many images each caption was seen."""

    def run(
        trace: Path, *, seconds: float = 45, size: tuple[int, int] = (192, 108)
    ) -> dict[str, int]:
        looking = Looking()

        class Replay(replay.Replay):  # type: ignore[misc, name-defined]
            def make_caption(self, text: str, *, color: str | None = None) -> VGroup:
                drawn: VGroup = super().make_caption(text, color=color)
                looking.captions[text] = drawn
                return drawn

            def play(self, *args: Any, **_: Any) -> None:
                moves = self.compile_animations(*args)
                self.add_mobjects_from_animations(moves)
                for move in moves:
                    move._setup_scene(self)
                    move.begin()
                for share in SHARES:
                    for move in moves:
                        move.interpolate(share)
                    looking.look(self)
                for move in moves:
                    move.finish()
                    move.clean_up_from_scene(self)

            def wait(self, *_: Any, **__: Any) -> None:
                looking.look(self)

        width, height = size
        quiet = {"format": "none", "progress_bar": "none", "verbosity": "ERROR"}
        shape = {"pixel_width": width, "pixel_height": height, "frame_rate": 20}
        options = SceneOptions(story=trace, seconds=seconds)
        with tempconfig({**quiet, **shape, "media_dir": str(MEDIA)}), options.in_environment():
            scene = Replay(skip_animations=True, camera_class=BlindCamera)
            scene.setup()
            scene.construct()
        film = scene.film
        remarks = [shot.remark.caption for shot in film.shots if shot.remark]
        assert {*looking.seen} == {film.opening, *remarks, film.closing}
        assert min(looking.seen.values()) > 3
        return looking.seen

    return run


@pytest.mark.slow
def test_of_every_event(watch: Callable[..., dict[str, int]]) -> None:
    seen = watch(HERE / "every_event.jsonl")
    for words in ("preempted", "has to wait", "copy", "evicted", "No frame is free"):
        assert any(words in caption for caption in seen), words


@pytest.mark.slow
def test_of_tiers(watch: Callable[..., dict[str, int]]) -> None:
    seen = watch(ROOT / "tests/trace/traces/tiers.jsonl", seconds=60)
    for words in ("copied to host", "come back from host", "discarded from host"):
        assert any(words in caption for caption in seen), words


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [15, 45])
def test_of_a_recorded_engine(watch: Callable[..., dict[str, int]], seconds: float) -> None:
    seen = watch(TRACES / "random_256_frames.jsonl", seconds=seconds)
    assert "No frame is free: 156 held, 100 cached." in seen


@pytest.mark.slow
def test_of_a_busy_engine(watch: Callable[..., dict[str, int]], tmp_path: Path) -> None:
    for frames, pages in ((40, 6), (1000, 90)):
        path = write_busy_trace(tmp_path / "busy.jsonl", frames=frames, events=900, pages=pages)
        watch(path, seconds=60)


@pytest.mark.slow
def test_of_a_part(watch: Callable[..., dict[str, int]], tmp_path: Path) -> None:
    path = tmp_path / "part.jsonl"
    with open_trace(TRACES / "random_256_frames.jsonl") as trace:
        path.write_text("".join(cut(trace, EventRange(300, 340))))
    seen = watch(path, seconds=40)
    assert not any("before-" in caption for caption in seen)
    assert "This part begins at step 109: 170 frames held, 85 cached." in seen


@pytest.mark.slow
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[*HealthCheck],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would play it anew each time
)
@given(text=traces(), seconds=st.sampled_from([15, 60, 120]))
def test_of_anything(
    watch: Callable[..., dict[str, int]], tmp_path: Path, text: str, seconds: float
) -> None:
    path = tmp_path / "random.jsonl"
    path.write_text(text)
    watch(path, seconds=seconds)
