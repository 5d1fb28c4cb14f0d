from manim import *


class Keyboard(Scene):
    """Keys with letters, one pressed, small hints at a corner of the keys."""

    def construct(self):
        rows = VGroup()
        for k, row in enumerate(("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")):
            keys = VGroup(
                *[
                    VGroup(
                        RoundedRectangle(
                            width=0.95,
                            height=0.95,
                            corner_radius=0.12,
                            color=GREY_B,
                            fill_color=GREY_E,
                            fill_opacity=1,
                        ),
                        Text(c, font_size=32),
                    )
                    for c in row
                ]
            ).arrange(RIGHT, buff=0.1)
            rows.add(keys)
        rows.arrange(DOWN, buff=0.1)
        self.play(FadeIn(rows), run_time=0.4)
        for r, c in ((0, 2), (1, 3), (2, 4)):
            self.play(
                rows[r][c][0].animate.set_fill(YELLOW_E), run_time=0.35
            )  # expect: low-contrast, low-contrast, low-contrast
        self.wait(0.3)


class HashRing(Scene):
    """Servers and keys on a ring; arcs with tips from keys to servers, outside."""

    def construct(self):
        ring = Circle(2.2, color=GREY_B)
        self.play(Create(ring), run_time=0.4)
        for k, n in enumerate(("A", "B", "C", "D")):
            p = ring.point_at_angle(k * PI / 2 + 0.4)
            node = VGroup(
                Circle(0.35, color=BLUE, fill_color=BLUE_E, fill_opacity=1), Text(n, font_size=28)
            ).move_to(p)
            self.play(FadeIn(node), run_time=0.3)
        for a in (1.0, 2.6, 4.1):
            key = Dot(ring.point_at_angle(a), color=YELLOW)
            self.play(
                FadeIn(key),
                FadeIn(Text(f"k{int(a)}", font_size=24).move_to(ring.point_at_angle(a) * 1.25)),
                run_time=0.3,
            )
        self.wait(0.3)


class HashRingChord(Scene):
    """An arrow cuts through a server that lies between; white on this green is too faint, too."""

    def construct(self):
        def node(n, p):
            return VGroup(
                Circle(0.45, color=GREEN, fill_color=GREEN_E, fill_opacity=1), Text(n, font_size=28)
            ).move_to(p)

        a, b, c = node("s1", 4 * LEFT), node("s2", ORIGIN), node("s3", 4 * RIGHT)
        self.add(a, b, c)
        self.wait(0.3)  # expect: low-contrast, low-contrast, low-contrast
        arrow = Arrow(a.get_right() + 0.25 * UP, c.get_left() + 0.25 * UP, buff=0.05, color=RED)
        self.play(GrowArrow(arrow), run_time=0.4)  # expect: line-through-box
        self.wait(0.3)


class BPlusTree(Scene):
    """Nodes of three keys, pointers from between keys, leaves linked."""

    def construct(self):
        def node(keys):
            return VGroup(
                *[
                    VGroup(
                        Rectangle(width=0.8, height=0.6, color=BLUE_C), Text(str(k), font_size=26)
                    )
                    for k in keys
                ]
            ).arrange(RIGHT, buff=0)

        root = node((30, 60)).move_to(2.4 * UP)
        leaves = (
            VGroup(node((5, 12, 20)), node((30, 41, 55)), node((60, 77)))
            .arrange(RIGHT, buff=1.0)
            .move_to(0.6 * DOWN)
        )
        self.play(FadeIn(root), run_time=0.4)
        links = VGroup(
            *[
                Arrow(p, l.get_top(), buff=0.05, stroke_width=3, max_tip_length_to_length_ratio=0.1)
                for p, l in zip(
                    (root.get_corner(DL), root.get_bottom(), root.get_corner(DR)), leaves
                )
            ]
        )
        chain = VGroup(
            *[
                Arrow(leaves[i].get_right(), leaves[i + 1].get_left(), buff=0.05, color=YELLOW)
                for i in (0, 1)
            ]
        )
        self.play(FadeIn(leaves), Create(links), run_time=0.5)
        self.play(Create(chain), run_time=0.4)
        self.play(Circumscribe(leaves[1][1]), run_time=0.6)
        self.wait(0.3)


