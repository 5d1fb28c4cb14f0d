"""Small scenes rendered by `manim` and by `pagereel render`: what a setting makes is the same.

Two names differ, as docs/render.md says: manim puts its version into those of GIFs and stills.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import pytest
from PIL import Image

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

pytestmark = pytest.mark.slow

SCENE = """\
from manim import *
{lines}

class S(Scene):
    def construct(self):
        circle = Circle(fill_opacity=1)
        self.next_section("a")
        self.play(FadeIn(circle), run_time=0.4)
        self.next_section("b")
        self.play(circle.animate.shift(RIGHT), run_time=0.4)
        assert [0] * config.frame_rate, "a whole number, where -q sets it"
"""


@dataclass(frozen=True)
class Made:
    """A media file: its size, its length in images, its rate, and whether it has alpha."""

    size: tuple[int, int]
    images: int
    rate: Fraction | None
    is_transparent: bool


def look(file: Path) -> Made:
    if file.suffix == ".png":
        with Image.open(file) as image:
            opaque = image.getchannel("A").histogram()[255] if "A" in image.mode else None
            seen = opaque not in {None, image.width * image.height}
            return Made(image.size, 1, None, is_transparent=seen)
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        images = sum(1 for _ in container.decode(stream))
        # VP9 keeps its alpha beside the stream
        alpha = "a" in str(stream.codec_context.pix_fmt) or "alpha_mode" in stream.metadata
        size = stream.width, stream.height
        return Made(size, images, stream.average_rate, is_transparent=alpha)


def made_in(folder: Path, *command: str) -> dict[str, Made]:
    done = subprocess.run(
        (sys.executable, "-m", *command),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        re.sub("_ManimCE_v[0-9.]+[0-9]", "", str(file.relative_to(folder))): look(file)
        for file in sorted(folder.rglob("*"))
        if file.suffix in {".mp4", ".mov", ".webm", ".gif", ".png"}
        and not {"partial_movie_files", "texts", "cache"} & {*file.parts}
    }


@pytest.mark.parametrize(
    ("cfg", "lines", "options"),
    [
        ("media_dir = out\nsave_sections = True", "", "-ql"),
        ("quality = l\nvideo_dir = {media_dir}/v\noutput_file = other", "", ""),
        ("", "config.media_dir = 'out'; config.pixel_width, config.pixel_height = 640, 360", "-ql"),
        ("background_opacity = 0", "", "-ql"),
        ("", "config.transparent = True; config.format = 'webm'; config.save_sections = 1", "-ql"),
        ("", "config.save_last_frame = True; config.images_dir = 'stills'", "-ql"),
        ("from_animation_number = 1", "config.background_color = BLUE", "-ql"),
        ("[video_encoder.options]\ncrf = 40", "", "-ql"),
    ],
)
def test_a_setting_makes_the_same(tmp_path: Path, cfg: str, lines: str, options: str) -> None:
    for name in ("theirs", "ours"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "s.py").write_text(SCENE.format(lines=lines))
        settings = f"[CLI]\nnotify_outdated_version = False\n{cfg}\n"
        (tmp_path / name / "manim.cfg").write_text(settings)
    typed = options.split()
    bars = ("--progress_bar", "none")
    theirs = made_in(tmp_path / "theirs", "manim", *bars, *typed, "s.py", "S")
    ours = made_in(tmp_path / "ours", "pagereel", "render", "s.py", "S", *typed)
    assert ours == theirs
    assert theirs


PLUGIN = """\
from pathlib import Path
from manim import *

class Slide(Scene):
    \"\"\"Like those of manim-slides: it keeps what manim made of each play.\"\"\"

    def render(self, *args, **kwargs):
        super().render(*args, **kwargs)
        parts = self.renderer.file_writer.partial_movie_files
        sizes = [Path(part).stat().st_size for part in parts]
        Path("slides.txt").write_text(str(len([size for size in sizes if size > 0])))

class S(Slide):
    def construct(self):
        self.play(FadeIn(Circle()), run_time=0.4)
        self.play(FadeIn(Square()), run_time=0.4)
"""


def test_a_plugin_that_overrides_render_finds_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "s.py").write_text(PLUGIN)
    made = made_in(tmp_path, "pagereel", "render", "s.py", "S", "-q", "l")
    (file,) = made
    assert (file, made[file].images) == ("media/videos/s/480p15/S.mp4", 12)
    assert (tmp_path / "slides.txt").read_text() == "2"
