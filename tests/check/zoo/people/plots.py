from manim import *


class ParabolaWithTangent(Scene):
    """A tangent runs along a parabola; a secant, a moving dot and a label that follows."""

    def construct(self):
        axes = Axes(x_range=[-3, 3], y_range=[-1, 9, 2], x_length=9, y_length=6)
        graph = axes.plot(lambda x: x**2, color=BLUE)
        title = Text("f(x) = x²", font_size=36).to_corner(UL)
        self.play(Create(axes), Write(title), run_time=0.6)
        self.play(Create(graph), run_time=0.6)
        t = ValueTracker(-2)
        dot = always_redraw(lambda: Dot(axes.c2p(t.get_value(), t.get_value() ** 2), color=YELLOW))
        tangent = always_redraw(
            lambda: axes.get_secant_slope_group(
                t.get_value(), graph, dx=0.01, secant_line_length=4, secant_line_color=GREEN
            )
        )
        self.add(tangent, dot)
        self.play(t.animate.set_value(2), run_time=1)
        self.wait(0.5)


class AreaUnderCurve(Scene):
    """An area and Riemann rectangles behind a curve, with a label inside of the area."""

    def construct(self):
        axes = Axes(x_range=[0, 5], y_range=[0, 6], x_length=10, y_length=5.5, tips=False)
        curve = axes.plot(lambda x: 4 * x - x**2 + 0.5, x_range=[0, 4], color=BLUE_C)
        bars = axes.get_riemann_rectangles(curve, x_range=[0.2, 2], dx=0.2, fill_opacity=0.5)
        area = axes.get_area(curve, [2, 3], color=GREY, opacity=0.5)
        line_1 = axes.get_vertical_line(axes.input_to_graph_point(2, curve), color=YELLOW)
        line_2 = axes.get_vertical_line(axes.i2gp(3, curve), color=YELLOW)
        self.add(axes, curve)
        self.play(FadeIn(bars, area), Create(line_1), Create(line_2), run_time=0.8)
        label = Text("A = 3.67", font_size=24).move_to(axes.c2p(2.5, 1.5))
        self.play(Write(label), run_time=0.5)
        self.wait(0.5)


class LabelledPlane(Scene):
    """A number plane with a vector and a label on it: the grid runs below all of it, faintly."""

    def construct(self):
        plane = NumberPlane(background_line_style={"stroke_opacity": 0.2})
        vector = Arrow(plane.c2p(0, 0), plane.c2p(3, 2), buff=0, color=YELLOW)
        coords = Text("(3, 2)", font_size=32, color=YELLOW).next_to(vector.get_end(), RIGHT)
        coords.add_background_rectangle(opacity=1, buff=0.1)
        self.play(Create(plane), run_time=0.6)
        self.play(GrowArrow(vector), FadeIn(coords), run_time=0.6)
        self.wait(0.5)


class GridThroughLabel(Scene):
    """The grid is as strong as the label on it."""

    def construct(self):
        plane = NumberPlane(background_line_style={"stroke_color": WHITE, "stroke_width": 3})
        self.add(plane)
        name = Text("velocity", font_size=40).move_to([2.5, 1.5, 0])
        self.play(Write(name), run_time=0.6)  # expect: line-through-text
        self.wait(0.5)


class PointsOnALine(Scene):
    """Points on a regression line, residuals as dashed lines, a legend."""

    def construct(self):
        ax = Axes(x_range=[0, 10], y_range=[0, 10], x_length=8, y_length=5.5).to_edge(LEFT)
        xs, ys = [1, 2, 4, 5, 7, 8.5], [2, 2.2, 5.5, 4.6, 7.5, 8]
        dots = VGroup(*[Dot(ax.c2p(x, y), color=ORANGE, radius=0.1) for x, y in zip(xs, ys)])
        fit = Line(ax.c2p(0, 0.8), ax.c2p(10, 9.4), color=TEAL)
        rest = VGroup(
            *[
                DashedLine(ax.c2p(x, y), ax.c2p(x, 0.8 + 0.86 * x), stroke_width=2)
                for x, y in zip(xs, ys)
            ]
        )
        legend = VGroup(Dot(color=ORANGE), Text("data", font_size=28)).arrange(RIGHT)
        legend2 = VGroup(Line(ORIGIN, RIGHT * 0.6, color=TEAL), Text("fit", font_size=28))
        legends = VGroup(legend, legend2.arrange(RIGHT)).arrange(DOWN, aligned_edge=LEFT)
        legends.to_edge(RIGHT)
        self.play(Create(ax), FadeIn(dots), run_time=0.5)
        self.play(Create(fit), Create(rest), FadeIn(legends), run_time=0.6)
        self.wait(0.5)


class MeanOverBars(Scene):
    """Bars by hand with names and values, and a dashed mean over all of them."""

    def construct(self):
        data = {"mon": 3, "tue": 4.2, "wed": 1.6, "thu": 3.4, "fri": 2.4}
        bars = VGroup()
        for value in data.values():
            bars.add(Rectangle(width=1.1, height=value, fill_opacity=0.8, color=BLUE_D))
        bars.arrange(RIGHT, buff=0.5, aligned_edge=DOWN).shift(DOWN * 0.2)
        names = VGroup(*[Text(n, font_size=26).next_to(b, DOWN) for n, b in zip(data, bars)])
        values = VGroup(
            *[
                Text(str(v), font_size=24).next_to(b, UP, buff=0.1)
                for v, b in zip(data.values(), bars)
            ]
        )
        self.play(LaggedStart(*[GrowFromEdge(b, DOWN) for b in bars], lag_ratio=0.2), run_time=0.8)
        self.play(FadeIn(names, values), run_time=0.4)
        y = bars.get_bottom()[1] + 2.3
        mean = DashedLine([bars.get_left()[0] - 0.4, y, 0], [bars.get_right()[0] + 0.4, y, 0])
        mean.set_color(YELLOW)
        tag = Text("mean", font_size=24, color=YELLOW).next_to(mean, RIGHT, buff=0.15)
        self.play(Create(mean), FadeIn(tag), run_time=0.5)
        self.wait(0.5)


