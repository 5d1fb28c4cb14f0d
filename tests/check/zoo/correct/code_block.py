"""Blocks of code, with line numbers and window buttons."""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, UP, Code, Create, FadeIn, Scene, SurroundingRectangle, Text
from manimpango import register_font

from pagereel.assets import require_fonts

for font in require_fonts():
    register_font(str(font))

SOURCE = '''class Pool:
    """Page frames."""

    def take(self, n: int) -> list[int]:
        if n > len(self.free):
            raise Full(f"need {n}")
        return [self.free.pop() for _ in range(n)]
'''


class CodeBlock(Scene):
    """A listing in a window, a short one beside it, and a frame around a line."""

    def construct(self) -> None:
        code = Code(
            code_string=SOURCE,
            language="python",
            formatter_style="dracula",
            background="window",
            paragraph_config={"font": "Liberation Mono", "font_size": 26, "line_spacing": 1},
        ).to_edge(LEFT, buff=0.9)
        code.shift(0.35 * UP)
        title = Text("Taking frames", font="Liberation Serif", font_size=44)
        title.next_to(code, UP, buff=0.3)
        self.play(FadeIn(code), run_time=0.5)
        self.play(FadeIn(title), run_time=0.4)
        frame = SurroundingRectangle(code.code_lines[4], buff=0.07)
        self.play(Create(frame), run_time=0.4)
        call = Code(
            code_string="pool = Pool(8)\npool.take(3)",
            language="python",
            formatter_style="dracula",
            add_line_numbers=False,
            paragraph_config={"font": "Liberation Mono", "font_size": 28},
        ).to_edge(DOWN, buff=0.4)
        call.align_to((6, 0, 0), RIGHT)
        self.play(FadeIn(call), run_time=0.4)
        self.wait(0.5)


class PlainCode(Scene):
    """Manim's own `Code`, as it comes, as wide as a video needs it."""

    def construct(self) -> None:
        code = Code(code_string=SOURCE, language="python", formatter_style="dracula")
        code.scale_to_fit_width(12).center()
        title = Text("As it comes", font_size=44).next_to(code, UP, buff=0.5)
        self.play(FadeIn(code, title), run_time=0.5)
        self.wait(0.5)
