"""Flashes: more than three in a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import BLACK, BLUE, WHITE, FullScreenRectangle, Rectangle, Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import Mobject, VMobject


def strobe(plate: VMobject, hertz: int) -> Callable[[Mobject, float], None]:
    """Return an updater that turns a plate white and black again so many times a second."""
    seconds = 0.0

    def switch(_: Mobject, dt: float) -> None:
        nonlocal seconds
        seconds += dt
        plate.set_fill(WHITE if int(seconds * 2 * hertz) % 2 else BLACK)

    return switch


class StrobeByPlays(Scene):
    """The whole picture goes from black to white and back, five times a second."""

    def construct(self) -> None:
        sheet = FullScreenRectangle(fill_color=BLACK, fill_opacity=1, stroke_width=0)
        self.add(sheet)
        self.wait(0.5)
        for colour in (WHITE, BLACK) * 6:
            self.play(sheet.animate.set_fill(colour), run_time=0.1)  # expect: flash
        self.wait(0.5)


class StrobeByWaits(Scene):
    """The whole picture is switched, ten times a second."""

    def construct(self) -> None:
        sheet = FullScreenRectangle(fill_color=BLACK, fill_opacity=1, stroke_width=0)
        self.add(sheet)
        self.wait(0.5)
        for colour in (WHITE, BLACK) * 10:
            sheet.set_fill(colour)
            self.wait(0.05)  # expect: flash
        self.wait(0.5)


class StrobeByWaitsInTurn(Scene):
    """The same, with a wait for each colour: the strobe goes on in both, and is one fault."""

    def construct(self) -> None:
        sheet = FullScreenRectangle(fill_color=BLACK, fill_opacity=1, stroke_width=0)
        self.add(sheet)
        self.wait(0.5)
        for _ in range(10):
            sheet.set_fill(WHITE)
            self.wait(0.05)  # expect: flash
            sheet.set_fill(BLACK)
            self.wait(0.05)
        self.wait(0.5)


class StrobeByUpdater(Scene):
    """An updater switches a large plate, five times a second, within one wait."""

    def construct(self) -> None:
        plate = Rectangle(width=11, height=6, fill_color=BLUE, fill_opacity=1, stroke_width=0)
        self.add(plate)
        self.wait(0.5)
        plate.add_updater(strobe(plate, 5))
        self.wait(1.5)  # expect: flash
        plate.clear_updaters()
        self.wait(0.5)


class FastStrobeByUpdater(Scene):
    """An updater switches a large plate, ten times a second, while something is played."""

    def construct(self) -> None:
        plate = Rectangle(width=11, height=6, fill_color=BLACK, fill_opacity=1, stroke_width=0)
        outline = Rectangle(width=12, height=7, color=BLUE)
        self.add(outline, plate)
        self.wait(0.5)
        plate.add_updater(strobe(plate, 10))
        self.play(outline.animate.scale(0.98), run_time=1.5)  # expect: flash
        plate.clear_updaters()
        self.wait(0.5)