class BPlusTreeSplitWrong(Scene):
    """After the split, the new key is laid over the old one."""

    def construct(self):
        cells = VGroup(
            *[VGroup(Square(0.9, color=BLUE_C), Text(str(k), font_size=32)) for k in (12, 20, 33)]
        ).arrange(RIGHT, buff=0)
        self.add(cells)
        self.wait(0.3)
        new = Text("18", font_size=32, color=YELLOW).move_to([-3, 2, 0])
        self.play(FadeIn(new), run_time=0.3)
        self.play(
            new.animate.move_to(cells[1].get_center() + 0.1 * RIGHT), run_time=0.5
        )  # expect: text-overlap
        self.wait(0.3)


class CommitGraph(Scene):
    """Commits on two branches, merge curves, tags beside."""

    def construct(self):
        main = [Dot([x, 0.8, 0], radius=0.14, color=BLUE) for x in (-5, -3, -1, 1, 3, 5)]
        side = [Dot([x, -0.8, 0], radius=0.14, color=ORANGE) for x in (-1, 1)]
        lines = VGroup(
            *[Line(a.get_center(), b.get_center(), color=BLUE) for a, b in zip(main, main[1:])],
            Line(side[0].get_center(), side[1].get_center(), color=ORANGE),
            CubicBezier(
                main[1].get_center(),
                [-2, 0.8, 0],
                [-2, -0.8, 0],
                side[0].get_center(),
                color=ORANGE,
            ),
            CubicBezier(
                side[1].get_center(), [2, -0.8, 0], [2, 0.8, 0], main[4].get_center(), color=ORANGE
            ),
        )
        self.play(Create(lines), run_time=0.5)
        self.play(FadeIn(VGroup(*main, *side)), run_time=0.4)
        tags = VGroup(
            Text("v1.0", font_size=24).next_to(main[0], UP),
            Text("v1.1", font_size=24).next_to(main[4], UP),
            Text("feature", font_size=24, color=ORANGE).next_to(side[0], DOWN),
        )
        self.play(FadeIn(tags), run_time=0.4)
        self.wait(0.3)


class Handshake(Scene):
    """A sequence diagram with activation boxes and slanted messages."""

    def construct(self):
        xs = (-3.5, 3.5)
        heads = VGroup(
            *[
                VGroup(Rectangle(width=2.2, height=0.7, color=TEAL), Text(n, font_size=28)).move_to(
                    [x, 3, 0]
                )
                for x, n in zip(xs, ("client", "server"))
            ]
        )
        lives = VGroup(*[DashedLine([x, 2.6, 0], [x, -3.2, 0], color=GREY) for x in xs])
        bars = VGroup(
            Rectangle(width=0.3, height=4, color=TEAL, fill_color=TEAL_E, fill_opacity=1).move_to(
                [xs[0], -0.3, 0]
            ),
            Rectangle(width=0.3, height=2.4, color=TEAL, fill_color=TEAL_E, fill_opacity=1).move_to(
                [xs[1], -0.2, 0]
            ),
        )
        self.play(FadeIn(heads), Create(lives), FadeIn(bars), run_time=0.5)
        for k, (a, b, t) in enumerate(((0, 1, "SYN"), (1, 0, "SYN-ACK"), (0, 1, "ACK"))):
            y = 1.4 - 1.3 * k
            s = 0.15 if a == 0 else -0.15
            arrow = Arrow(
                [xs[a] + s, y, 0],
                [xs[b] - s, y - 0.5, 0],
                buff=0,
                stroke_width=4,
                max_tip_length_to_length_ratio=0.05,
            )
            self.play(
                GrowArrow(arrow),
                FadeIn(Text(t, font_size=26).next_to(arrow.get_center(), UP, buff=0.3)),
                run_time=0.4,
            )
        self.wait(0.3)


