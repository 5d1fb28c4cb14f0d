"""A picture of pixels with a caption."""

from __future__ import annotations

import numpy as np
from manim import DOWN, RIGHT, WHITE, FadeIn, Group, ImageMobject, Scene, SurroundingRectangle, Text


class PictureWithCaption(Scene):
    """Two pictures side by side, framed, with captions below and a label on a dark one."""

    def construct(self) -> None:
        y, x = np.mgrid[0:90, 0:120]
        bright = np.stack([x * 2, y * 2, 255 - x], axis=-1).astype(np.uint8)
        dark = np.stack([x // 4, y // 3, 60 - y // 3], axis=-1).astype(np.uint8)
        pictures = Group(ImageMobject(bright), ImageMobject(dark))
        for picture in pictures:
            picture.scale_to_fit_height(4)
        pictures.arrange(RIGHT, buff=0.8).shift(0.6 * -DOWN)
        self.play(FadeIn(pictures), run_time=0.5)
        frame = SurroundingRectangle(pictures[0], color=WHITE, buff=0)
        names = Group(
            *(
                Text(name, font_size=40).next_to(picture, DOWN, buff=0.4)
                for name, picture in zip(("a heat map", "at night"), pictures, strict=True)
            )
        )
        self.play(FadeIn(frame, names), run_time=0.5)
        self.play(FadeIn(Text("stars", font_size=48).move_to(pictures[1])), run_time=0.4)
        self.wait(0.5)
