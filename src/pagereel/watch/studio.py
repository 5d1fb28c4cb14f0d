"""`LiveStudio`: draws a scene whenever something is saved that it depends on."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pagereel
from pagereel.assets import ROOT
from pagereel.discovery.source import read_source
from pagereel.discovery.stories import chosen_files
from pagereel.errors import PagereelError, RequestError
from pagereel.failure import ending
from pagereel.render.configured import Settings
from pagereel.render.freshness import manim_settings
from pagereel.request import ASPECTS, USUAL_THEME, cores, scaled, shape_of, shaped
from pagereel.stage.theme import THEMES
from pagereel.watch.drawer import Drawer
from pagereel.watch.drawing.order import Order, Spot, Task
from pagereel.watch.files import Files
from pagereel.watch.shown import Beats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pagereel.discovery import SceneSource
    from pagereel.request import SceneOptions
    from pagereel.watch.drawer import Event

RATE = 30.0  # images a second
SHORT = 540  # pixels of the short side
_MOST_PRINTED = 4000  # characters


class LiveStudio:
    """Draws the scene that is chosen, and says what is drawn; see `Studio`.

    Parameters
    ----------
    scenes
        Those that can be chosen.
    options
        What the user of a scene of ours has chosen.
    size
        Of the pictures, in pixels. None: small ones, in the shape that manim.cfg asks for.

    Raises
    ------
    RequestError
        If a manim.cfg cannot be read.
    """

    def __init__(
        self,
        scenes: Iterable[SceneSource],
        options: SceneOptions,
        size: tuple[int, int] | None = None,
    ) -> None:
        self._lock = threading.RLock()  # on all that follows
        self._subscribers: dict[object, Callable[[], None]] = {}
        self._scenes = {scene.name: scene for scene in scenes}
        self._scene = next(iter(self._scenes)) if len(self._scenes) == 1 else None
        self._options = options
        self._asked_size = size
        self._note_sizes()
        self._size = self._usual_size
        self._real_size = self._size  # as the scene's file has it
        self._beats = Beats()
        self._spot = Spot()
        self._number = 0
        self._began = 0.0  # when the order was given, as files tell the time
        self._error: dict[str, Any] | None = None
        self._printed = self._at = self._busy = ""
        self._inputs: set[Path] = set()
        self._modules: tuple[str, ...] = ()  # see `Order`
        self._alone: set[str] = set()  # scenes that act outside of their process
        self._is_over = False
        self._settle()
        self._drawer = Drawer(self._hear)
        self._files = Files(self._saved, self._wait_for_more)

    def _note_sizes(self) -> None:
        """Note which sizes there are to choose from."""
        self._usual_size = self._asked_size or _configured_size()
        short = min(self._usual_size)
        self._sizes = {shape: shaped(short, shape) for shape in ASPECTS}
        self._sizes[_shape_name(self._usual_size)] = self._usual_size

    def _settle(self) -> None:
        """Note that nothing is drawn."""
        self._waiting: dict[int, int] = {}  # beat -> process
        self._drawn: set[int] = set()
        self._drawing: list[int] = []
        self._is_through = self._is_failed = self._is_checking = False
        self._is_waiting_for_more = False  # saves: nothing is drawn until they cease

    def start(self) -> None:
        """Begin to watch and to draw."""
        self._drawer.start()
        self._files.start()
        self._redraw()

    def close(self) -> None:
        """End all processes and threads."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
        self._files.close()
        self._drawer.close()

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have `changed` called after each change of the state, and return what ends that."""
        key = object()
        with self._lock:
            self._subscribers[key] = changed

        def end() -> None:
            with self._lock:
                self._subscribers.pop(key, None)

        return end

    def state(self) -> dict[str, Any]:
        """Return all that the page shows, for JSON."""
        with self._lock:
            source = self._scenes[self._scene] if self._scene else None
            options = self._options
            width, height = self._real_size
            shape = _shape_name(self._real_size)
            is_ours = shape == _shape_name(self._size)  # or else the scene's file allows no other
            return {
                "version": self._number,
                "scenes": [*self._scenes],
                "scene": self._scene,
                "file": str(source.file) if source else None,
                "story": str(options.story) if options.story else None,
                "shape": shape,
                "shapes": [*self._sizes] if is_ours else [shape],
                "theme": options.theme or USUAL_THEME,
                "themes": [*THEMES],
                "width": width,
                "height": height,
                "rate": RATE,
                "busy": self._busy,
                "error": self._error,
                "printed": self._printed,
                "seconds": self._beats.seconds,
                "beats": [beat.facts for beat in self._beats],
            }

    def look(self, beat: int, at: float) -> None:
        """Note where a tab is, in seconds of a beat: this is drawn first."""
        with self._lock:
            shown = [*self._beats]
            name = shown[beat].name if beat < len(shown) else ""
            self._spot = Spot(beat, name, at)
            self._go_on()

    def choose(
        self, scene: str | None = None, shape: str | None = None, theme: str | None = None
    ) -> None:
        """Show another scene, shape or theme; what is None stays.

        Raises
        ------
        ValueError
            If there is none of this name.
        """
        with self._lock:
            if scene is not None:
                _require(scene, self._scenes, "scene")
            if shape is not None:
                _require(shape, self._sizes, "shape")
                self._size = self._sizes[shape]
            self._real_size = self._size
            if theme is not None:
                _require(theme, THEMES, "theme")
                self._options = replace(self._options, theme=theme)
            if scene is not None and scene != self._scene:
                self._scene, self._beats, self._spot = scene, Beats(), Spot()
                self._inputs = set()
        self._redraw()

    def media(self, name: str) -> Path | None:
        """Return the file of a still or film of the present state; None if it has none so named."""
        with self._lock:
            if name in self._beats.media:
                return self._drawer.folder / "media" / name
        return None

    def _redraw(self) -> None:
        """Draw what is chosen, in place of what is being drawn."""
        with self._lock:
            if self._scene is None or self._is_over:
                return
            source = self._scenes[self._scene]
            self._number += 1
            self._began = time.time()
            self._settle()
            self._remove_media()
            self._beats.begin_anew()
            self._settle_spot()
            self._printed = self._at = ""
            self._busy = f"runs through {self._scene}"
            name = self._scene
            self._drawer.carry_out(self._order(source, Task.DRAW, alone=name in self._alone))
            # After the order, which is in a hurry: a file that is new and saved just now is found
            # by its time when the order says what it has read.
            self._follow(source)
        self._tell()

    def _order(self, source: SceneSource, task: Task, *, alone: bool = False) -> Order:
        folder = self._drawer.folder / "drawing"
        width, height = self._size
        return Order(
            number=self._number,
            group=0,  # the drawer's affair, as is what is printed
            printed=folder,
            file=source.file,
            scene=source.name,
            width=width,
            height=height,
            rate=RATE,
            folder=folder,
            task=task,
            options=self._options,
            spot=self._spot,
            alone=alone,
            modules=self._modules,
        )

    def _settle_spot(self) -> None:
        """Note where the reader stands among the beats that there are now."""
        spot, names = self._spot, [beat.name for beat in self._beats]
        number = self._beats.number_of(spot.name, spot.beat)
        name = names[number] if number < len(names) else spot.name
        self._spot = Spot(number, name, spot.at, frozenset(names) - {name})

    def _follow(self, source: SceneSource) -> None:
        """Watch all that the scene depends on."""
        options = self._options
        default = (ROOT / "stories" / source.default,) if source.default else ()
        fixed = {source.file, *default, *chosen_files(options), *manim_settings()}
        fonts = {file for name in ("fonts", "languages") for file in (ROOT / name).iterdir()}
        beside = source.file.parent if self._error else None
        self._files.follow(fixed | fonts | self._inputs | _own_code(), beside)

    def _saved(self, changed: set[Path]) -> None:
        """Draw again, as files were saved."""
        with self._lock:
            settings = {file.absolute() for file in manim_settings()}
            if changed & settings:
                self._note_settings()
            if changed & (_own_code() | settings):
                self._drawer.begin_anew()
            if any(file.suffix == ".py" for file in changed):  # they may act so no longer
                self._alone.clear()
            self._read_scenes()
        self._redraw()

    def _note_settings(self) -> None:
        """Take the shape that manim.cfg asks for now, where the reader has not chosen another."""
        is_usual = self._size == self._usual_size
        with suppress(RequestError):  # which is said when manim does not start with it
            self._note_sizes()
        if is_usual:
            self._size = self._usual_size

    def _wait_for_more(self) -> None:
        """Draw nothing until saves have ceased that follow each other; what is drawn is old."""
        with self._lock:
            if self._scene is None or self._is_over:
                return
            self._drawer.stop()
            self._settle()
            self._is_waiting_for_more = True
            self._beats.begin_anew()
            self._busy = "waits until no more is saved"
        self._tell()

    def _read_scenes(self) -> None:
        """Note which scenes there are in the file now, as far as it says so plainly."""
        asked = self._scenes[self._scene] if self._scene else None
        for file in dict.fromkeys(scene.file for scene in self._scenes.values()):
            with suppress(PagereelError):
                reading = read_source(file)
                if reading.is_certain:
                    others = {k: v for k, v in self._scenes.items() if v.file != file}
                    self._scenes = {**others, **reading.scenes}
        if asked is not None:
            self._scenes.setdefault(asked.name, asked)

    def _remove_media(self) -> None:
        """Remove what is no longer shown."""
        shown = self._beats.media
        for file in (self._drawer.folder / "media").iterdir():
            if file.name not in shown:
                file.unlink(missing_ok=True)

    def _hear(self, event: Event) -> None:
        """Act on an event of the processes that draw."""
        with self._lock:
            if self._is_over or event.get("order", self._number) not in (0, self._number):
                return
            if self._is_waiting_for_more and "order" in event:
                return  # sent before its process was ended
            if self._is_failed and "beat" in event:
                return  # as above
            news = self._act(event)
        if news:
            self._tell()

    def _act(self, event: Event) -> bool:  # noqa: C901, PLR0911, PLR0912 (a case each)
        """Note what an event says; return whether the page is to know."""
        match event:
            case {"event": "at", "play": str(play)}:
                self._at = play
                return False
            case {"event": "size", "width": int(width), "height": int(height)}:
                self._real_size = width, height
                return False
            case {"event": "printed", "text": str(text)}:
                self._print(text)
            case {"event": "remark", "message": str(message)}:
                self._print(f"{message}\n")
            case {"event": "begins", "beat": number, "name": name, "start": start}:
                self._beats.begin(number, name, start, event["file"], event["line"])
            case {"event": "passed", "beat": number, "seconds": seconds, "captions": captions}:
                self._beats.pass_by(number, seconds, captions)
            case {"event": "waits", "beat": int(number), "process": int(process)}:
                self._waiting[number] = process
                self._go_on()
                return False
            case {"event": "still", "beat": number, "at": at, "media": media}:
                self._error = None
                if beat := self._beats.get(number):
                    beat.take_still(at, media)
            case {"event": "film", "beat": int(number), "media": media}:
                self._error = None
                if beat := self._beats.get(number):
                    beat.take_film(media)
                self._drawn.add(number)
                self._waiting.pop(number, None)  # its film was kept
                with suppress(ValueError):
                    self._drawing.remove(number)
                self._go_on()
            case {"event": "through"}:
                self._is_through, self._error = True, None
                self._beats.complete()
                self._go_on()
            case {"event": "inputs", "files": files, "modules": modules}:
                self._modules = (*dict.fromkeys((*self._modules, *modules)),)
                self._note_inputs(files)
                return False
            case {"event": "finding"}:
                facts = ("rule", "message", "at", "box")
                self._beats.find({name: event[name] for name in facts})
            case {"event": "checked", "until": until}:
                return self._beats.check(until)
            case _:
                return self._end(event)
        return True

    def _end(self, event: Event) -> bool:
        """Note that an order has ended, in whatever way."""
        match event:
            case {"event": "failed", "fault": fault} if not self._is_checking:
                self._fail(fault)
            case {"event": "failed", "fault": {"message": message}}:
                self._print(f"check: {message}\n")
            case {"event": "ended"} if self._is_checking:
                self._rest()
            case {"event": "ended", "code": 0} if not self._is_failed:
                self._check()
            case {"event": "ended", "code": code} if not self._is_failed:
                at = f" at {self._at}" if self._at else ""
                self._fail(_fault(f"the scene ended its process{at}: {ending(code)}"))
            case {"event": "alone", "why": why} if self._scene:
                self._alone.add(self._scene)
                self._redraw()
                self._printed = f"one process draws one beat after another: {why}\n"
            case {"event": "quiet", "seconds": seconds} if not self._is_through:
                at = self._at or "the scene's file"
                self._busy = f"no end of {at} after {seconds:.0f} s; the next save stops it"
            case {"event": "anew"}:
                self._redraw()
            case {"event": "lost"}:
                self._fail(_fault(_why_lost()))
            case _:
                return False
        return True

    def _print(self, text: str) -> None:
        self._printed = (self._printed + text)[-_MOST_PRINTED:]

    def _fail(self, fault: dict[str, Any]) -> None:
        """Show what is wrong; what was drawn before stays, and is stale."""
        self._error, self._is_failed, self._busy = fault, True, ""
        self._drawer.stop()
        if self._scene:
            self._follow(self._scenes[self._scene])

    def _note_inputs(self, files: Iterable[str]) -> None:
        """Watch the files that the scene has read, too."""
        found = {Path(file) for file in files}
        new = found - self._inputs
        self._inputs = self._inputs | found if self._is_failed or not self._is_through else found
        if self._scene:
            self._follow(self._scenes[self._scene])
        if any(_is_newer(file, self._began) for file in new):  # saved before it was watched
            self._redraw()

    def _rest(self) -> None:
        """End what the order has started; nothing is left to be done."""
        self._busy = ""
        self._drawer.stop()

    def _check(self) -> None:
        """Have the scene checked when it has been drawn."""
        if self._scene is None:
            return
        self._is_checking = True
        self._busy = f"checks {self._scene}"
        self._beats.forget_findings()
        self._drawer.go_on(self._order(self._scenes[self._scene], Task.CHECK))

    def _go_on(self) -> None:
        """Let processes draw: the beat where the reader is first, then those that follow it."""
        focus = self._beats.number_of(self._spot.name, self._spot.beat)
        is_to_come = focus not in self._waiting and focus not in (*self._drawing, *self._drawn)
        if is_to_come and not self._is_through:
            return  # a core is kept for it
        while self._waiting and len(self._drawing) < max(1, cores() - (not self._is_through)):
            count = self._beats.reached + 1
            number = min(self._waiting, key=lambda each: (each - focus) % count)
            self._drawing.append(number)
            self._drawer.draw(self._waiting.pop(number))
        if self._drawing and (beat := self._beats.get(self._drawing[0])):
            self._busy = f"draws {beat.name}"

    def _tell(self) -> None:
        with self._lock:
            subscribers = [*self._subscribers.values()]
        for changed in subscribers:
            changed()


def _shape_name(size: tuple[int, int]) -> str:
    return shape_of(*size).replace("x", ":") or next(iter(ASPECTS))


def _require(name: str, known: Iterable[str], kind: str) -> None:
    if name not in known:
        raise ValueError(f"there is no {kind} {name!r}; there are {', '.join(known)}")


def _fault(message: str) -> dict[str, Any]:
    return {"message": message, "file": None, "line": None, "text": ""}


def _configured_size() -> tuple[int, int]:
    found = Settings.from_files()
    return scaled((found.width, found.height), SHORT)


def _why_lost() -> str:
    """Return why no process draws: what is wrong with manim.cfg, as far as we can tell."""
    try:
        Settings.from_files()
    except RequestError as error:
        return str(error)
    return "the process that draws does not start; see `pagereel doctor`"


def _is_newer(file: Path, than: float) -> bool:
    with suppress(OSError):
        return file.stat().st_mtime > than
    return False


@cache
def _own_code() -> set[Path]:
    """Return our own modules, which the warm process has imported; none where we are installed."""
    if "site-packages" in pagereel.__file__:
        return set()
    return {*Path(pagereel.__file__).parent.rglob("*.py")}
