from manim import *


def node(text, color=BLUE, width=2.4, height=1.0):
    box = RoundedRectangle(width=width, height=height, corner_radius=0.15, color=color)
    box.set_fill(color, 0.2)
    return VGroup(box, Text(text, font_size=28).move_to(box))


class FlowChart(Scene):
    """Boxes, a diamond, and arrows between them, with yes and no beside the arrows."""

    def construct(self):
        start = node("start", GREEN).move_to(3 * UP)
        ask = VGroup(Square(1.3, color=YELLOW).rotate(PI / 4), Text("ok?", font_size=28))
        ask.move_to(0.6 * UP)
        good, bad = (
            node("ship it").move_to([-4, -2.4, 0]),
            node("fix it", RED).move_to([4, -2.4, 0]),
        )
        arrows = VGroup(
            Arrow(start.get_bottom(), ask.get_top(), buff=0.1),
            Arrow(ask.get_left(), good.get_top(), buff=0.1),
            Arrow(ask.get_right(), bad.get_top(), buff=0.1),
        )
        tags = VGroup(
            Text("yes", font_size=24).move_to([-3.0, 0.2, 0]),
            Text("no", font_size=24).move_to([3.0, 0.2, 0]),
        )
        self.play(FadeIn(start, ask, good, bad), run_time=0.4)
        self.play(*[GrowArrow(a) for a in arrows], FadeIn(tags), run_time=0.5)
        self.wait(0.3)


class ArrowAcrossABox(Scene):
    """An arrow from the first to the third box is drawn straight through the second."""

    def construct(self):
        boxes = VGroup(node("client"), node("proxy"), node("server")).arrange(RIGHT, buff=1.5)
        self.play(FadeIn(boxes), run_time=0.4)
        y = 0.3 * UP
        arrow = Arrow(boxes[0].get_right() + y, boxes[2].get_left() + y, buff=0.1, color=YELLOW)
        self.play(GrowArrow(arrow), run_time=0.4)  # expect: line-through-box
        self.wait(0.3)


