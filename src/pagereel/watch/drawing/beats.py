"""Runs through a scene once, and has its beats drawn: where the reader is first.

A beat is a section of the scene. Where a section is long, it goes on in another beat with the next
play. The process that runs through the scene draws nothing but one still, of the moment where the
reader is. Where a beat begins it forks a process that has the scene as it is there. That waits
until the serving process sends it SIGUSR1, then draws the beat as a film, and ends.

A scene that does anything outside of its process, such as writing a file, would do it twice. It is
drawn by one process, one beat after another.
"""

from __future__ import annotations

import os
import random
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from manim import RendererType, config
from PIL import Image

from pagereel.discovery.load import load_scene
from pagereel.errors import StockNeeded
from pagereel.fast.draw.playing import line_of
from pagereel.fast.encode.mp4 import write_mp4
from pagereel.fast.plan import UNNAMED, Drawn
from pagereel.fast.render import is_raised_at_the_end, picture_of
from pagereel.fast.renderer import FastRenderer, make_scene
from pagereel.fast.shards.cutter import Cutter
from pagereel.fast.shards.guard import Guard, arm, disarm
from pagereel.fast.shards.processes import LaidOut, leave, share_no_bars
from pagereel.fast.writer import Delivery, FastWriter
from pagereel.files import checksum
from pagereel.formulas import bring_formulas, keep_formulas
from pagereel.render.job import MEDIA
from pagereel.story import Story
from pagereel.watch.drawing.faults import fault, fault_of, shown
from pagereel.watch.drawing.inputs import inputs, note_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from manim import Scene
    from manim.typing import PixelArray

    from pagereel.watch.drawing.events import Events
    from pagereel.watch.drawing.order import Order

_LONG = 10.0  # seconds after which a section goes on in another beat
_QUICKLY = 1  # how hard zlib tries, of 9: a still is seen once


class _Through(BaseException):
    """The scene has been run through, so that manim need not finish anything."""


def draw(order: Order, events: Events) -> None:
    """Draw a scene: first the still where the reader is, then films of all beats."""
    note_inputs()
    own = order.folder / f"laid-out-{order.number}"
    kept = {"texts": order.folder / "texts", "Tex": MEDIA / "Tex" / "kept"}
    own.mkdir()
    for kind, folder in kept.items():
        bring_formulas(folder, own / kind)
    try:
        with order.options.in_environment():
            _run_through(_loaded(order, own), order, events)
    finally:
        if os.getpid() == events.owner:
            events.tell("inputs", files=inputs(order.folder))
    for kind, folder in kept.items():
        with suppress(OSError):
            keep_formulas(own / kind, folder)
    _await_children(events)


def _loaded(order: Order, own: Path) -> type[Scene]:
    """Run the scene's file; return the scene. manim's settings are then those of a film."""
    folders = {"text_dir": str(own / "texts"), "tex_dir": str(own / "Tex")}
    size = {"pixel_width": order.width, "pixel_height": order.height, "frame_rate": order.rate}
    config.update({**folders, **size, "input_file": str(order.file), "format": "auto"})
    scene_class = load_scene(order.file, order.scene)
    if config.renderer != RendererType.CAIRO:
        raise StockNeeded("it asks for another renderer than Cairo, whose pictures are not watched")
    config.update(
        {
            **folders,
            **own_size(order),
            "frame_rate": order.rate,
            "format": "mp4",
            "progress_bar": "none",
            "disable_caching": True,
            "preview": False,
            "show_in_file_browser": False,
            "save_sections": False,
            "output_file": "",
        }
    )
    return scene_class


def own_size(order: Order) -> dict[str, int]:
    """Return the size of the pictures: in the shape that the file has set, if it has set one."""
    width, height = config.pixel_width, config.pixel_height
    short = min(order.width, order.height)
    scale = short / min(width, height)
    return {
        "pixel_width": 2 * round(width * scale / 2),
        "pixel_height": 2 * round(height * scale / 2),
    }


