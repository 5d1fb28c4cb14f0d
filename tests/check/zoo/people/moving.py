from manim import *


class FollowTheDot(MovingCameraScene):
    """The camera follows a dot along a curve, and comes back."""

    def construct(self):
        self.camera.frame.save_state()
        ax = Axes(x_range=[-1, 10], y_range=[-1, 10])
        graph = ax.plot(lambda x: np.sin(x) + 4, color=WHITE, x_range=[0, 3 * PI])
        dot_1, dot_2 = Dot(ax.i2gp(graph.t_min, graph)), Dot(ax.i2gp(graph.t_max, graph))
        moving = Dot(ax.i2gp(graph.t_min, graph), color=ORANGE)
        name = Text("start", font_size=28).next_to(dot_1, LEFT)
        self.add(ax, graph, dot_1, dot_2, moving, name)
        self.play(self.camera.frame.animate.scale(0.5).move_to(moving), run_time=0.4)
        self.camera.frame.add_updater(lambda f: f.move_to(moving.get_center()))
        self.play(MoveAlongPath(moving, graph, rate_func=linear), run_time=1)
        self.camera.frame.clear_updaters()
        self.play(Restore(self.camera.frame), run_time=0.4)


class ZoomedInset(ZoomedScene):
    """A zoomed camera shows a part of the picture in an inset."""

    def __init__(self, **kwargs):
        super().__init__(
            zoom_factor=0.3,
            zoomed_display_height=2,
            zoomed_display_width=3,
            zoomed_camera_config={"default_frame_stroke_width": 3},
            **kwargs,
        )

    def construct(self):
        dots = VGroup(*[Dot([0.2 * i - 3, 0.4 * np.sin(i), 0], color=BLUE) for i in range(20)])
        name = Text("measurements", font_size=30).to_edge(DOWN)
        self.add(dots, name)
        self.activate_zooming(animate=False)
        self.play(self.zoomed_camera.frame.animate.move_to(dots[4]), run_time=0.5)
        self.wait(0.4)


class CountingUp(Scene):
    """A number that runs, with an updater, and a bar that grows with it."""

    def construct(self):
        t = ValueTracker(0)
        number = DecimalNumber(0, num_decimal_places=1, mob_class=Text, font_size=72)
        number.add_updater(lambda m: m.set_value(t.get_value()))
        bar = always_redraw(
            lambda: Rectangle(
                width=0.1 + t.get_value() / 10, height=0.5, fill_opacity=1, color=GREEN
            ).move_to([0, -2, 0])
        )
        self.add(number, bar)
        self.play(t.animate.set_value(99.9), run_time=1.2)
        self.wait(0.3)


class InvisibleHelpers(Scene):
    """Trackers, points, a text without opacity, and a dot far outside: nobody sees them."""

    def construct(self):
        ghost = Text("placeholder text", font_size=40).set_opacity(0)
        anchor = VectorizedPoint([1, 1, 0])
        far = Dot([30, 0, 0])
        tiny = Dot(radius=0)
        behind = Text("behind the card", font_size=40)
        card = Rectangle(width=8, height=3, fill_color=GREY_E, fill_opacity=1)
        front = Text("in front", font_size=60)
        self.add(ghost, anchor, far, tiny, behind, card, front)
        self.play(front.animate.shift(0.5 * UP), run_time=0.4)
        self.wait(0.4)


class TracedOrbit(Scene):
    """A planet leaves a trace while it goes around; its name goes with it."""

    def construct(self):
        sun = Dot(radius=0.4, color=YELLOW)
        orbit = Circle(radius=2.4, stroke_opacity=0.3)
        planet = Dot(orbit.point_at_angle(0), color=BLUE, radius=0.15)
        trace = TracedPath(planet.get_center, stroke_color=BLUE, dissipating_time=0.5)
        name = Text("earth", font_size=26).add_updater(lambda m: m.next_to(planet, RIGHT, buff=0.2))
        self.add(sun, orbit, trace, planet, name)
        self.play(Rotate(planet, TAU * 0.9, about_point=ORIGIN, rate_func=linear), run_time=1.5)
        self.wait(0.3)


class PassingEachOther(Scene):
    """Two words change places, and pass each other on their arcs; a box flies over a third."""

    def construct(self):
        a, b = Text("before").shift(3 * LEFT), Text("after").shift(3 * RIGHT)
        c = Text("meanwhile", font_size=40).shift(2 * DOWN)
        self.add(a, b, c)
        self.play(a.animate.move_to(b), b.animate.move_to(a), run_time=0.8)
        box = Square(1, fill_opacity=1, color=RED).move_to([-8, -2, 0])
        self.play(box.animate.shift(16 * RIGHT), run_time=0.8)
        self.wait(0.3)


class MovedOnto(Scene):
    """A word is moved, and ends upon another one."""

    def construct(self):
        a, b = Text("supply").shift(3 * LEFT), Text("demand").shift(3 * RIGHT)
        self.add(a, b)
        self.wait(0.3)
        self.play(a.animate.shift(5.2 * RIGHT), run_time=0.6)  # expect: text-overlap
        self.wait(0.3)


class SlowCrossing(Scene):
    """A word creeps through another one, and can be read again at the end."""

    def construct(self):
        still = Text("a line that stays", font_size=44)
        slow = Text("creeping", font_size=44).next_to(still, LEFT, buff=0.5)
        self.add(still, slow)
        self.wait(0.3)
        self.play(slow.animate.next_to(still, RIGHT, buff=0.5), run_time=4)  # expect: text-overlap
        self.wait(0.3)


