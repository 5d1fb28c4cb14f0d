"""What drivers of real engines share: made-up prompts, and notes of what an engine's objects hold.

It is run by the Python of the engines, too, so it needs nothing but the standard library.
"""

from __future__ import annotations

import importlib.util
import random
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pagereel.recorder import Recording


def bare(*packages: str) -> None:
    """Make the modules of packages importable without what the packages themselves import."""
    for name in packages:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.submodule_search_locations is not None
        package = ModuleType(name)
        package.__path__ = [*spec.submodule_search_locations]
        sys.modules[name] = package


def stand_in(name: str, **values: Any) -> Any:
    """Put a module with these values in the place of one that is not needed."""
    module: Any = ModuleType(name)
    vars(module).update(values)
    sys.modules[name] = module
    return module


class Prompts:
    """Made-up prompts, of which most begin as others do, and chance."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (no secret)
        self.prefixes = [self.tokens(length) for length in (32, 64, 100, 160, 23)]

    def tokens(self, length: int) -> list[int]:
        """Make up tokens."""
        return [self.chance.randrange(50000) for _ in range(length)]

    def prompt(self) -> list[int]:
        """Make up the prompt of a request."""
        shared = self.chance.choice(self.prefixes) if self.chance.random() < 0.6 else []
        return [*shared, *self.tokens(self.chance.randrange(1, 150))]

    def most(self) -> int:
        """Say how many tokens a request generates, at most."""
        return self.chance.randrange(1, 90)


class Held:
    """What was held at random moments, with the number of events that were recorded until then."""

    def __init__(self, recording: Recording, chance: random.Random) -> None:
        self.events, self._chance = 0, chance
        self.snapshots: list[Any] = []
        queue = recording.writer._queue

        def counted(event: Any) -> None:
            self.events += 1
            queue(event)

        recording.writer._queue = counted  # type: ignore[method-assign]

    def is_due(self) -> bool:
        """Say, at random, whether to look now."""
        return self._chance.random() < 0.5

    def note(
        self,
        tables: Mapping[str, Sequence[int | None]],
        refs: Mapping[int, int],
        cached: Iterable[int],
        stored: Mapping[int, str] | None = None,
        uncomputed: Iterable[int] = (),
    ) -> None:
        """Keep copies of what is held.

        Tables, refcounts that are not 0, cached frames in order, what is in a tier, and frames that
        can be found, though what should be in them was never computed.
        """
        copies = {task: [*table] for task, table in tables.items() if table}
        missing = sorted(uncomputed)
        self.snapshots.append((self.events, copies, refs, [*cached], stored or {}, missing))