def _run_through(scene_class: type[Scene], order: Order, events: Events) -> None:
    cutter = BeatCutter(order, events)
    delivery = Delivery(target=order.folder / "beat.mp4", sections=("?*",))
    renderer = FastRenderer(cutter=cutter, delivery=delivery, report=events)
    try:
        scene = make_scene(scene_class, renderer)
        events.tell("size", width=config.pixel_width, height=config.pixel_height)
        scene.render()
    except _Through:
        pass
    except BaseException as error:
        cutter.fail_if_child(error)
        if renderer.num_plays or not is_raised_at_the_end(error):
            raise
        cutter.stand_still(scene)
    disarm()
    events.tell("through")


def _await_children(events: Events) -> None:
    """Wait for the processes that draw; say of one that was ended that it was."""
    with suppress(ChildProcessError):
        while True:
            _, status = os.wait()
            if code := os.waitstatus_to_exitcode(status):
                message = f"the process that draws a beat ended with {ended_by(code)}"
                events.tell("failed", fault=fault(message))


def ended_by(code: int) -> str:
    """Return in words how a process ended."""
    if code >= 0:
        return f"exit code {code}"
    known = next((each.name for each in signal.Signals if each == -code), f"signal {-code}")
    return f"{known}, out of memory?" if -code == signal.SIGKILL else known


