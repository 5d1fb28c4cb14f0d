"""Labels inside boxes, circles and polygons; badges on their corners."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    GREEN,
    ORANGE,
    RIGHT,
    UP,
    UR,
    WHITE,
    Circle,
    Create,
    FadeIn,
    LabeledDot,
    Rectangle,
    RegularPolygon,
    RoundedRectangle,
    Scene,
    Square,
    Text,
    VGroup,
)


class LabelsInBoxes(Scene):
    """Each label stands inside its box, some of them close to the outline."""

    def construct(self) -> None:
        top = VGroup(*(self._labelled(Square(2.2, color=BLUE), str(i)) for i in range(4)))
        top.arrange(RIGHT, buff=0.6)
        snug = self._labelled(Rectangle(width=3.6, height=0.9, color=GREEN), "snugly")
        pill = self._labelled(
            RoundedRectangle(width=3.6, height=1.2, corner_radius=0.6, color=ORANGE), "a pill"
        )
        ring = self._labelled(Circle(radius=0.9, color=WHITE), "ring")
        six = self._labelled(RegularPolygon(6, color=BLUE).scale(1.1), "six")
        bottom = VGroup(snug, pill, ring, six).arrange(RIGHT, buff=0.4)
        VGroup(top, bottom).arrange(DOWN, buff=0.8)
        self.play(FadeIn(top, shift=UP), run_time=0.5)
        self.play(Create(bottom), run_time=0.5)
        badges = VGroup(
            *(
                LabeledDot(Text(name, font_size=28, color="#000000"), radius=0.28, color=ORANGE)
                .move_to(box[0].get_corner(UR))
                .set_z_index(1)
                for name, box in zip("ABCD", top, strict=True)
            )
        )
        self.play(FadeIn(badges, scale=0.5), run_time=0.4)
        self.wait(1)

    def _labelled(self, shape: Rectangle | Circle | RegularPolygon, text: str) -> VGroup:
        return VGroup(shape, Text(text, font_size=40).move_to(shape))