class HandshakeTextOnArrow(Scene):
    """The name of a message is on the arrow itself."""

    def construct(self):
        lives = VGroup(*[DashedLine([x, 3, 0], [x, -3, 0], color=GREY) for x in (-4, 4)])
        arrow = Arrow([-4, 0, 0], [4, 0, 0], buff=0.1, color=BLUE)
        self.play(Create(lives), GrowArrow(arrow), run_time=0.4)
        name = Text("RST", font_size=32).move_to(arrow)
        self.play(FadeIn(name), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class Spreadsheet(Scene):
    """Cells of a spreadsheet with grey lines, a head row, a formula bar and a selection."""

    def construct(self):
        grid = VGroup(
            *[
                Line([-5.5, 2 - r * 0.7, 0], [5.5, 2 - r * 0.7, 0], color=GREY, stroke_width=1.5)
                for r in range(7)
            ],
            *[
                Line(
                    [-5.5 + c * 2.2, 2, 0], [-5.5 + c * 2.2, -2.2, 0], color=GREY, stroke_width=1.5
                )
                for c in range(6)
            ],
        )
        cells = VGroup(
            *[
                Text(t, font_size=24).move_to([-4.4 + c * 2.2, 1.65 - r * 0.7, 0])
                for r, row in enumerate(
                    (
                        ("item", "qty", "price", "tax", "sum"),
                        ("pen", "3", "1.20", "0.22", "4.26"),
                        ("ink", "1", "4.80", "0.91", "5.71"),
                    )
                )
                for c, t in enumerate(row)
            ]
        )
        bar = VGroup(
            Rectangle(width=11, height=0.7, color=GREY),
            Text("=B2*C2+D2", font_size=26, font="Monospace"),
        ).move_to(3 * UP)
        bar[1].align_to(bar[0], LEFT).shift(0.2 * RIGHT)
        self.play(Create(grid), FadeIn(cells), FadeIn(bar), run_time=0.5)
        select = Rectangle(width=2.2, height=0.7, color=GREEN, stroke_width=4).move_to(
            [4.4, 0.95, 0]
        )
        self.play(Create(select), run_time=0.3)
        self.play(select.animate.shift(0.7 * DOWN), run_time=0.4)
        self.wait(0.3)


class SpreadsheetLongCell(Scene):
    """A long text in a cell runs over the cell's border into the next one's text."""

    def construct(self):
        cells = VGroup(*[Rectangle(width=2.4, height=0.9, color=GREY_B) for _ in range(4)]).arrange(
            RIGHT, buff=0
        )
        words = [
            Text(t, font_size=28).move_to(c) for t, c in zip(("north", "12", "7", "ok"), cells)
        ]
        self.add(cells, *words)
        self.wait(0.3)
        long = (
            Text("south-east (new)", font_size=28)
            .align_to(cells[0], LEFT)
            .shift(0.9 * UP + 0.1 * RIGHT)
        )
        row = cells.copy().shift(0.9 * UP)
        self.play(FadeIn(row), FadeIn(long), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class ComicBubbles(Scene):
    """Speech, thought and shout bubbles with tails."""

    def construct(self):
        say = Union(
            Ellipse(width=4, height=2),
            Polygon([-0.6, -0.8, 0], [0, -0.8, 0], [-0.9, -1.7, 0]),
            color=BLACK,
            fill_color=WHITE,
            fill_opacity=1,
        ).shift(3.5 * LEFT + UP)
        self.play(
            FadeIn(say),
            FadeIn(
                Text("Who ate my\ncache?", font_size=30, color=BLACK).move_to(say).shift(0.3 * UP)
            ),
            run_time=0.4,
        )
        shout = Star(
            12, outer_radius=2, inner_radius=1.5, color=RED, fill_color=YELLOW, fill_opacity=1
        ).shift(3.2 * RIGHT + 0.8 * UP)
        self.play(
            GrowFromCenter(shout),
            FadeIn(Text("EVICTED!", font_size=34, color=BLACK, weight=BOLD).move_to(shout)),
            run_time=0.4,
        )
        think = VGroup(
            *[
                Circle(r, color=WHITE, fill_color=WHITE, fill_opacity=1).move_to(p)
                for r, p in (
                    (0.8, [0, -2.2, 0]),
                    (0.7, [-0.8, -2.3, 0]),
                    (0.7, [0.8, -2.3, 0]),
                    (0.2, [-1.6, -1.4, 0]),
                    (0.12, [-2.0, -1.0, 0]),
                )
            ]
        )
        self.play(
            FadeIn(think),
            FadeIn(Text("hmm …", font_size=32, color=BLACK).move_to([0, -2.2, 0])),
            run_time=0.4,
        )
        self.wait(0.3)


class ComicTextLeavesBubble(Scene):
    """What is said is wider than the bubble: white letters' ends cross its outline."""

    def construct(self):
        bubble = Ellipse(width=3.4, height=1.6, color=WHITE)
        tail = Line(bubble.get_bottom(), bubble.get_bottom() + DOWN + LEFT)
        self.play(Create(bubble), Create(tail), run_time=0.4)
        self.play(
            Write(Text("I was here first, sir", font_size=36).move_to(bubble)), run_time=0.5
        )  # expect: line-through-text
        self.wait(0.3)


class KaraokeSweep(Scene):
    """A line of a song that is coloured word by word; the next line is dimmed."""

    def construct(self):
        line = Text("row row row your boat", font_size=48).shift(0.6 * UP)
        nxt = Text("gently down the stream", font_size=40, color=GREY_B).shift(0.6 * DOWN)
        self.play(FadeIn(line), FadeIn(nxt), run_time=0.4)
        i = 0
        for word in ("row", "row", "row", "your", "boat"):
            self.play(line[i : i + len(word)].animate.set_color(YELLOW), run_time=0.3)
            i += len(word)
        self.play(
            FadeOut(line, shift=UP), nxt.animate.move_to(0.6 * UP).set_color(WHITE), run_time=0.5
        )
        self.wait(0.3)


class KaraokeBarAcross(Scene):
    """A bright thin cursor runs through the line and stays in it."""

    def construct(self):
        line = Text("twinkle twinkle little star", font_size=48)
        self.add(line)
        cursor = Line(0.6 * UP, 0.6 * DOWN, color=RED, stroke_width=6).move_to(5 * LEFT)
        self.play(FadeIn(cursor), run_time=0.3)
        self.play(
            cursor.animate.move_to(line[9].get_center()), run_time=0.5
        )  # expect: line-through-text
        self.wait(0.3)


class ProgressRings(Scene):
    """Rings that fill, with a number in the middle."""

    def construct(self):
        for k, (p, color) in enumerate(((0.75, GREEN), (0.4, ORANGE), (0.9, BLUE))):
            at = (k - 1) * 4 * RIGHT
            back = Annulus(1.0, 1.3, color=GREY_E, fill_opacity=1, stroke_width=0).move_to(at)
            arc = AnnularSector(
                1.0, 1.3, angle=-TAU * p, start_angle=PI / 2, color=color, fill_opacity=1
            ).move_arc_center_to(at)
            self.play(
                FadeIn(back),
                Create(arc),
                FadeIn(Text(f"{p:.0%}", font_size=36).move_to(at)),
                FadeIn(Text(("CPU", "GPU", "RAM")[k], font_size=28).move_to(at + 1.8 * DOWN)),
                run_time=0.5,
            )
        self.wait(0.3)


class ProgressRingTooSmall(Scene):
    """The number is larger than the hole: the ring's line runs through it."""

    def construct(self):
        ring = Circle(0.7, color=GREEN, stroke_width=14)
        self.play(Create(ring), run_time=0.4)
        self.play(
            FadeIn(Text("100 %", font_size=48).move_to(ring)), run_time=0.4
        )  # expect: line-through-text
        self.wait(0.3)


class TimelineAlternating(Scene):
    """Years at the line, texts alternately above and below, stalks between."""

    def construct(self):
        line = Arrow(
            6.5 * LEFT, 6.5 * RIGHT, buff=0, stroke_width=4, max_tip_length_to_length_ratio=0.02
        )
        self.play(GrowArrow(line), run_time=0.4)
        for k, (year, what) in enumerate(
            (
                ("1943", "neuron"),
                ("1958", "perceptron"),
                ("1986", "backprop"),
                ("2012", "AlexNet"),
                ("2017", "transformer"),
            )
        ):
            x, s = -5 + 2.4 * k, 1 if k % 2 else -1
            stalk = Line([x, 0.0, 0], [x, 1.2 * s, 0], color=GREY_B, stroke_width=2)
            text = (
                VGroup(Text(year, font_size=28, color=YELLOW), Text(what, font_size=26))
                .arrange(DOWN, buff=0.12)
                .move_to([x, 1.7 * s, 0])
            )
            self.play(Create(stalk), FadeIn(Dot([x, 0, 0])), FadeIn(text), run_time=0.35)
        self.wait(0.3)


class CodeWalk(Scene):
    """A listing with an arrow at the side that walks down, and a band behind a line."""

    def construct(self):
        code = Code(
            code_string="def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\n",
            language="python",
            background="window",
        )
        self.play(FadeIn(code), run_time=0.4)
        lines = code.code_lines
        arrow = Arrow(LEFT, ORIGIN, color=YELLOW).next_to(code, LEFT).match_y(lines[0])
        self.play(FadeIn(arrow), run_time=0.3)
        for k in (1, 2, 3):
            self.play(arrow.animate.match_y(lines[k]), run_time=0.3)
        band = BackgroundRectangle(lines[2], color=YELLOW, fill_opacity=0.2, buff=0.05)
        self.play(FadeIn(band), run_time=0.3)
        self.wait(0.3)


class CodeCommentOverCode(Scene):
    """A remark is written over a line of the listing."""

    def construct(self):
        code = Code(
            code_string="total = 0\nfor item in basket:\n    total += item.price\nprint(total)\n",
            language="python",
        )
        self.add(code)
        self.wait(0.3)
        note = Text("sum of all", font_size=30, color=YELLOW).move_to(
            code.code_lines[2].get_center()
        )
        self.play(FadeIn(note), run_time=0.4)  # expect: text-overlap
        self.wait(0.3)


class GuitarTab(Scene):
    """Strings with frets' numbers on small plates: the lines stop before them."""

    def construct(self):
        strings = VGroup(
            *[
                Line([-6, y, 0], [6, y, 0], stroke_width=2, color=GREY_B)
                for y in np.linspace(1.5, -1.5, 6)
            ]
        )
        self.play(Create(strings), run_time=0.4)
        for k, (s, f) in enumerate(((0, 3), (1, 0), (2, 2), (3, 2), (5, 0))):
            t = Text(str(f), font_size=28)
            p = VGroup(Square(0.42, stroke_width=0, fill_color=BLACK, fill_opacity=1), t).move_to(
                [-4.5 + 2 * k, strings[s].get_y(), 0]
            )
            self.play(FadeIn(p), run_time=0.3)
        self.wait(0.3)


class GuitarTabBare(Scene):
    """The fret's number without a plate is crossed by its string."""

    def construct(self):
        strings = VGroup(
            *[Line([-6, y, 0], [6, y, 0], stroke_width=3) for y in np.linspace(1.5, -1.5, 6)]
        )
        self.play(Create(strings), run_time=0.4)
        self.play(
            FadeIn(Text("12", font_size=30, color=YELLOW).move_to([0, strings[2].get_y(), 0])),
            run_time=0.4,
        )  # expect: line-through-text
        self.wait(0.3)


class ArrowIntoPicture(Scene):
    """An arrow through a picture that lies between two boxes."""

    def construct(self):
        img = ImageMobject(
            np.uint8([[[30, 60, 120], [40, 80, 160]], [[20, 40, 90], [60, 100, 190]]])
        ).scale_to_fit_width(2.4)
        left, right = [
            VGroup(Rectangle(width=2.2, height=1.6, color=ORANGE), Text(t, font_size=28)).move_to(
                [x, 0, 0]
            )
            for t, x in (("photo", -4.5), ("label", 4.5))
        ]
        self.add(left, right, img)
        self.wait(0.3)
        self.play(
            GrowArrow(Arrow(left.get_right(), right.get_left(), buff=0.1, color=YELLOW)),
            run_time=0.4,
        )  # expect: line-through-box
        self.wait(0.3)


class CircularText(Scene):
    """Letters set around a circle one by one, rotated, on a ring of dark blue."""

    def construct(self):
        ring = Annulus(1.9, 2.7, color=BLUE_E, fill_opacity=1, stroke_width=0)
        letters = VGroup(
            *[
                Text(c, font_size=40)
                .rotate(-k * TAU / 18)
                .move_to(2.3 * np.array([np.sin(k * TAU / 18), np.cos(k * TAU / 18), 0]))
                for k, c in enumerate("PAGEDATTENTION2023")
            ]
        )
        self.play(FadeIn(ring), FadeIn(letters), run_time=0.5)
        self.play(Rotate(letters, PI / 3, about_point=ORIGIN), run_time=0.6)
        self.wait(0.3)


class HaloOverGrid(Scene):
    """A word with a thick black line around its letters, above a grid: the grid stops before it."""

    def construct(self):
        grid = NumberPlane(background_line_style={"stroke_opacity": 0.4})
        word = (
            Text("origin", font_size=48)
            .set_stroke(BLACK, width=10, background=True)
            .shift(0.7 * UP + 1.6 * RIGHT)
        )
        self.add(grid)
        self.play(FadeIn(word), run_time=0.5)
        self.wait(0.3)


class GradientBand(Scene):
    """White text on a band from blue to pale: its end cannot be read."""

    def construct(self):
        band = (
            Rectangle(width=12, height=1.6, stroke_width=0)
            .set_fill([BLUE_E, WHITE], opacity=1)
            .set_sheen_direction(RIGHT)
        )
        self.add(band)
        self.wait(0.3)
        self.play(
            FadeIn(Text("from the deep sea to the sky", font_size=48)), run_time=0.4
        )  # expect: low-contrast
        self.wait(0.3)


class GradientBandDark(Scene):
    """White text on a band from dark blue to dark purple."""

    def construct(self):
        band = (
            Rectangle(width=12, height=1.6, stroke_width=0)
            .set_fill([ManimColor("#0b2038"), ManimColor("#3a1050")], opacity=1)
            .set_sheen_direction(RIGHT)
        )
        self.add(band, Text("from the deep sea to the night", font_size=48))
        self.wait(0.5)


class PlatesStacked(Scene):
    """Cards in a pile, each covering the one before; the upper one alone is read."""

    def construct(self):
        for k, t in enumerate(("draft 1", "draft 2", "final")):
            card = VGroup(
                Rectangle(width=5, height=3, color=WHITE, fill_color=GREY_E, fill_opacity=1),
                Text(t, font_size=48),
            ).shift(0.05 * k * UR)
            self.play(FadeIn(card, shift=DOWN), run_time=0.4)
        self.wait(0.3)


class StickerOverWord(Scene):
    """A star is stuck onto the end of a word."""

    def construct(self):
        w = Text("discounted", font_size=72)
        self.add(w)
        self.wait(0.3)
        self.play(
            GrowFromCenter(
                Star(5, outer_radius=0.9, color=RED, fill_opacity=1).move_to(
                    w.get_right() + 0.3 * LEFT
                )
            ),
            run_time=0.4,
        )  # expect: text-overlap
        self.wait(0.3)


class BlinkingCursor(Scene):
    """A cursor that blinks for two seconds at the end of a line, and a line typed by letters."""

    def construct(self):
        t = Text("> make render", font="Monospace", font_size=40).to_edge(LEFT)
        cursor = Rectangle(width=0.3, height=0.6, fill_opacity=1, color=GREEN).next_to(t, RIGHT)
        self.play(AddTextLetterByLetter(t, time_per_char=0.05))
        for _ in range(4):
            self.add(cursor)
            self.wait(0.25)
            self.remove(cursor)
            self.wait(0.25)
        self.wait(0.2)


class WordShownTwiceShort(Scene):
    """A warning blinks twice for 0.1 s each, and is gone."""

    def construct(self):
        self.add(Circle(1.5))
        self.wait(0.4)
        w = Text("LOW BATTERY", font_size=60, color=RED_A).to_edge(DOWN)
        for _ in range(2):
            self.add(w)
            self.wait(0.1)  # expect: too-short
            self.remove(w)
            self.wait(0.3)
        self.wait(1.2)


class WeatherStorm(Scene):
    """Lightning: the whole picture flashes white six times within a second."""

    def construct(self):
        sky = FullScreenRectangle(fill_color=GREY_E, fill_opacity=1, stroke_width=0)
        self.add(sky)
        self.wait(0.4)
        for _ in range(6):
            sky.set_fill(WHITE)
            self.wait(0.08)  # expect: flash
            sky.set_fill(BLACK)
            self.wait(0.08)
        self.wait(0.4)
