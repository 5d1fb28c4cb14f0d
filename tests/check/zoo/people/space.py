from manim import *


class SurfaceWithTitle(ThreeDScene):
    """A surface over axes in space, and a title that is fixed in the frame."""

    def construct(self):
        axes = ThreeDAxes(x_range=[-3, 3], y_range=[-3, 3], z_range=[-2, 2])
        surface = Surface(
            lambda u, v: axes.c2p(u, v, np.sin(u) * np.cos(v)),
            u_range=[-3, 3],
            v_range=[-3, 3],
            resolution=(6, 6),
            fill_opacity=0.7,
        )
        self.set_camera_orientation(phi=65 * DEGREES, theta=-45 * DEGREES)
        title = Text("A wavy surface", font_size=40).to_corner(UL)
        self.add_fixed_in_frame_mobjects(title)
        self.play(Create(axes), run_time=0.4)
        self.play(FadeIn(surface), run_time=0.4)
        self.wait(0.3)


class TurningCube(ThreeDScene):
    """A cube with a label that always faces the camera, which turns around it."""

    def construct(self):
        self.set_camera_orientation(phi=70 * DEGREES, theta=30 * DEGREES)
        cube = Cube(side_length=2, fill_opacity=0.8, fill_color=BLUE_E)
        label = Text("cube", font_size=36).move_to([0, 0, 2])
        self.add_fixed_orientation_mobjects(label)
        self.add(cube, label)
        self.begin_ambient_camera_rotation(rate=0.5)
        self.wait(1)
        self.stop_ambient_camera_rotation()


class LabelBehindTheSphere(ThreeDScene):
    """A label in the frame is written in the colour of the sphere that it is written upon."""

    def construct(self):
        self.set_camera_orientation(phi=60 * DEGREES, theta=-60 * DEGREES)
        plate = Square(5, fill_color=GREEN_D, fill_opacity=1, stroke_width=0)
        self.add(plate)
        label = Text("the plane", font_size=44, color=GREEN_C)
        self.add_fixed_in_frame_mobjects(label)
        self.wait(0.6)  # expect: low-contrast


class TurnedOutOfThePicture(ThreeDScene):
    """A long text in space runs over the edge once the camera has come near."""

    def construct(self):
        words = Text("a text that lies in the plane", font_size=64)
        self.add(words)
        self.wait(0.4)
        self.move_camera(zoom=2.2, run_time=0.6)  # expect: text-outside
        self.wait(0.3)


class HelixAndArrows(ThreeDScene):
    """A helix, arrows and dots in space, and axis labels."""

    def construct(self):
        axes = ThreeDAxes(x_length=6, y_length=6, z_length=4)
        helix = ParametricFunction(
            lambda t: np.array([np.cos(t) * 1.5, np.sin(t) * 1.5, t / 4]),
            t_range=[-TAU, TAU],
            color=RED,
        )
        arrow = Arrow3D(start=[0, 0, 0], end=[2, 2, 1.5], resolution=3)
        dots = VGroup(
            *[Dot3D(helix.point_from_proportion(p), resolution=(3, 3)) for p in (0.2, 0.8)]
        )
        self.set_camera_orientation(phi=75 * DEGREES, theta=-30 * DEGREES)
        self.add(axes, helix)
        self.play(FadeIn(dots), run_time=0.3)
        self.play(FadeIn(arrow), run_time=0.3)
        self.wait(0.3)
