"""Shards drawn elsewhere: one process runs through the scene, others draw shards by number.

A process that draws runs through the scene, too, up to the end of its last shard (`ChosenCutter`).
A `Send` has the shards drawn and fetches them, so this module needs no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, Protocol

from manim.utils.sounds import get_full_sound_file_path

from pagereel.fast.shards.cutter import Cutter
from pagereel.files import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from pagereel.fast.shards.history import Passed
    from pagereel.fast.writer import FastWriter


class Send(Protocol):
    """Has shards drawn, anywhere, and fetches them."""

    def __call__(
        self, shown: Sequence[str], todo: Sequence[int], sounds: Sequence[Path]
    ) -> Iterable[tuple[int, bytes]]:
        """Yield the number and the content of each shard of `todo`, in any order.

        Parameters
        ----------
        shown
            What each of the scene's shards shows, see `NotingCutter`. Only those of a run that has
            shown the same belong together.
        todo
            The numbers of the shards to draw.
        sounds
            Files of sounds, which are read by other than Python code.

        Raises
        ------
        RenderError
            If a shard cannot be drawn.
        """


class NotingCutter(Cutter):
    """Notes what each shard shows, to be compared with what another run of the scene shows."""

    def __init__(self) -> None:
        super().__init__()
        self._passed: dict[int, Passed] = {}  # before each shard, and at the end

    @property
    def shown(self) -> list[str]:
        """For each shard that has ended: how many images it has, and digests of what it shows."""
        counts = self._writer.plan.counts
        ends = (self._passed.get(index) for index in range(1, len(counts) + 1))
        return [
            f"{count} {end.shown} {end.here}"
            for count, end in zip(counts, ends, strict=True)
            if end is not None
        ]

    @property
    def _remembers(self) -> bool:
        return self._attached is not None

    def _mark(self, index: int, passed: Passed) -> None:
        self._passed[index] = passed
        super()._mark(index, passed)


class SendingCutter(NotingCutter):
    """Has the shards drawn elsewhere, once all of the scene is planned.

    Parameters
    ----------
    send
        Called once, with all missing shards.
    """

    drawing = False

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send
        self._images = 0  # that are drawn

    def finish(self) -> None:
        """Have the missing shards drawn, and put them in their places."""
        writer = self._writer
        todo = writer.missing()
        if not todo:
            super().finish()
            return
        self._images = writer.plan.images - sum(writer.plan.counts[index] for index in todo)
        for index, data in self._send(self.shown, todo, _sounds(writer)):
            path = writer.shard_path(index)
            with replacing(path) as partial:
                partial.write_bytes(data)
            self._images += writer.plan.counts[index]
            self._pace.finish(self._images)

    def _drawn(self) -> int:
        return self._images

    def _begin(self, index: int) -> None:
        """Draw nothing here."""


class ChosenCutter(NotingCutter):
    """Draws only some shards, into the writer's folder of shards, and ends after the last.

    Parameters
    ----------
    todo
        The numbers of the shards to draw.
    on_end
        Called with the writer and what the shards so far show, when all of `todo` are complete. It
        has to end the process.
    """

    def __init__(
        self, todo: Collection[int], on_end: Callable[[FastWriter, list[str]], NoReturn]
    ) -> None:
        super().__init__()
        self._todo = frozenset(todo)
        self._on_end = on_end

    def finish(self) -> None:
        """End with the scene."""
        super().finish()
        self._on_end(self._writer, self.shown)

    def _begin(self, index: int) -> None:
        if index > max(self._todo):
            self._on_end(self._writer, self.shown)
        self.drawing = index in self._todo
        if self.drawing:
            self._draw(index)


def _sounds(writer: FastWriter) -> list[Path]:
    folder = writer.settings.assets_dir
    return [get_full_sound_file_path(sound, folder) for sound in writer.sounds]
