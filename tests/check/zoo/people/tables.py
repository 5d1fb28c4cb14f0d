from manim import *


def bracketed(rows, size=40):
    """A matrix as LaTeX would set it: entries between brackets of lines."""
    cells = VGroup(*[VGroup(*[Text(str(v), font_size=size) for v in row]) for row in rows])
    entries = VGroup(*[cell for row in cells for cell in row])
    entries.arrange_in_grid(len(rows), len(rows[0]), buff=0.7)
    left, right = VMobject(), VMobject()
    h, w = entries.height / 2 + 0.2, entries.width / 2 + 0.3
    left.set_points_as_corners([[-w + 0.2, h, 0], [-w, h, 0], [-w, -h, 0], [-w + 0.2, -h, 0]])
    right.set_points_as_corners([[w - 0.2, h, 0], [w, h, 0], [w, -h, 0], [w - 0.2, -h, 0]])
    return VGroup(entries.center(), left, right)


class MatrixProduct(Scene):
    """A row and a column are boxed while they are multiplied."""

    def construct(self):
        a, b, c = (
            bracketed([[1, 2], [3, 4]]),
            bracketed([[5, 6], [7, 8]]),
            bracketed([[19, 22], [43, 50]]),
        )
        parts = VGroup(a, Text("·"), b, Text("="), c).arrange(RIGHT, buff=0.4)
        self.play(FadeIn(a, b, parts[1]), run_time=0.4)
        row = SurroundingRectangle(a[0][:2], color=YELLOW, buff=0.15)
        column = SurroundingRectangle(VGroup(b[0][0], b[0][2]), color=YELLOW, buff=0.15)
        self.play(Create(row), Create(column), run_time=0.4)
        self.play(Write(parts[3]), FadeIn(c), run_time=0.4)
        self.play(Indicate(c[0][0]), run_time=0.5)
        self.wait(0.3)


class PlainTable(Scene):
    """Manim's Table with row and column labels, an entry highlighted, and a row coloured."""

    def construct(self):
        table = Table(
            [["12", "7", "31"], ["8", "15", "22"]],
            row_labels=[Text("A"), Text("B")],
            col_labels=[Text("x"), Text("y"), Text("z")],
            include_outer_lines=True,
        ).scale(0.8)
        self.play(table.create(), run_time=0.8)
        table.add_highlighted_cell((2, 3), color=GREEN_E)
        self.wait(0.3)
        self.play(table.get_rows()[2].animate.set_color(YELLOW), run_time=0.3)
        self.wait(0.3)


class TableTooWide(Scene):
    """A table that is wider than the picture."""

    def construct(self):
        words = ["alphabetical", "chronological", "hierarchical", "topological"]
        table = Table([words, words[::-1]]).scale(0.9)
        self.play(FadeIn(table), run_time=0.4)  # expect: text-outside, text-outside
        self.wait(0.3)


class HighlightTooLight(Scene):
    """A cell is highlighted in a colour in which its white entry vanishes."""

    def construct(self):
        table = MobjectTable(
            [[Text("0.82"), Text("0.11")], [Text("0.05"), Text("0.02")]], include_outer_lines=True
        )
        self.play(FadeIn(table), run_time=0.4)
        cell = table.get_highlighted_cell((1, 1), color=YELLOW_A)
        table.add_to_back(cell)
        self.wait(0.4)  # expect: low-contrast


class ArrayWithPointer(Scene):
    """An array of cells with indices below, a pointer above, and a swap."""

    def construct(self):
        values = [5, 2, 9, 1, 7]
        cells = VGroup(*[VGroup(Square(1.1), Text(str(v), font_size=40)) for v in values])
        cells.arrange(RIGHT, buff=0)
        indices = VGroup(
            *[
                Text(str(i), font_size=22, color=GREY_B).next_to(c, DOWN)
                for i, c in enumerate(cells)
            ]
        )
        pointer = Triangle(fill_opacity=1, color=YELLOW).scale(0.2).rotate(PI).next_to(cells[0], UP)
        self.play(FadeIn(cells, indices), FadeIn(pointer), run_time=0.4)
        for i in range(1, 4):
            self.play(pointer.animate.next_to(cells[i], UP), run_time=0.25)
        self.play(Swap(cells[1], cells[3]), run_time=0.6)
        self.play(cells[0][0].animate.set_fill(GREEN, 0.5), run_time=0.3)
        self.wait(0.3)


class GridOfSwatches(Scene):
    """Squares in all colours, their names in black or white, whichever can be read."""

    def construct(self):
        swatches = VGroup()
        for name, color, ink in (
            ("red", RED, BLACK),
            ("gold", GOLD, BLACK),
            ("green", GREEN, BLACK),
            ("blue", BLUE, BLACK),
            ("navy", DARK_BLUE, WHITE),
            ("grey", DARK_GREY, WHITE),
            ("wine", "#6b1023", WHITE),
            ("white", WHITE, BLACK),
        ):
            box = Square(1.7, fill_color=color, fill_opacity=1, stroke_width=0)
            swatches.add(VGroup(box, Text(name, font_size=30, color=ink)))
        swatches.arrange_in_grid(2, 4, buff=0.3)
        self.play(LaggedStartMap(GrowFromCenter, swatches), run_time=0.7)
        self.wait(0.4)


class SwatchesInWhite(Scene):
    """The names are white on all colours; on two of them they cannot be read."""

    def construct(self):
        swatches = VGroup()
        for name, color in (
            ("yellow", YELLOW),
            ("teal", TEAL_A),
            ("maroon", MAROON_E),
            ("navy", "#102040"),
        ):
            box = Square(2.2, fill_color=color, fill_opacity=1, stroke_width=0)
            swatches.add(VGroup(box, Text(name, font_size=30)))
        swatches.arrange(RIGHT, buff=0.4)
        self.play(FadeIn(swatches), run_time=0.4)  # expect: low-contrast, low-contrast
        self.wait(0.4)
