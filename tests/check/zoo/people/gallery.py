from manim import *


class ShapesByBooleans(Scene):
    """Intersection, union, exclusion and difference of two ellipses, each with its name."""

    def construct(self):
        a = Ellipse(width=4.0, height=5.0, fill_opacity=0.5, color=BLUE, stroke_width=10).move_to(
            LEFT
        )
        b = a.copy().set_color(color=RED).move_to(RIGHT)
        head = MarkupText("<u>Boolean operations</u>", font_size=40).next_to(a, UP * 3)
        group = Group(head, a, b).move_to(LEFT * 3)
        self.play(FadeIn(group), run_time=0.5)
        i = Intersection(a, b, color=GREEN, fill_opacity=0.5)
        self.play(i.animate.scale(0.25).move_to(RIGHT * 5 + UP * 2.5), run_time=0.5)
        words = Text("Intersection", font_size=23).next_to(i, UP)
        self.play(FadeIn(words), run_time=0.3)
        u = Union(a, b, color=ORANGE, fill_opacity=0.5)
        self.play(u.animate.scale(0.3).next_to(i, DOWN, buff=words.height * 3), run_time=0.5)
        self.play(FadeIn(Text("Union", font_size=23).next_to(u, UP)), run_time=0.3)
        self.wait(0.3)


class FrameBoxThatMoves(Scene):
    """A box goes from one part of a formula to the next."""

    def construct(self):
        parts = VGroup(
            *[
                Text(t, font_size=48)
                for t in ("d/dx f(x) g(x) =", "f(x) d/dx g(x)", "+", "g(x) d/dx f(x)")
            ]
        )
        parts.arrange(RIGHT, buff=0.3).scale_to_fit_width(12.5)
        self.play(Write(parts), run_time=0.5)
        one = SurroundingRectangle(parts[1], buff=0.1)
        two = SurroundingRectangle(parts[3], buff=0.1)
        self.play(Create(one), run_time=0.4)
        self.play(ReplacementTransform(one, two), run_time=0.4)
        self.wait(0.3)


class AngleThatMoves(Scene):
    """An angle and its letter follow a line that turns."""

    def construct(self):
        centre = LEFT
        theta = ValueTracker(110)
        line1, moving = Line(LEFT, RIGHT), Line(LEFT, RIGHT)
        ref = moving.copy()
        moving.rotate(theta.get_value() * DEGREES, about_point=centre)
        a = Angle(line1, moving, radius=0.5, other_angle=False)
        tex = Text("θ", font_size=40).move_to(
            Angle(line1, moving, radius=0.9).point_from_proportion(0.5)
        )
        self.add(line1, moving, a, tex)
        self.wait(0.2)
        moving.add_updater(
            lambda x: x.become(ref.copy()).rotate(theta.get_value() * DEGREES, about_point=centre)
        )
        a.add_updater(lambda x: x.become(Angle(line1, moving, radius=0.5, other_angle=False)))
        tex.add_updater(
            lambda x: x.move_to(Angle(line1, moving, radius=0.9).point_from_proportion(0.5))
        )
        self.play(theta.animate.set_value(50), run_time=0.6)
        self.play(theta.animate.increment_value(120), run_time=0.6)
        self.play(tex.animate.set_color(RED), run_time=0.3)


class SineAndCosine(Scene):
    """Both curves with their names at their right ends, and a line at a whole turn."""

    def construct(self):
        axes = Axes(
            x_range=[-10, 10.3, 1],
            y_range=[-1.5, 1.5, 1],
            x_length=10,
            axis_config={"color": GREEN},
            tips=False,
        )
        sine = axes.plot(np.sin, color=BLUE)
        cosine = axes.plot(np.cos, color=RED)
        names = VGroup(
            Text("sin(x)", font_size=30, color=BLUE)
            .next_to(axes.c2p(-10, 1), UL, buff=0.1)
            .shift(0.4 * RIGHT + 0.4 * UP),
            Text("cos(x)", font_size=30, color=RED).next_to(axes.c2p(10, -1), RIGHT, buff=0.2),
        )
        line = axes.get_vertical_line(axes.i2gp(TAU, cosine), color=YELLOW, line_func=Line)
        tag = Text("x = 2π", font_size=28).next_to(line, UR, buff=0.15)
        self.play(Create(axes), Create(sine), Create(cosine), run_time=0.6)
        self.play(FadeIn(names, tag), Create(line), run_time=0.4)
        self.wait(0.3)


