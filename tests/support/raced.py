"""`Compare` played without encoding, and what it shows at the end of each beat."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from told import play_scene, scene_class, still

from pagereel.assets import TRACES
from pagereel.cache import Abort, Arrive, Finish, Submit
from pagereel.compare.reading import State
from pagereel.trace import open_trace

if TYPE_CHECKING:
    from PIL import Image

    from pagereel.stage.compare.scene import RaceScene

# The sizes and themes in which stills are looked at.
SHAPES = {
    "wide": ((960, 540), "dark"),
    "tall": ((540, 960), "dark"),
    "square": ((540, 540), "dark"),
    "light": ((960, 540), "light"),
}
FULLEST = "gap"
PAIR = ("prefix_off_192.jsonl", "pages_192.jsonl")


DOES = {
    Submit: State.WAITING,
    Arrive: State.RUNNING,
    Finish: State.FINISHED,
    Abort: State.GIVEN_UP,
}


@dataclass(frozen=True)
class Replayed:
    """What there is after a step, by the model of the cache.

    Parameters
    ----------
    numbers
        Frames held, tasks running, finished, given up, tokens prefilled.
    tables
        Task -> the frames that it holds.
    cached
        The frames that are cached.
    doing
        What becomes of each request.
    """

    numbers: tuple[int, ...]
    tables: dict[str, set[int]]
    cached: set[int]
    doing: dict[str, State]


@dataclass(frozen=True)
class Beat:
    """What the scene shows at the end of a beat, before its caption leaves.

    Parameters
    ----------
    key
        The beat's section.
    moment
        Of the comparison.
    shown
        What each part shows, by its name in the scene.
    still
        The picture, if it was asked for.
    """

    key: str
    moment: int
    shown: dict[str, Any]
    still: Image.Image | None


@cache
def beats(
    *,
    size: tuple[int, int] = (960, 540),
    theme: str = "dark",
    traces: tuple[str, ...] = PAIR,
    stills: frozenset[str] = frozenset({FULLEST}),
) -> dict[str, Beat]:
    """Play it, and return its beats by their keys; `after` is what comes behind `lost`.

    Parameters
    ----------
    stills
        The keys of the beats of which a picture is wanted.
    """
    found: dict[str, Beat] = {}

    def look(played: Any) -> None:
        scene = cast("RaceScene", played)
        key = scene.renderer.file_writer.sections[-1].name
        moment = scene.board.moment
        if key == "lost" and found.get(key, Beat("", moment, {}, None)).moment != moment:
            key = "after"
        if "Wait" in str(scene.animations) or key not in found:
            drawn = still(scene) if key in stills else None
            shown = {name: part.shown for name, part in scene.stage.parts.items()}
            found[key] = Beat(key, moment, shown, drawn)

    kind: Any = scene_class("Compare")
    told = type("Compare", (kind,), {"default_traces": traces})
    play_scene(told, size=size, theme=theme, at_rest=look)
    return found


def golden(look: str, key: str) -> Path:
    """Return the file of a golden still."""
    return Path(__file__).parents[1] / "scenes" / "golden" / "Compare" / f"{look}-{key}.png"


def replayed(name: str, steps: set[int]) -> dict[int, Replayed]:
    """Replay a trace in the model of the cache, and return what there is after some steps."""
    counts: Counter[type] = Counter()
    prefilled, doing, found = 0, dict[str, State](), dict[int, Replayed]()
    with open_trace(TRACES / name) as trace:
        size, ledger = trace.header.page_size or 0, trace.header.ledger()

        def look(until: int) -> None:
            for step in sorted(steps - found.keys()):
                if step < until:
                    numbers = (len(ledger.tables), counts[Finish], counts[Abort], prefilled)
                    tables = {task: set(table) for task, table in ledger.tables.items()}
                    held = ledger.held_count, *numbers
                    found[step] = Replayed(held, tables, {*ledger.cached}, dict(doing))

        for record in trace:
            look(record.step or 0)
            event = record.event
            ledger.apply(event)
            counts[type(event)] += 1
            if isinstance(event, Arrive):
                prefilled += (event.tokens or 0) - size * len(event.shared)
            if isinstance(event, Submit | Arrive | Finish | Abort):
                doing[event.task] = DOES[type(event)]
        look(1 << 30)
    return found
