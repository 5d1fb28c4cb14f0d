"""`pagereel render --watch`: renders on every save, for people who have their own player open."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

from pagereel.discovery import choose_scenes
from pagereel.discovery.stories import chosen_files
from pagereel.errors import PagereelError
from pagereel.render.freshness import manim_settings
from pagereel.render.process import endable
from pagereel.render.sources import forget_sources, sources_of
from pagereel.watch.files import Files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.request import SceneOptions

_SAVED = None  # in the queue: a file was saved


class _Rendering:
    """One rendering, in a process of its own, which finds everything as it is now.

    Parameters
    ----------
    words
        The command line, without ``--watch``.
    ended
        Where it puts itself when it has ended.
    """

    def __init__(self, words: Sequence[str], ended: Queue[_Rendering | None]) -> None:
        command = (sys.executable, "-P", "-m", "pagereel", *words, "--json")
        # In a group of its own: Ctrl-C reaches us alone, and `stop` passes it on once.
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, process_group=0)  # noqa: S603 (our own)
        self._ended = ended
        self.outcomes: list[dict[str, Any]] = []
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        out, _ = self._process.communicate()
        if out:
            self.outcomes = json.loads(out)["scenes"]
        self._ended.put(self)

    def stop(self) -> None:
        """End it as Ctrl-C does, so that nothing half made is left."""
        self._process.send_signal(signal.SIGINT)
        self._thread.join()


def render_on_saves(words: Sequence[str], scenes: list[str], options: SceneOptions) -> int:
    """Render now and on every save, until Ctrl-C; print a line for each file.

    Parameters
    ----------
    words
        The command line.
    scenes
        The scenes in it, after their file, if that is named.

    Raises
    ------
    PagereelError
        If there are no such scenes from the first.
    """
    words = without_watch(words)
    news: Queue[_Rendering | None] = Queue()
    with endable():
        files = Files(lambda _: news.put(_SAVED))
        files.follow(_sources(scenes, options))
        files.start()
        rendering: _Rendering | None = _Rendering(words, news)
        try:
            while True:
                if (ended := news.get()) is not _SAVED:
                    for outcome in ended.outcomes:
                        print(_line(outcome), flush=True)
                    rendering = None if ended is rendering else rendering
                    continue
                if rendering is not None:
                    rendering.stop()
                with suppress(PagereelError):  # the rendering says so; the files stay those known
                    files.follow(_sources(scenes, options))
                rendering = _Rendering(words, news)
        finally:
            if rendering is not None:
                rendering.stop()
            files.close()


def without_watch(words: Sequence[str]) -> list[str]:
    """Return a command line that renders once; `argparse` takes `--wat` for ``--watch``, too."""
    return [word for word in words if len(word) <= len("--") or not "--watch".startswith(word)]


def _sources(scenes: list[str], options: SceneOptions) -> set[Path]:
    """Return the files that the scenes depend on."""
    forget_sources()
    chosen = choose_scenes([*scenes], options.story)
    found = {path for scene in chosen for path in sources_of(scene.file)}
    return found | {*chosen_files(options), *manim_settings()}


def _line(outcome: dict[str, Any]) -> str:
    """Return what has become of a scene, in a line."""
    named = f"{time.strftime('%H:%M:%S')}  {outcome['file']}  "
    if outcome["status"] != "rendered":
        return named + str(outcome["status"])
    return f"{named}{outcome['bytes'] / 1e6:.1f} MB  made in {outcome['took']:.1f} s"
