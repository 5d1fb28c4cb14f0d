"""Text with a stroke of its own over a busy picture."""

from __future__ import annotations

import numpy as np
from manim import BLACK, DOWN, UP, WHITE, FadeIn, ImageMobject, Scene, Text, VGroup


class TextOverBusyPicture(Scene):
    """A thick dark stroke behind the letters keeps them apart from any background."""

    def construct(self) -> None:
        noise = np.random.default_rng(7).integers(0, 256, (27, 48, 3), dtype=np.uint8)
        picture = ImageMobject(noise)
        picture.set_resampling_algorithm(0)  # nearest: hard tiles
        picture.scale_to_fit_width(12.4)
        self.play(FadeIn(picture), run_time=0.5)
        texts = VGroup()
        for words, place in (("readable", 1.4 * UP), ("anywhere", 1.4 * DOWN)):
            text = Text(words, font_size=120, weight="BOLD", color=WHITE).move_to(place)
            text.set_stroke(BLACK, width=24, background=True)
            texts.add(text)
        self.play(FadeIn(texts), run_time=0.5)
        self.wait(0.5)
