"""A camera that pans and zooms."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    LEFT,
    RIGHT,
    FadeIn,
    MovingCameraScene,
    RoundedRectangle,
    Text,
    VGroup,
)


class ZoomOut(MovingCameraScene):
    """The camera starts inside a panel and goes back until it shows the whole of it."""

    def construct(self) -> None:
        self.add(RoundedRectangle(width=24, height=13, color=BLUE), Text("inside", font_size=120))
        self.wait(0.5)
        frame = self.camera.frame  # type: ignore[union-attr]  # a MovingCamera
        self.play(frame.animate.scale(2.2), run_time=0.6)
        self.wait(0.5)


class MovingCamera(MovingCameraScene):
    """Wherever the camera rests, what it shows is large enough and inside the picture."""

    def construct(self) -> None:
        plates = VGroup()
        for name, place in (("left", 3.5 * LEFT), ("right", 3.5 * RIGHT)):
            plate = RoundedRectangle(width=5, height=5, color=BLUE).move_to(place)
            plates.add(VGroup(plate, Text(name, font_size=60).move_to(plate)))
        detail = Text("detail", font_size=26).next_to(plates[0][1], DOWN, buff=0.6)
        self.play(FadeIn(plates), run_time=0.4)
        frame = self.camera.frame  # type: ignore[union-attr]  # a MovingCamera
        frame.save_state()
        self.play(frame.animate.scale(0.8).move_to(plates[0]), run_time=0.6)
        self.play(FadeIn(detail), run_time=0.4)
        self.wait(0.4)
        self.play(frame.animate.move_to(plates[1]), run_time=0.6)
        self.play(frame.animate.restore(), run_time=0.6)
        self.play(frame.animate.scale(1.1), run_time=0.5)
        self.wait(0.4)