class RectangleUnderHyperbola(Scene):
    """A rectangle from the origin to a point of a curve, which follows a tracker."""

    def construct(self):
        ax = Axes(
            x_range=[0, 10],
            y_range=[0, 10],
            x_length=6,
            y_length=6,
            axis_config={"include_tip": False},
        )
        t = ValueTracker(5)
        graph = ax.plot(lambda x: 25 / x, color=YELLOW_D, x_range=[2.5, 10, 0.01])

        def rectangle():
            x = t.get_value()
            corners = [(x, 25 / x), (0, 25 / x), (0, 0), (x, 0)]
            return Polygon(
                *[ax.c2p(*c) for c in corners],
                stroke_width=1,
                color=YELLOW_B,
                fill_color=BLUE,
                fill_opacity=0.5,
            )

        polygon = always_redraw(rectangle)
        dot = always_redraw(lambda: Dot(ax.c2p(t.get_value(), 25 / t.get_value())))
        self.add(ax, graph, dot)
        self.play(Create(polygon), run_time=0.4)
        self.play(t.animate.set_value(9), run_time=0.5)
        self.play(t.animate.set_value(3), run_time=0.5)


class HeatDiagram(Scene):
    """A line graph with vertices, labels along both axes."""

    def construct(self):
        ax = Axes(x_range=[0, 40, 5], y_range=[-8, 32, 5], x_length=9, y_length=6)
        x_label = Text("ΔQ", font_size=28).next_to(ax.x_axis, RIGHT, buff=0.2)
        y_label = Text("T [°C]", font_size=28).next_to(ax.y_axis, UP, buff=0.15)
        graph = ax.plot_line_graph(x_values=[0, 8, 38, 39], y_values=[20, 0, 0, -5])
        self.play(Create(ax), FadeIn(x_label, y_label), run_time=0.5)
        self.play(Create(graph), run_time=0.5)
        self.wait(0.3)


class CircleDrawsSine(Scene):
    """A dot on a circle draws a sine curve, which at last runs through the label 3π."""

    def construct(self):
        x_axis, y_axis = Line([-6, 0, 0], [6, 0, 0]), Line([-4, -2, 0], [-4, 2, 0])
        self.add(x_axis, y_axis)
        for i, t in enumerate(("π", "2π", "3π", "4π")):
            self.add(Text(t, font_size=32).next_to([-1 + 2 * i, 0, 0], DOWN))
        circle = Circle(radius=1).move_to([-4, 0, 0])
        self.add(circle)
        t = ValueTracker(0)
        dot = always_redraw(
            lambda: Dot(circle.point_at_angle(t.get_value()), color=YELLOW, radius=0.08)
        )
        spoke = always_redraw(lambda: Line([-4, 0, 0], dot.get_center(), color=BLUE))
        tip = always_redraw(
            lambda: Line(
                dot.get_center(),
                [-3 + t.get_value() / 2, dot.get_y(), 0],
                color=YELLOW_A,
                stroke_width=2,
            )
        )
        curve = TracedPath(
            lambda: np.array([-3 + t.get_value() / 2, np.sin(t.get_value()), 0]),
            stroke_color=YELLOW_D,
        )
        self.add(dot, spoke, tip, curve)
        self.play(
            t.animate.set_value(2 * TAU), run_time=1.2, rate_func=linear
        )  # expect: line-through-text
        self.wait(0.2)


class OpeningOfATutorial(Scene):
    """A title becomes a grid with a heading; the grid is bent."""

    def construct(self):
        title = Text("This is some text")
        basel = Text("1 + 1/4 + 1/9 + … = π²/6", font_size=40)
        VGroup(title, basel).arrange(DOWN)
        self.play(Write(title), FadeIn(basel, shift=DOWN), run_time=0.6)
        self.wait(0.2)
        head = Text("That was a transform").to_corner(UP + LEFT)
        self.play(
            Transform(title, head),
            LaggedStart(*[FadeOut(o, shift=DOWN) for o in basel]),
            run_time=0.6,
        )
        self.wait(0.2)
        grid = NumberPlane()
        name = Text("This is a grid", font_size=56).move_to(title)
        name.add_background_rectangle(opacity=0.85)
        self.add(grid, name)
        self.play(FadeOut(title), FadeIn(name), Create(grid, run_time=0.8, lag_ratio=0.1))
        grid.prepare_for_nonlinear_transform()
        self.play(
            grid.animate.apply_function(lambda p: p + np.array([np.sin(p[1]), np.sin(p[0]), 0])),
            run_time=0.8,
        )
        self.bring_to_front(name)
        self.wait(0.2)