class ArrowThroughBoxAndWord(Scene):
    """An arrow runs through a box and the word in it: one fault, not two."""

    def construct(self):
        boxes = VGroup(node("client"), node("proxy"), node("server")).arrange(RIGHT, buff=1.5)
        self.play(FadeIn(boxes), run_time=0.4)
        arrow = Arrow(boxes[0].get_right(), boxes[2].get_left(), buff=0.1, color=YELLOW)
        self.play(GrowArrow(arrow), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class Sequence(Scene):
    """A sequence diagram: life lines, messages across a third one's line, names upon messages."""

    def construct(self):
        heads = (
            VGroup(node("browser"), node("cache"), node("origin"))
            .arrange(RIGHT, buff=2)
            .to_edge(UP)
        )
        lives = VGroup(*[DashedLine(h.get_bottom(), h.get_bottom() + 4.6 * DOWN) for h in heads])
        self.play(FadeIn(heads), Create(lives), run_time=0.5)
        for i, (a, b, text) in enumerate(((0, 1, "GET /"), (1, 2, "miss"), (2, 0, "200 OK"))):
            y = 1.2 - 1.3 * i
            start, end = heads[a].get_center()[0], heads[b].get_center()[0]
            arrow = Arrow([start, y, 0], [end, y, 0], buff=0.1, color=GREEN)
            name = Text(text, font_size=24).move_to(
                [(start + end) / 2 + (1.1 if i == 2 else 0), y + 0.3, 0]
            )
            self.play(GrowArrow(arrow), FadeIn(name), run_time=0.35)
        self.wait(0.3)


class Timeline(Scene):
    """A line with dots on it, years below and events above."""

    def construct(self):
        line = Line(6 * LEFT, 6 * RIGHT, color=GREY_B)
        self.play(Create(line), run_time=0.4)
        for x, year, event in (
            (-4.5, 1969, "landing"),
            (-1, 1981, "shuttle"),
            (2.2, 1998, "station"),
            (5, 2021, "rover"),
        ):
            dot = Circle(radius=0.15, color=YELLOW, fill_opacity=1).move_to([x, 0, 0])
            below = Text(str(year), font_size=28).next_to(dot, DOWN)
            above = Text(event, font_size=28).next_to(dot, UP, buff=0.6)
            stem = Line(dot.get_top(), above.get_bottom() + 0.1 * DOWN, stroke_width=2)
            self.play(FadeIn(dot, below), Create(stem), FadeIn(above), run_time=0.4)
        self.wait(0.3)


class TimelineThroughYears(Scene):
    """The years stand on the line itself."""

    def construct(self):
        line = Line(6 * LEFT, 6 * RIGHT, color=GREY_B, stroke_width=6)
        self.play(Create(line), run_time=0.4)
        year = Text("1969", font_size=36).move_to([-4, 0, 0])
        self.play(FadeIn(year), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class SpeechBubble(Scene):
    """A bubble made of an ellipse and a triangle, filled with the background's colour."""

    def construct(self):
        self.camera.background_color = "#fff8e7"
        face = Circle(radius=0.8, color=BLACK).move_to([-4, -1.5, 0])
        eyes = VGroup(
            Dot(color=BLACK).move_to([-4.3, -1.3, 0]), Dot(color=BLACK).move_to([-3.7, -1.3, 0])
        )
        bubble = Ellipse(width=5, height=2, color=BLACK, fill_color=WHITE, fill_opacity=1)
        bubble.move_to([0, 1, 0])
        tail = Polygon(
            [-2, 0.4, 0],
            [-1.4, 0.2, 0],
            [-3, -0.7, 0],
            color=BLACK,
            fill_color=WHITE,
            fill_opacity=1,
        )
        words = Text("What is a cache?", font_size=32, color=BLACK).move_to(bubble)
        self.play(FadeIn(face, eyes), run_time=0.3)
        self.play(FadeIn(tail, bubble), run_time=0.3)
        self.play(Write(words), run_time=0.4)
        self.wait(0.3)


class BubbleTooSmall(Scene):
    """The words are wider than their bubble: its outline runs through them."""

    def construct(self):
        bubble = Ellipse(width=4, height=2, color=WHITE)
        words = Text("What on earth is a cache?", font_size=36)
        self.play(Create(bubble), run_time=0.4)
        self.play(Write(words), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class BracesAndSizes(Scene):
    """Braces under and beside a bar with their texts, and a double arrow for a length."""

    def construct(self):
        bar = VGroup(
            *[
                Rectangle(width=w, height=1, fill_opacity=0.6, color=c)
                for w, c in ((3, BLUE), (5, GREEN), (2, RED))
            ]
        )
        bar.arrange(RIGHT, buff=0)
        braces = VGroup(*[Brace(part, DOWN) for part in bar])
        tags = VGroup(
            *[
                Text(t, font_size=28).next_to(b, DOWN)
                for t, b in zip(("30 %", "50 %", "20 %"), braces)
            ]
        )
        span = DoubleArrow(bar.get_corner(UL) + 0.4 * UP, bar.get_corner(UR) + 0.4 * UP, buff=0)
        total = Text("100 %", font_size=30).next_to(span, UP, buff=0.1)
        self.play(FadeIn(bar), run_time=0.3)
        self.play(GrowFromCenter(braces), FadeIn(tags), run_time=0.5)
        self.play(GrowFromCenter(span), FadeIn(total), run_time=0.4)
        self.wait(0.3)


class Stage(VGroup):
    """A box that knows its own text as a string."""

    def __init__(self, text, color=BLUE):
        super().__init__()
        self.text = text
        self.box = RoundedRectangle(corner_radius=0.15, width=2.4, height=1, color=color)
        self.add(self.box, Text(text, font_size=30).move_to(self.box))


class StagesCrossed(Scene):
    """Boxes of an own class: an arrow goes through one beside its word, a line through the word."""

    def construct(self):
        first, second, third = (Stage(text) for text in ("lex", "ir", "asm"))
        VGroup(first, second, third).arrange(RIGHT, buff=2).shift(UP)
        self.add(first, second, third)
        self.wait(0.3)
        starts, ends = (stage.box.get_critical_point for stage in (first, third))
        arrow = Arrow(starts(RIGHT) + 0.33 * UP, ends(LEFT) + 0.33 * UP, buff=0.1, color=RED)
        self.play(GrowArrow(arrow), run_time=0.4)  # expect: line-through-box
        self.wait(0.3)
        line = Line(starts(RIGHT), ends(LEFT), color=YELLOW, stroke_width=5)
        self.play(Create(line), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class Lanes(Scene):
    """Lanes with names, boxes in them, and an arrow from the first lane to the third."""

    def construct(self):
        lanes = VGroup(*[Rectangle(width=12, height=2, color=GREY) for _ in range(3)]).arrange(
            DOWN, buff=0
        )
        names = VGroup(
            *[
                Text(n, font_size=26).next_to(l.get_left(), RIGHT)
                for n, l in zip(("sales", "stock", "depot"), lanes)
            ]
        )
        order = node("order").move_to(lanes[0]).shift(LEFT)
        send = node("send").move_to(lanes[2]).shift(2.5 * RIGHT)
        look = node("look up").move_to(lanes[1]).shift(2 * LEFT)
        self.play(Create(lanes), FadeIn(names), run_time=0.4)
        self.play(FadeIn(order, look, send), run_time=0.3)
        self.play(
            GrowArrow(Arrow(order.get_bottom() + RIGHT * 0.8, send.get_top(), buff=0.1)),
            run_time=0.4,
        )
        self.wait(0.3)


class Venn(Scene):
    """Two circles that overlap, names in them, and an arrow to what they share."""

    def construct(self):
        a = Circle(radius=2, color=BLUE, fill_opacity=0.3).shift(1.2 * LEFT)
        b = Circle(radius=2, color=RED, fill_opacity=0.3).shift(1.2 * RIGHT)
        names = VGroup(
            Text("cats", font_size=32).move_to([-2.1, 0, 0]),
            Text("dogs", font_size=32).move_to([2.1, 0, 0]),
        )
        self.play(Create(a), Create(b), run_time=0.4)
        self.play(Write(names), run_time=0.4)
        both = Text("pets", font_size=30).move_to([4.9, 2.6, 0])
        self.play(
            FadeIn(both), GrowArrow(Arrow(both.get_left(), [0.2, 0.6, 0], buff=0.1)), run_time=0.4
        )
        self.wait(0.3)
