"""Texts, code, tables and numbers."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    GRAY,
    GREEN,
    LEFT,
    RED,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    AddTextLetterByLetter,
    Code,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    Integer,
    LaggedStart,
    MarkupText,
    ReplacementTransform,
    Scene,
    SurroundingRectangle,
    Table,
    Text,
    TransformMatchingShapes,
    ValueTracker,
    VGroup,
    Write,
    linear,
)

_PROGRAM = """\
def search(items, wanted):
    low, high = 0, len(items)
    while low < high:
        middle = (low + high) // 2
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low
"""


class TitleCards(Scene):
    """Three cards with a title and a line below."""

    def construct(self) -> None:
        for title, line in (
            ("Rivers", "Where they begin"),
            ("Lakes", "Where they rest"),
            ("Seas", "Where they end"),
        ):
            card = VGroup(Text(title, font_size=80), Text(line, font_size=36, color=GRAY))
            card.arrange(DOWN, buff=0.5)
            self.play(Write(card[0]))
            self.play(FadeIn(card[1], shift=UP))
            self.wait(1.5)
            self.play(FadeOut(card))


class CodeWalk(Scene):
    """A program whose lines are pointed at in turn."""

    def construct(self) -> None:
        code = Code(code_string=_PROGRAM, language="python").scale(0.9)
        self.play(Write(code), run_time=2)
        lines = code.code_lines
        frame = SurroundingRectangle(lines[0], buff=0.05)
        self.play(Create(frame))
        for line in lines[1:]:
            self.play(frame.animate.become(SurroundingRectangle(line, buff=0.05)), run_time=0.5)
            self.wait(0.5)
        self.play(FadeOut(code, frame))


class TableOfTimes(Scene):
    """A table that is filled row by row."""

    def construct(self) -> None:
        rows = [[f"{9 + row}:{10 * column:02}" for column in range(5)] for row in range(5)]
        names = [Text(name) for name in ("North", "East", "South", "West", "Centre")]
        table = Table(rows, row_labels=names, include_outer_lines=True).scale(0.55)
        self.play(Create(table.get_horizontal_lines()), Create(table.get_vertical_lines()))
        self.play(FadeIn(table.get_labels()))
        for row in table.get_entries_without_labels().split()[::5]:
            self.play(Write(row), run_time=0.5)
        self.play(FadeIn(table.get_entries()))
        self.play(Indicate(table.get_entries((3, 3))))
        self.wait()


class CountingDigits(Scene):
    """A large number that counts to 10,000, and two small ones."""

    def construct(self) -> None:
        count = ValueTracker(0)
        large = Integer(0, mob_class=Text, font_size=120)
        small = Integer(0, mob_class=Text, font_size=60, color=BLUE).shift(2 * DOWN + 2 * LEFT)
        other = Integer(0, mob_class=Text, font_size=60, color=RED).shift(2 * DOWN + 2 * RIGHT)
        for number, factor in ((large, 1.0), (small, 0.5), (other, 0.1)):
            number.add_updater(lambda it, by=factor: it.set_value(by * count.get_value()))
        self.add(Text("Steps", font_size=48).shift(2 * UP), large, small, other)
        self.play(count.animate.set_value(10_000), run_time=5, rate_func=linear)
        self.wait()


class LongRead(Scene):
    """Paragraphs that stay for long: most of the video stands still."""

    def construct(self) -> None:
        for words in (
            "A page holds sixteen tokens.\nIts place may be anywhere.",
            "A table says where it is.\nNothing is moved.",
        ):
            text = Text(words, font_size=44, line_spacing=1.2)
            self.play(FadeIn(text))
            self.wait(6)
            self.play(FadeOut(text))


class Ticker(Scene):
    """One line of text that runs through the picture."""

    def construct(self) -> None:
        line = Text("Rain in the north, sun in the south, and fog in between all day", font_size=54)
        self.add(line.shift(12 * RIGHT))
        self.play(line.animate.shift(24 * LEFT), run_time=6, rate_func=linear)


class Bullets(Scene):
    """A list whose points come one after another."""

    def construct(self) -> None:
        points = VGroup(
            *(
                MarkupText(f'<span foreground="yellow">{number}.</span> {words}', font_size=40)
                for number, words in enumerate(
                    ("Boil the water", "Warm the pot", "Add the tea", "Wait", "Pour"), 1
                )
            )
        ).arrange(DOWN, aligned_edge=LEFT, buff=0.5)
        self.play(LaggedStart(*(FadeIn(each, shift=RIGHT) for each in points), lag_ratio=0.5))
        for point in points:
            self.play(Indicate(point, color=GREEN))
        self.wait()


class Anagram(Scene):
    """Letters that change places, and typed ones."""

    def construct(self) -> None:
        first, second = Text("the morse code", font_size=64), Text("here come dots", font_size=64)
        self.play(Write(first))
        self.play(TransformMatchingShapes(first, second), run_time=2)
        typed = Text("and dashes", font_size=48, color=YELLOW).next_to(second, DOWN)
        self.play(AddTextLetterByLetter(typed, time_per_char=0.1))
        self.play(ReplacementTransform(typed, Text("- - -", font_size=64).move_to(typed)))
        self.wait()
        self.play(second.animate.set_color(WHITE).scale(0.5))
