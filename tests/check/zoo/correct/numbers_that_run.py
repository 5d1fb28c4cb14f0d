"""Numbers that change while they are seen."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    DecimalNumber,
    FadeIn,
    Rectangle,
    ReplacementTransform,
    Scene,
    Text,
    ValueTracker,
    VGroup,
    VMobject,
    always_redraw,
)


class RunningNumbers(Scene):
    """A bar and two numbers follow a tracker."""

    def construct(self) -> None:
        value = ValueTracker(0)
        trough = Rectangle(width=10, height=1.2, color=WHITE)

        def filling() -> VMobject:
            part = Rectangle(
                width=max(0.01, value.get_value() * 0.1), height=1.2, stroke_width=0, fill_opacity=1
            )
            return part.set_fill(BLUE).align_to(trough, LEFT)

        def percent() -> VMobject:
            text = Text(f"{value.get_value():.0f} %", font_size=60)
            return text.next_to(trough, UP, buff=0.9)

        exact = DecimalNumber(0, mob_class=Text, font_size=60, num_decimal_places=1)  # type: ignore[arg-type]
        exact.add_updater(
            lambda number: number.set_value(value.get_value()).next_to(trough, DOWN, buff=0.8)
        )
        name = Text("in use", font_size=44, color=YELLOW).to_edge(DOWN, buff=0.6)
        self.add(always_redraw(filling), trough, always_redraw(percent), exact)
        self.play(FadeIn(name), run_time=0.4)
        self.play(value.animate.set_value(100), run_time=1)
        self.wait(0.4)
        self.play(value.animate.set_value(37.5), run_time=0.6)
        self.wait(0.4)


class Countdown(Scene):
    """A number is replaced in place every 0.1 s, then a label is swapped in 0.2 s."""

    def construct(self) -> None:
        frame = Rectangle(width=9, height=5, color=BLUE)
        label = Text("go", font_size=60).next_to(frame.get_top(), DOWN, buff=0.4)
        number = Text("9", font_size=144)
        self.add(frame, label, number)
        self.wait(0.5)
        for digit in "876543210":
            self.remove(number)
            number = Text(digit, font_size=144)
            self.add(number)
            self.wait(0.1)
        done = Text("done", font_size=60).move_to(label)
        self.play(ReplacementTransform(label, done), run_time=0.2)
        self.wait(0.5)
        names = VGroup(Text("left", font_size=44), Text("right", font_size=44))
        names.arrange(RIGHT, buff=3).next_to(number, DOWN, buff=0.4)
        self.play(FadeIn(names), run_time=0.4)
        self.wait(0.4)


class NoNumberInSight(Scene):
    """A tracker has a place, but nothing of it is drawn."""

    def construct(self) -> None:
        self.add(Rectangle(width=10, height=6, color=BLUE))
        turn = ValueTracker(0.3)
        self.play(turn.animate.set_value(2.7), run_time=0.4)
        self.wait(0.4)