class BeatCutter(Cutter):
    """Cuts a scene into beats, and has each drawn by a process that is forked where it begins."""

    drawing = False

    def __init__(self, order: Order, events: Events) -> None:
        super().__init__()
        self._order, self._events = order, events
        self._is_child = False
        self._laid_out = LaidOut()
        self._guard = Guard()
        self._names: list[str] = []
        self._part = 1
        self._seen = False  # whether the still of this beat has been made

    def is_due(self) -> bool:
        """Return whether the next image begins a beat."""
        plan = self._writer.plan
        is_new = plan.section is not self._section
        self._section = plan.section
        if is_new:
            self._part = 1
        elif plan.counts and plan.counts[-1] >= _LONG * self._order.rate:
            self._part += 1
            return True
        return is_new or not plan.counts

    def may_cut(self, images: int) -> bool:
        """Return that no beat begins within a play."""
        del images
        return False

    def pass_by(self, scene: Scene) -> None:
        """Complete the beat that ends here."""
        plan = self._writer.plan
        if not plan.counts:
            self._guard = Guard()
            return
        number = len(plan.counts) - 1
        if self.drawing:
            self._complete(number)
        if self._is_child:
            leave(0)
        if self._is_wanted(number) and not self._seen:  # the beat has become shorter
            self.see(picture_of(scene))
        rate, stop = self._order.rate, plan.length
        start = stop - plan.counts[-1]
        captions = [
            {
                "start": max(each.start.total_seconds() - start / rate, 0.0),
                "end": min(each.end.total_seconds() - start / rate, plan.counts[-1] / rate),
                "text": each.content,
            }
            for each in self._writer.subcaptions
            if each.start.total_seconds() < stop / rate and each.end.total_seconds() > start / rate
        ]
        self._events.tell("passed", beat=number, seconds=plan.counts[-1] / rate, captions=captions)

    def cut(self) -> None:
        """Begin a beat."""
        self._seen = False
        self._begin(self._writer.plan.begin_shard())

    def begin_play(self, scene: Scene) -> None:
        """Say where the beat comes from, when its first play begins."""
        plan = self._writer.plan
        if not self._is_child and len(self._names) < len(plan.counts):
            name = _name(plan.section.name, self._part)
            self._names.append(name)
            file, line = _place(scene, plan.section.name, self._order)
            start = plan.length / self._order.rate
            number = len(plan.counts) - 1
            self._events.tell(
                "begins", beat=number, name=name, start=start, file=str(file), line=line
            )

    def finish(self) -> None:
        """End: there is nothing to be joined."""
        raise _Through

    def wanted(self, images: int) -> int | None:
        """Return which of the next images is that of the moment where the reader is."""
        number = len(self._writer.plan.counts) - 1
        if self.drawing or self._seen or not self._is_wanted(number):
            return None
        at = round(self._order.spot.at * self._order.rate) - self._writer.plan.counts[-1]
        return max(at, 0) if at < images else None

    def see(self, pixels: PixelArray) -> None:
        """Write the still."""
        self._seen = True
        number = max(len(self._writer.plan.counts) - 1, 0)
        file = self._order.folder / f"still-{os.getpid()}.png"
        Image.fromarray(pixels[..., :3]).save(file, compress_level=_QUICKLY)
        self._events.tell("still", beat=number, at=self._order.spot.at, media=self._publish(file))

    def stand_still(self, scene: Scene) -> None:
        """Show a scene in which nothing moves."""
        file, line = _place(scene, UNNAMED, self._order)
        name = type(scene).__name__
        self._events.tell("begins", beat=0, name=name, start=0, file=str(file), line=line)
        self.see(picture_of(scene))
        self._events.tell("passed", beat=0, seconds=0, captions=[])

    def fail_if_child(self, error: BaseException) -> None:
        """End a process that draws, with an error."""
        if self._is_child:
            self._events.tell("failed", fault=fault_of(error, self._order.file))
            leave(0)

    def _begin(self, index: int) -> None:
        if self._order.alone:
            self._draw_on(index)
            return
        disarm()
        if why := self._guard.ties():
            self._leave_to_one(f"the scene {why}")
        self._laid_out.note()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
        dice = random.getstate()
        process = os.fork()
        random.setstate(dice)  # Python reseeds it in a child
        if process:
            self._guard.has_opened()
            arm(lambda act: self._leave_to_one(f"the scene {act}"))
            return
        self._become_child(index)

    def _become_child(self, index: int) -> None:
        """Wait until the beat's turn has come; be silent, as the parent runs the same code."""
        self._is_child, self._events.is_heard = True, False
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        self._events.tell("waits", beat=index, process=os.getpid())
        signal.sigwait({signal.SIGUSR1})
        share_no_bars()
        self._laid_out.go_apart(self._order.folder / f"laid-out-{self._order.number}-{index}")
        arm(lambda _act: leave(0))  # its parent has left the scene to one process
        self._draw_on(index)

    def _draw_on(self, index: int) -> None:
        self.drawing = True
        self._writer.begin_shard(index, aside=False)

    def _complete(self, number: int) -> None:
        """Write the film of a beat."""
        writer = self._writer
        writer.end_shard()
        disarm()
        video, plan = writer.require_video(), writer.plan
        stop = plan.length / video.rate * 1000
        start = stop - plan.counts[-1] / video.rate * 1000
        heard = writer.audio_segment if writer.includes_sound else None
        film = self._order.folder / f"film-{os.getpid()}.mp4"
        write_mp4(
            Drawn(
                stem="beat",
                width=video.width,
                height=video.height,
                rate=video.rate,
                moves=video.moves,
                shards=(writer.shard_path(number),),
                images=plan.counts[-1],
                sound=heard and heard[float(start) : float(stop)],
            ),
            film,
        )
        self._events.tell("film", beat=number, media=self._publish(film))

    def _publish(self, file: Path) -> str:
        """Give a file the name that its bytes deserve; return it."""
        name = f"{str(checksum(file))[:24]}{file.suffix}"
        file.replace(self._order.media / name)
        return name

    def _is_wanted(self, number: int) -> bool:
        spot = self._order.spot
        named = number < len(self._names) and self._names[number] == spot.name
        return named or number == spot.beat

    def _leave_to_one(self, why: str) -> NoReturn:
        """Leave the scene to one process, before it does what cannot be done twice."""
        self._events.tell("alone", why=why)
        leave(0)

    @property
    def _writer(self) -> FastWriter:
        if self._attached is None:
            raise StockNeeded("only opaque videos are watched")
        return self._attached


def _name(section: str, part: int) -> str:
    if section == UNNAMED:
        return f"part {part}"
    return section if part == 1 else f"{section} ({part})"


def _place(scene: Scene, section: str, order: Order) -> tuple[Path, int | None]:
    """Return file and line of a section: of its story, if that has it, or of the scene's file."""
    story = getattr(scene, "story", None)
    if isinstance(story, Story):
        lines = {"closing": story.lines.get("tagline"), "opening": story.lines.get("opening")}
        lines |= {beat.key: beat.line for beat in story.beats}
        if line := lines.get(section):
            return shown(story.path), line
    at = line_of(scene).rpartition(":")[2]
    return shown(order.file), int(at) if at else None
