from manim import *


class SudokuDigitOnLines(Scene):
    """A digit is moved to the corner of four cells, each of which draws the lines between them."""

    def construct(self):
        grid = VGroup(*[Square(1.2) for _ in range(9)]).arrange_in_grid(3, 3, buff=0)
        digit = Text("4", font_size=48).move_to(grid[3])
        self.play(FadeIn(grid, digit), run_time=0.4)
        self.play(
            digit.animate.move_to(grid[4].get_corner(UL)), run_time=0.4
        )  # expect: line-through-text
        self.wait(0.3)


class CheckerboardWithoutLines(Scene):
    """Cells whose lines have the colour of the cells: a title runs over them."""

    def construct(self):
        cells = VGroup(*[Square(1.2, color=BLUE_E, fill_opacity=1) for _ in range(15)])
        cells.arrange_in_grid(3, 5, buff=0)
        self.play(FadeIn(cells, Text("all of one colour", font_size=40)), run_time=0.4)
        self.wait(0.3)


class ValuesOnTheWire(Scene):
    """A wire runs through the gap between the words of a value, and between a and its exponent."""

    def construct(self):
        loop = Rectangle(width=8, height=4)
        self.play(Create(loop), run_time=0.4)
        value = Text("100 nF", font_size=36).move_to(loop.get_right())
        self.play(Write(value), run_time=0.4)  # expect: line-through-text
        side = Text("a²", font_size=60)
        self.play(Write(side), run_time=0.4)
        gap = (side[0].get_right() + side[1].get_left()) / 2
        self.play(Create(Line(gap + DL, gap + UR)), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class WordsInBoxes(Scene):
    """Boxes around words of a line: their sides stand between the words."""

    def construct(self):
        line = Text("pay attention to this", font_size=48)
        self.play(Write(line), run_time=0.4)
        boxes = VGroup(*[SurroundingRectangle(line[a:b], buff=0.06) for a, b in ((0, 3), (3, 12))])
        self.play(Create(boxes), run_time=0.4)
        self.wait(0.3)


class Cancelled(Scene):
    """Factors are cancelled and a word is struck out by lines from corner to corner, or across."""

    def construct(self):
        formula = Text("3·x / 3·y", font_size=90).shift(UP)
        self.play(Write(formula), run_time=0.4)
        strokes = [Line(formula[i].get_corner(DL), formula[i].get_corner(UR)) for i in (0, 4)]
        self.play(Create(VGroup(*strokes).set_color(RED)), run_time=0.4)
        word = Text("wrong", font_size=60).shift(DOWN)
        self.play(Write(word), run_time=0.4)
        self.play(Create(Line(word.get_left(), word.get_right(), color=RED)), run_time=0.4)
        self.wait(0.3)


class UnderlineTooHigh(Scene):
    """An underline as long as its word, through the feet of the letters; and one beyond a word."""

    def construct(self):
        word = Text("wrong", font_size=60).shift(UP)
        low = word.get_bottom() + 0.22 * UP
        stroke = Line(word.get_left(), word.get_right(), color=RED).set_y(low[1])
        self.play(Write(word), run_time=0.4)
        self.play(Create(stroke), run_time=0.4)  # expect: line-through-text
        other = Text("across", font_size=60).shift(DOWN)
        self.play(Write(other), run_time=0.4)
        beyond = Line(other.get_left() + LEFT, other.get_right() + RIGHT)
        self.play(Create(beyond), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class TableOverTitle(Scene):
    """A table lies over a title, with its lines and its numbers: that is one fault."""

    def construct(self):
        title = Text("Results of all runs", font_size=44).to_edge(UP)
        self.play(Write(title), run_time=0.4)
        numbers = [[str(i * j) for i in range(1, 5)] for j in range(1, 6)]
        table = Table(numbers, include_outer_lines=True).shift(0.25 * UP)
        self.play(FadeIn(table), run_time=0.4)  # expect: text-overlap
        self.wait(0.3)


class Slogan(Scene):
    """The second of three words stands for a fifth of a second."""

    def construct(self):
        words = [Text(word, font_size=100) for word in ("Think.", "Build.", "Ship.")]
        self.add(words[0])
        self.wait(0.6)
        self.remove(words[0])
        self.add(words[1])
        self.wait(0.2)  # expect: too-short
        self.remove(words[1])
        self.add(words[2])
        self.wait(0.6)


class Decrypted(Scene):
    """Letters that are made up until a word stands there, a word that is typed, and a number."""

    def construct(self):
        shown = [*("XQZTA", "HKPRO", "HELMU", "HELLO") * 2, *"1234", "W", "We", "We a", "We are"]
        for text in shown:
            word = Text(text, font_size=100)
            self.add(word)
            self.wait(0.2 if len(text) < 5 else 0.1)
            self.remove(word)


class MinusSigns(Scene):
    """A gutter with signs as large as the code beside them, and a sign that is too small."""

    def construct(self):
        code = Text("return 3.14", font_size=26).shift(UP)
        sign = Text("-", font_size=26).next_to(code, LEFT)
        self.play(FadeIn(code, sign), run_time=0.4)
        self.play(FadeIn(Text("-", font_size=12)), run_time=0.4)  # expect: text-too-small
        self.wait(0.3)
