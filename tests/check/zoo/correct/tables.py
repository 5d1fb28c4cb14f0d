"""A table with lines, headings and a highlighted cell."""

from __future__ import annotations

from manim import BLUE, UP, YELLOW, Create, FadeIn, Scene, Table, Text, Write


class NumbersTable(Scene):
    """Every entry stands in its own cell; one cell is highlighted."""

    def construct(self) -> None:
        table = Table(
            [["0", "4", "free"], ["1", "7", "held by A"], ["2", "3", "cached"]],
            row_labels=[Text("x"), Text("y"), Text("z")],
            col_labels=[Text("page"), Text("frame"), Text("state")],
            include_outer_lines=True,
            line_config={"stroke_width": 2, "color": BLUE},
        ).scale(0.8)
        title = Text("Page table", font_size=44).next_to(table, UP, buff=0.5)
        self.play(Create(table), run_time=0.6)
        self.play(Write(title), run_time=0.5)
        table.add_highlighted_cell((3, 3), color="#665C00")
        box = table.get_cell((2, 4), color=YELLOW)
        self.play(FadeIn(box), run_time=0.4)
        self.wait(0.5)
