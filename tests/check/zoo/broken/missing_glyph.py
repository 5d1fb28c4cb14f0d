"""Characters that no font has."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    UP,
    Code,
    FadeIn,
    LaggedStart,
    MarkupText,
    Paragraph,
    Rectangle,
    Scene,
    Text,
    Transform,
)

# Private-use characters of the last plane, which fonts do not have: icons of a font that is not
# installed are such.
ICON, OTHER = "\U0010fa57", "\U0010fa58"


class IconInText(Scene):
    """An icon behind a word, then two of them in a text that forbids other fonts nothing."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        word = Text(f"a rocket {ICON}", font_size=60).shift(UP)
        self.play(FadeIn(word), run_time=0.5)  # expect: missing-glyph
        self.wait(0.5)
        others = MarkupText(f"<b>two</b> {OTHER} {ICON}", font_size=60).shift(DOWN)
        self.play(FadeIn(others), run_time=0.5)  # expect: missing-glyph
        self.wait(0.5)


class IconInLines(Scene):
    """In a paragraph, and in the comment of a program."""

    def construct(self) -> None:
        self.add(Rectangle(width=12, height=6.5, color=BLUE))
        lines = Paragraph("one line", f"another {ICON}", font_size=50).shift(1.5 * UP)
        self.play(FadeIn(lines), run_time=0.5)  # expect: missing-glyph
        code = Code(
            code_string=f"x = 1  # {OTHER}",
            language="python",
            background_config={"fill_opacity": 0, "stroke_width": 0},
            paragraph_config={"font_size": 40},
            add_line_numbers=False,
            formatter_style="monokai",
        )
        self.play(FadeIn(code.code_lines.shift(1.5 * DOWN)), run_time=0.5)  # expect: missing-glyph
        self.wait(0.5)


class IconInTheEnd(Scene):
    """A text without becomes a text with an icon."""

    def construct(self) -> None:
        word = Text("for the moment", font_size=60)
        self.add(Rectangle(width=11, height=6, color=BLUE), word)
        self.wait(0.5)
        later = Text(f"for ever {ICON}", font_size=60)
        self.play(Transform(word, later), run_time=0.5)  # expect: missing-glyph
        self.wait(0.5)


class IconLetterByLetter(Scene):
    """The letters of a text come one by one."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        letters = Text(f"{ICON}go", font_size=90)
        come = (FadeIn(letter) for letter in letters)
        self.play(LaggedStart(*come), run_time=0.5)  # expect: missing-glyph
        self.wait(0.5)