class DriftingLabels(Scene):
    """Two labels drift by updaters; they lie upon each other for most of a long wait."""

    def construct(self):
        a, b = Text("warm air").shift(2.5 * LEFT), Text("cold air").shift(2.5 * RIGHT)
        a.add_updater(lambda m, dt: m.shift(1.2 * dt * RIGHT))
        b.add_updater(lambda m, dt: m.shift(1.2 * dt * LEFT))
        self.add(a, b)
        self.wait(4)  # expect: text-overlap
        a.clear_updaters()
        b.clear_updaters()
        self.wait(0.3)


class FlashedWord(Scene):
    """A word that is on the screen for two images."""

    def construct(self):
        self.add(Square(3, color=BLUE))
        self.wait(0.5)
        word = Text("subliminal", font_size=60).shift(2.5 * DOWN)
        self.add(word)
        self.wait(0.1)  # expect: too-short
        self.remove(word)
        self.wait(0.5)


class SortingBars(Scene):
    """Bars are compared and swapped quickly; a highlight comes and goes."""

    def construct(self):
        heights = [3, 1, 4, 2]
        bars = VGroup(
            *[Rectangle(width=0.8, height=h, fill_opacity=0.7, color=BLUE) for h in heights]
        )
        bars.arrange(RIGHT, buff=0.3, aligned_edge=DOWN)
        title = Text("Bubble sort", font_size=40).to_edge(UP)
        self.add(bars, title)
        self.wait(0.3)
        for i in range(3):
            self.play(
                bars[i].animate.set_color(YELLOW),
                bars[i + 1].animate.set_color(YELLOW),
                run_time=0.15,
            )
            if bars[i].height > bars[i + 1].height:
                x, y = bars[i].get_x(), bars[i + 1].get_x()
                self.play(bars[i].animate.set_x(y), bars[i + 1].animate.set_x(x), run_time=0.25)
                bars[i], bars[i + 1] = bars[i + 1], bars[i]
            self.play(
                bars[i].animate.set_color(BLUE), bars[i + 1].animate.set_color(BLUE), run_time=0.1
            )
        self.wait(0.3)


class Fireworks(Scene):
    """Many small dots fly apart and fade."""

    def construct(self):
        rng = np.random.default_rng(3)
        sparks = VGroup(*[Dot(radius=0.03, color=random) for random in (RED, GOLD, BLUE) * 15])
        self.play(FadeIn(sparks), run_time=0.3)
        self.play(
            *[s.animate.shift([*rng.normal(0, 2.2, 2), 0]).set_opacity(0) for s in sparks],
            run_time=0.9,
        )
        self.wait(0.2)


class Pulsing(Scene):
    """Indicate, Circumscribe, ShowPassingFlash, Broadcast and ApplyWave on one heading."""

    def construct(self):
        head = Text("Breaking news", font_size=60)
        self.play(SpinInFromNothing(head), run_time=0.5)
        self.play(ApplyWave(head), run_time=0.6)
        self.play(ShowPassingFlash(Underline(head, color=RED)), run_time=0.6)
        self.play(Circumscribe(head, Circle), run_time=0.8)
        self.play(Broadcast(Circle(radius=2, color=RED)), run_time=1)
        self.play(FocusOn(head), run_time=0.6)
        self.wait(0.2)


class DimmedTooMuch(Scene):
    """The first line is dimmed to a tenth while the second is said, and nobody can read it again."""

    def construct(self):
        lines = VGroup(Text("First comes the claim"), Text("then the proof")).arrange(DOWN, buff=1)
        self.play(Write(lines[0]), run_time=0.4)
        self.play(
            lines[0].animate.set_opacity(0.12), Write(lines[1]), run_time=0.5
        )  # expect: low-contrast
        self.wait(0.4)


class ThinGreyOnSlate(Scene):
    """A thin grey line of text on a slate background, and a bright heading that is fine."""

    def construct(self):
        self.camera.background_color = "#2b3440"
        head = Text("Quarterly report", font_size=54, color="#e8eef5")
        by = Text("prepared by the finance team", font_size=26, color="#66707c", weight=THIN)
        VGroup(head, by).arrange(DOWN)
        self.play(FadeIn(head), run_time=0.4)
        self.play(FadeIn(by), run_time=0.4)  # expect: low-contrast
        self.wait(0.4)


class LightTheme(Scene):
    """Dark text and pastel boxes on white."""

    def construct(self):
        self.camera.background_color = WHITE
        Text.set_default(color=BLACK)
        boxes = VGroup(
            *[Square(2, fill_color=c, fill_opacity=0.4, stroke_color=c) for c in (BLUE, GREEN, RED)]
        )
        boxes.arrange(RIGHT, buff=0.6)
        names = VGroup(
            *[Text(n, font_size=36).move_to(b) for n, b in zip(("one", "two", "three"), boxes)]
        )
        self.play(FadeIn(boxes), Write(names), run_time=0.6)
        self.wait(0.4)
        Text.set_default()


class ShrunkAndRestored(Scene):
    """An underlined heading shrinks to a dot, is there again, and goes into a corner."""

    def construct(self):
        word = Text("overview", font_size=56)
        heading = VGroup(word, Underline(word)).save_state()
        self.play(FadeIn(heading), run_time=0.4)
        self.play(heading.animate.scale(0.02), run_time=0.5)
        self.play(Restore(heading), run_time=0.5)
        self.play(heading.animate.scale(0.6).to_corner(UL), run_time=0.5)
        self.wait(0.4)


class YellowOnWhite(Scene):
    """A yellow warning on a white background."""

    def construct(self):
        self.camera.background_color = WHITE
        self.add(Triangle(color=RED, fill_opacity=0.2).scale(1.5).shift(UP))
        warning = Text("Attention!", font_size=60, color=YELLOW).shift(2 * DOWN)
        self.play(FadeIn(warning), run_time=0.4)  # expect: low-contrast
        self.wait(0.4)