class PointOnShapes(Scene):
    """A dot moves along a circle and turns about a point, beside a line."""

    def construct(self):
        circle, dot = Circle(radius=1, color=BLUE), Dot()
        self.add(dot, Line([3, 0, 0], [5, 0, 0]))
        self.play(GrowFromCenter(circle), run_time=0.3)
        self.play(Transform(dot, dot.copy().shift(RIGHT)), run_time=0.3)
        self.play(MoveAlongPath(dot, circle), run_time=0.6, rate_func=linear)
        self.play(Rotating(dot, about_point=[2, 0, 0]), run_time=0.6)
        self.wait(0.2)


class LightAndSphere(ThreeDScene):
    """A sphere with a moved light, axes, and a text on the ground plane as well as one in the frame."""

    def construct(self):
        axes = ThreeDAxes()
        sphere = Surface(
            lambda u, v: np.array(
                [1.5 * np.cos(u) * np.cos(v), 1.5 * np.cos(u) * np.sin(v), 1.5 * np.sin(u)]
            ),
            v_range=[0, TAU],
            u_range=[-PI / 2, PI / 2],
            checkerboard_colors=[RED_D, RED_E],
            resolution=(4, 8),
        )
        self.renderer.camera.light_source.move_to(3 * IN)
        self.set_camera_orientation(phi=75 * DEGREES, theta=30 * DEGREES)
        words = Text("in the frame", font_size=36).to_corner(UL)
        self.add_fixed_in_frame_mobjects(words)
        self.add(axes, sphere)
        self.wait(0.3)


class Quiz(Scene):
    """A question, four answers in boxes, a countdown, and the right one in green."""

    def construct(self):
        ask = Text("Which planet has the most moons?", font_size=40).to_edge(UP)
        boxes = VGroup()
        for letter, name in zip("ABCD", ("Mars", "Saturn", "Venus", "Neptune")):
            box = RoundedRectangle(
                width=5,
                height=1.1,
                corner_radius=0.2,
                color=BLUE,
                fill_color=BLUE_E,
                fill_opacity=0.6,
            )
            words = Text(f"{letter}: {name}", font_size=32).move_to(box)
            boxes.add(VGroup(box, words))
        boxes.arrange_in_grid(2, 2, buff=0.5)
        self.play(Write(ask), FadeIn(boxes), run_time=0.5)
        for n in (3, 2, 1):
            count = Text(str(n), font_size=60, color=YELLOW).to_edge(DOWN)
            self.play(FadeIn(count, scale=0.5), run_time=0.3)
            self.play(FadeOut(count), run_time=0.2)
        self.play(boxes[1][0].animate.set_fill(GREEN, 0.9), run_time=0.3)  # expect: low-contrast
        self.wait(0.3)


class ThickUnderline(Scene):
    """An underline so thick that it covers the lower half of the words."""

    def construct(self):
        words = Text("Bottom line", font_size=70)
        self.play(Write(words), run_time=0.4)
        line = Line(
            words.get_corner(DL) + 0.1 * DOWN,
            words.get_corner(DR) + 0.1 * DOWN,
            stroke_width=70,
            color=RED,
        )
        self.play(Create(line), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class PaperFigure(Scene):
    """White paper, black thin lines, labels a), b), c), a scale bar, a grey inset."""

    def construct(self):
        self.camera.background_color = WHITE
        panels = VGroup(*[Square(2.6, color=BLACK, stroke_width=2) for _ in range(3)]).arrange(
            RIGHT, buff=0.8
        )
        marks = VGroup(
            *[
                Text(f"{c})", font_size=30, color=BLACK).next_to(p, UP, buff=0.15).align_to(p, LEFT)
                for c, p in zip("abc", panels)
            ]
        )
        blobs = VGroup(
            *[
                Circle(radius=0.4 + 0.2 * i, color=c, fill_opacity=0.6, stroke_width=0).move_to(p)
                for i, (p, c) in enumerate(zip(panels, (RED, BLUE, GREEN)))
            ]
        )
        bar = Line(ORIGIN, 1.2 * RIGHT, color=BLACK, stroke_width=8).move_to(
            panels[2].get_corner(DR) + 0.9 * LEFT + 0.3 * UP
        )
        tag = Text("1 µm", font_size=24, color=BLACK).next_to(bar, UP, buff=0.08)
        self.play(FadeIn(panels, marks, blobs), run_time=0.4)
        self.play(FadeIn(bar, tag), run_time=0.3)
        self.wait(0.3)
