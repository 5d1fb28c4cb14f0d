from manim import *

config.frame_width = 9
config.frame_height = 16
config.pixel_width = 480
config.pixel_height = 854


class Upright(Scene):
    """A file that makes its pictures upright: all that is in them is inside."""

    def construct(self):
        title = Text("Three\nrules", font_size=64).to_edge(UP, buff=1.5)
        steps = VGroup(*[Text(f"{i}. keep it short", font_size=36) for i in (1, 2, 3)])
        steps.arrange(DOWN, buff=1)
        self.play(Write(title), run_time=0.4)
        self.play(LaggedStartMap(FadeIn, steps), run_time=0.6)
        self.wait(0.4)


class UprightTooWide(Scene):
    """A heading that was laid out for a wide picture."""

    def construct(self):
        self.add(Circle(radius=3, color=BLUE))
        title = Text("The three rules of the house", font_size=48).to_edge(UP, buff=1.5)
        self.play(Write(title), run_time=0.4)  # expect: text-outside
        self.wait(0.4)