class PieChart(Scene):
    """Sectors with names in them, and one that is pulled out."""

    def construct(self):
        shares = [0.45, 0.3, 0.25]
        colors = [BLUE_E, GREEN_E, MAROON_E]
        start, pie = 0, VGroup()
        for share, color in zip(shares, colors):
            sector = Sector(radius=2.6, angle=share * TAU, start_angle=start, color=color)
            sector.set_fill(color, 1).set_stroke(WHITE, 2)
            middle = start + share * PI
            label = Text(f"{share:.0%}", font_size=32)
            label.move_to(1.6 * np.array([np.cos(middle), np.sin(middle), 0]))
            pie.add(VGroup(sector, label))
            start += share * TAU
        title = Text("Market share", font_size=44).to_edge(UP)
        self.play(Write(title), run_time=0.4)
        self.play(FadeIn(pie), run_time=0.6)
        self.play(pie[0].animate.shift(0.3 * UR), run_time=0.4)
        self.wait(0.5)


class TickLabelsTooClose(Scene):
    """Tick labels of a wide format run into each other."""

    def construct(self):
        line = NumberLine(x_range=[0, 10, 1], length=10)
        labels = VGroup()
        for x in range(0, 11):
            labels.add(Text(f"{x * 1000:.1f}", font_size=30).next_to(line.n2p(x), DOWN))
        self.play(Create(line), run_time=0.4)
        self.play(FadeIn(labels), run_time=0.4)  # expect: text-overlap
        self.wait(0.5)


class CurveThroughItsName(Scene):
    """The name of a curve stands on the curve."""

    def construct(self):
        axes = Axes(x_range=[0, 10], y_range=[-2, 2], x_length=11, y_length=5)
        wave = axes.plot(np.sin, color=RED)
        self.play(Create(axes), Create(wave), run_time=0.6)
        name = Text("sin(x)", font_size=36).move_to(axes.c2p(3.1, 0.05))
        self.play(Write(name), run_time=0.5)  # expect: line-through-text
        self.wait(0.5)


class FaintLegend(Scene):
    """A legend in dark grey on a dark background."""

    def construct(self):
        self.camera.background_color = "#1e1e1e"
        axes = Axes(x_range=[0, 5], y_range=[0, 5], x_length=7, y_length=5)
        curve = axes.plot(lambda x: 0.2 * x**2, color=GREEN)
        self.play(Create(axes), Create(curve), run_time=0.5)
        legend = Text("training loss", font_size=28, color="#555555", weight=LIGHT)
        legend.next_to(axes, RIGHT).shift(LEFT * 1.5)
        self.play(FadeIn(legend), run_time=0.4)  # expect: low-contrast
        self.wait(0.5)


class ZonesAndThresholds(Scene):
    """Coloured zones behind a curve, with their names, and an arrow across two of them."""

    def construct(self):
        zones = VGroup(
            *[
                Rectangle(width=11, height=1.8, fill_color=c, fill_opacity=0.25, stroke_width=0)
                for c in (GREEN, YELLOW, RED)
            ]
        ).arrange(UP, buff=0)
        names = VGroup(
            *[
                Text(n, font_size=30).move_to(z).align_to(z, LEFT).shift(RIGHT * 0.3)
                for n, z in zip(("safe", "watch", "danger"), zones)
            ]
        )
        curve = FunctionGraph(lambda x: 2 * np.tanh(x), x_range=[-3.4, 5.2], color=WHITE)
        self.add(zones, names)
        self.play(Create(curve), run_time=0.7)
        rise = Arrow([4.6, -2.3, 0], [4.6, 1.6, 0], color=BLUE, buff=0)
        self.play(GrowArrow(rise), run_time=0.4)
        self.wait(0.5)


class Candles(Scene):
    """Candles of prices that wander, and a mean across all of them."""

    def construct(self):
        rng = np.random.default_rng(4)
        candles, middles = VGroup(), []
        price = 0.0
        for k in range(14):
            step = rng.normal(0, 0.6)
            top, low = max(price, price + step), min(price, price + step)
            x, color = -5.5 + 0.85 * k, GREEN if step > 0 else RED
            candles.add(Line([x, low - 0.3, 0], [x, top + 0.3, 0], color=color, stroke_width=2))
            body = Rectangle(width=0.5, height=max(0.1, top - low), color=color, fill_opacity=1)
            candles.add(body.move_to([x, (top + low) / 2, 0]))
            middles.append([x, (top + low) / 2 + 0.1, 0])
            price += step
        self.add(candles, Text("ACME, daily", font_size=36).to_corner(UL))
        self.play(Create(VMobject(color=YELLOW).set_points_smoothly(middles)), run_time=0.5)
        self.wait(0.4)
