"""Real renders of a short story, small: through `pagereel` and through `manim` itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import av
import numpy as np
import pytest
import srt
from PIL import Image, ImageSequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.render.conftest import Python

pytestmark = pytest.mark.slow

SCENE = ("scenes/paged_cache.py", "PagedCache")
STEM = "PagedCache-short"  # of the files that tell short.toml
KEYS = ["opening", "first", "02-finish-a", "closing"]
CAPTIONS = [
    "A bit for each page frame: 1 means free.",
    "It is here.",
    "It is gone.",
    "Told quickly",
]


class Video(NamedTuple):
    """What a video file is."""

    size: tuple[int, int]
    fps: Fraction
    images: int

    @property
    def seconds(self) -> Fraction:
        return self.images / self.fps


def look(path: Path) -> Video:
    """Read a video, and count its images by decoding them."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        images = sum(1 for _ in container.decode(stream))
        assert stream.average_rate is not None
        return Video((stream.width, stream.height), stream.average_rate, images)


def key_frames(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(packet.is_keyframe for packet in container.demux(video=0))


def colors(image: Image.Image) -> int:
    return len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0))


@pytest.fixture(scope="module")
def rendered(story_folder: Path, python: Python) -> Path:
    """Render the short story; give the video."""
    done = render(python, story_folder, "--force")  # other tests render there, too
    lines = done.stdout.splitlines()
    assert lines[0] == "PagedCache: rendering 480p15 ..."
    assert lines[1].startswith(f"media/videos/paged_cache/480p15/{STEM}.mp4  0.")
    assert (len(lines), done.stderr) == (2, "")
    return story_folder / "media" / "videos" / "paged_cache" / "480p15" / f"{STEM}.mp4"


def render(
    python: Python, folder: Path, *options: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    chosen = ("--quality", "l", "--story", "short.toml", *options)
    return python("-m", "pagereel", "render", *chosen, folder=folder, **variables)


def another_folder(rendered: Path, story_folder: Path, folder: Path) -> Path:
    """Make a folder with the story, whose texts need not be laid out again; return its video."""
    for part in ("scenes", "media/texts"):
        shutil.copytree(story_folder / part, folder / part)
    shutil.copy2(story_folder / "short.toml", folder)
    return folder / rendered.relative_to(story_folder)


@pytest.fixture
def manim(
    rendered: Path, story_folder: Path, tmp_path: Path, python: Python
) -> Callable[..., Path]:
    """Call manim in the repository, as a user does; give the folder of what it made."""
    assert rendered.exists(), "so the texts have been laid out"
    shutil.copytree(story_folder / "media" / "texts", tmp_path / "texts")

    def call(*options: str, bar: str = "none") -> Path:
        media = ("--media_dir", tmp_path, "--progress_bar", bar)
        story = str(story_folder / "short.toml")
        done = python("-m", "manim", *options, *media, *SCENE, PAGEREEL_STORY=story)
        (tmp_path / "log").write_text(done.stdout + done.stderr, encoding="utf-8")
        return tmp_path

    return call


def test_a_video_and_its_subtitles(rendered: Path) -> None:
    names = sorted(path.name for path in rendered.parent.iterdir() if path.is_file())
    assert names == [f".{STEM}.mp4.key", f"{STEM}.mp4", f"{STEM}.srt", f"{STEM}.vtt"]
    video = look(rendered)
    assert (video.size, video.fps) == ((854, 480), Fraction(15))
    subtitles = [*srt.parse(rendered.with_suffix(".srt").read_text(encoding="utf-8"))]
    assert [subtitle.content for subtitle in subtitles] == CAPTIONS
    web = rendered.with_suffix(".vtt").read_text(encoding="utf-8")
    assert [cue.split("\n")[1] for cue in web.split("\n\n")[1:]] == CAPTIONS
    for one, other in pairwise(subtitles):
        assert one.start < one.end <= other.start
    assert subtitles[-1].end.total_seconds() <= video.seconds


def test_a_second_call_renders_nothing(rendered: Path, story_folder: Path, python: Python) -> None:
    changed = rendered.stat().st_mtime_ns
    code = (
        "import sys; from pagereel.cli import main; code = main(sys.argv[1:]); "
        "assert not {'manim', 'numpy', 'av'} & {*sys.modules}; sys.exit(code)"
    )
    arguments = ("render", "--quality", "l", "--story", "short.toml")
    done = python("-c", code, *arguments, folder=story_folder)
    assert done.stdout == f"media/videos/paged_cache/480p15/{STEM}.mp4  up to date\n"
    assert rendered.stat().st_mtime_ns == changed


def test_the_theme_reaches_the_picture(
    rendered: Path, tmp_path: Path, story_folder: Path, python: Python
) -> None:
    folder = tmp_path / "light"
    bright = another_folder(rendered, story_folder, folder)
    render(python, folder, PAGEREEL_THEME="light")
    bright = bright.with_name(f"{STEM}-light.mp4")
    for path, light in (
        (rendered, False),
        (bright, True),
    ):
        with av.open(str(path)) as container:
            image = next(container.decode(video=0)).to_ndarray(format="rgb24")
        assert (image[0, 0].min() > 240) == light


def test_a_preview(rendered: Path, story_folder: Path, python: Python) -> None:
    done = python("-m", "pagereel", "preview", "--story", "short.toml", folder=story_folder)
    assert done.stdout.startswith("PagedCache: rendering 540p20 gif ...\n")
    assert done.stderr == ""
    folder = story_folder / "media" / "previews"
    assert sorted(path.name for path in folder.iterdir()) == [
        f".{STEM}.gif.key",
        f"{STEM}.gif",
    ]
    with Image.open(folder / f"{STEM}.gif") as gif:
        assert gif.size == (960, 540)
        lengths = [image.info["duration"] for image in ImageSequence.Iterator(gif)]
    # An image stands for 1/20 s in the one and for 1/15 s in the other.
    assert abs(Fraction(sum(lengths), 1000) - look(rendered).seconds) <= Fraction(1, 15)


def test_all_formats_of_one_drawing(
    rendered: Path, tmp_path: Path, story_folder: Path, python: Python
) -> None:
    folder = tmp_path / "all"
    video = another_folder(rendered, story_folder, folder)
    done = render(python, folder, "--format", "mp4,gif,webm,webp,png")
    still = folder / "media" / "images" / "paged_cache" / f"{STEM}.png"
    files = [video.with_suffix(f".{end}") for end in ("mp4", "webm", "gif", "webp")]
    first, _, *rows = done.stdout.splitlines()
    assert first == "a GIF cannot play 15 images a second: it gets 10"
    assert [folder / row.split()[0] for row in rows] == [*files, still]
    for end in (".mp4", ".srt", ".vtt"):
        again, once = video.with_suffix(end), rendered.with_suffix(end)
        assert again.read_bytes() == once.read_bytes(), "two renders are alike to the byte"
    seconds = float(look(rendered).seconds)
    for file in files[2:]:
        with Image.open(file) as image:
            assert image.size == (854, 480)
            lengths = [each.copy().info["duration"] for each in ImageSequence.Iterator(image)]
        assert sum(lengths) / 1000 == pytest.approx(seconds, abs=0.1)
    with av.open(str(files[1])) as container:
        assert (container.duration or 0) / av.time_base == pytest.approx(seconds, abs=0.1)
    with Image.open(still) as image:
        assert image.size == (854, 480)
        assert colors(image) > 20, "the end of the story, not what is left after it"
    assert "rendering" not in render(python, folder, "--format", "gif,mp4").stdout


def test_a_section_alone(rendered: Path, story_folder: Path, python: Python) -> None:
    """Its caption is cut to its time; what else is there stays."""
    before = rendered.read_bytes()
    done = render(python, story_folder, "--section", "first", "--json")
    (facts,) = json.loads(done.stdout)["scenes"]
    (name,) = facts["files"]
    assert name.endswith(f"/480p15/sections/{STEM}_0001_first.mp4")
    assert float(look(story_folder / name).seconds) == facts["seconds"]
    assert facts["seconds"] < look(rendered).seconds
    assert len(facts["subtitles"]) == 2
    (caption,) = srt.parse((story_folder / name).with_suffix(".srt").read_text(encoding="utf-8"))
    assert (caption.content, caption.start.total_seconds()) == (CAPTIONS[1], 0)
    assert rendered.read_bytes() == before
    assert "up to date" in render(python, story_folder, "--section", "first").stdout


def test_all_sections_as_manim_saves_them(
    rendered: Path,
    manim: Callable[..., Path],
    tmp_path: Path,
    story_folder: Path,
    python: Python,
) -> None:
    small = ("-r", "160,90", "--fps", "15")
    place = manim(*small, "--save_sections") / "videos" / "paged_cache" / "90p15" / "sections"
    names = [path.stem for path in sorted(place.glob("*.mp4"))]
    assert [name.removeprefix("PagedCache_")[5:] for name in names] == KEYS
    seconds = sum(look(path).seconds for path in place.glob("*.mp4"))
    assert seconds == look(rendered).seconds
    folder = tmp_path / "ours"
    another_folder(rendered, story_folder, folder)
    render(python, folder, *small, "--save-sections")
    ours = folder / "media" / "videos" / "paged_cache" / "90p15" / "sections"
    made = [path for path in ours.iterdir() if path.suffix in {".mp4", ".json"}]
    assert {path.name.replace(STEM, "PagedCache") for path in made} == {
        path.name for path in place.iterdir()
    }
    index = (ours / f"{STEM}.json").read_text().replace(STEM, "PagedCache")
    assert json.loads(index) == json.loads((place / "PagedCache.json").read_text())


def test_an_unknown_section_is_one_line(story_folder: Path) -> None:
    command = (sys.executable, "-m", "pagereel", "render", "--quality", "l", "--section", "none")
    done = subprocess.run(
        (*command, "--story", "short.toml"),
        cwd=story_folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    known = ", ".join(KEYS)
    assert done.stderr == f"pagereel: there is no section 'none'; sections are {known}\n"


def test_stock_makes_other_formats(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(SCENES)
    command = (
        sys.executable,
        "-m",
        "pagereel",
        "render",
        "mine.py",
        "Wide",
        "--stock",
        "--fps",
        "15",
    )
    small = ("-r", "64,36", "--format", "mp4,gif,webm,png", "--save-sections")
    done = subprocess.run(
        (*command, *small), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    made = tmp_path / "media" / "videos" / "mine" / "36p15"
    assert {path.name for path in made.iterdir() if path.suffix != ".key"} == {
        *("Wide.mp4", "Wide.gif", "Wide.webm", "sections")
    }
    assert (made / "sections" / "Wide.json").is_file()
    assert (tmp_path / "media" / "images" / "mine" / "Wide.png").is_file()


def test_manim_as_typed(manim: Callable[..., Path], rendered: Path) -> None:
    folder = manim("-ql", bar="display")
    made = folder / "videos" / "paged_cache" / "480p15" / "PagedCache.mp4"
    assert made.read_bytes() == rendered.read_bytes()
    subtitles = made.with_suffix(".srt").read_bytes()
    assert subtitles == rendered.with_suffix(".srt").read_bytes()
    log = (folder / "log").read_text(encoding="utf-8")
    assert "File ready at" in log
    assert "Animation 0: Write(" in log, "there is a bar for each play"


@pytest.mark.parametrize(
    ("options", "made"),
    [
        (("-n", "0,3", "-o", "part"), "videos/paged_cache/90p5/part.mp4"),
        (("-t",), "videos/paged_cache/90p5/PagedCache.mov"),
        (("--format", "webm"), "videos/paged_cache/90p5/PagedCache.webm"),
        (("--encoder-option", "crf=40"), "videos/paged_cache/90p5/PagedCache.mp4"),
        (("--format", "png-sequence"), "images/paged_cache/PagedCache/0000.png"),
        (("--dry_run",), ""),
    ],
    ids=" ".join,
)
def test_manims_other_options(
    manim: Callable[..., Path], options: tuple[str, ...], made: str
) -> None:
    folder = manim("-r", "160,90", "--fps", "5", *options)
    found = {
        str(path.relative_to(folder))
        for kind in ("videos", "images")
        for path in (folder / kind).rglob("*")
        if "partial_movie_files" not in path.parts and path.suffix != ".srt" and path.is_file()
    }
    assert made in found if made else not found
    log = (folder / "log").read_text(encoding="utf-8")
    assert ("FastRenderer: manim writes the file" in log) == bool(made and "part" not in made)


def test_manim_a_still(manim: Callable[..., Path]) -> None:
    (made,) = (manim("-ql", "-s") / "images" / "paged_cache").iterdir()
    with Image.open(made) as still:
        assert still.size == (854, 480)
        assert colors(still) > 20, "the end of the story, not what is left after it"


def test_manim_a_gif(manim: Callable[..., Path], rendered: Path) -> None:
    options = ("-r", "160,90", "--fps", "15", "--format", "gif")
    (made,) = (manim(*options) / "videos" / "paged_cache" / "90p15").glob("*.gif")
    with Image.open(made) as gif:
        assert gif.size == (160, 90)
        lengths = [image.info["duration"] for image in ImageSequence.Iterator(gif)]
    # At 15 images a second, manim's GIFs play as many hundredths of a second as come nearest.
    assert sum(lengths) / 1000 == pytest.approx(float(look(rendered).seconds), rel=0.1)


def test_manim_all_scenes_upright(manim: Callable[..., Path], rendered: Path) -> None:
    options = ("-ql", "-a", "-r", "480,854")
    (made,) = (manim(*options) / "videos" / "paged_cache").glob("*/PagedCache.mp4")
    video = look(made)
    assert video.size == (480, 854)
    assert video.seconds == look(rendered).seconds


def test_stock(rendered: Path, tmp_path: Path, story_folder: Path, python: Python) -> None:
    """manim's own command makes the same, in its own way."""
    folder = tmp_path / "stock"
    made = another_folder(rendered, story_folder, folder)
    render(python, folder, "--stock")
    assert look(made) == look(rendered)
    assert key_frames(made) > 10 > key_frames(rendered), "one for each play"
    for end in (".srt", ".vtt"):
        assert made.with_suffix(end).read_bytes() == rendered.with_suffix(end).read_bytes()
    # Another test may have put sections there since.
    others = {path.name for path in rendered.parent.iterdir() if "sections" not in path.name}
    assert {path.name for path in made.parent.iterdir()} == others
    assert "up to date" in render(python, folder, "--stock").stdout


SCENES = """\
from manim import *

VMobject.set_default(color=RED)

class Wide(Scene):
    def construct(self):
        print("hello")
        config.background_color = WHITE
        self.play(Create(Square()), run_time=0.4)
        self.play(FadeIn(PointCloudDot()), run_time=0.4)

class Raising(Scene):
    def construct(self):
        self.play(Create(Square()), run_time=0.4)
        helper()

class Seeing(MovingCameraScene):
    def construct(self):
        assert not sounds, "what one scene changes, another does not see"
        assert config.background_color == BLACK
        self.play(self.camera.frame.animate.scale(0.5), run_time=0.4)

sounds = []

def helper():
    sounds.append(1)
    raise ValueError("oops")
"""


def test_scenes_that_are_not_ours(tmp_path: Path) -> None:
    """One raises; the others are rendered, and each is told of once that manim draws."""
    (tmp_path / "mine.py").write_text(SCENES)
    command = (sys.executable, "-m", "pagereel", "render", "mine.py", "-q", "l")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert "hello" in lines
    assert sum("PointCloudDot" in line for line in lines) == 1
    assert sum("MovingCamera" in line for line in lines) == 1
    first, *trace = done.stderr.splitlines()
    assert first == "Raising: the scene raised"
    assert trace[1].endswith('mine.py", line 15, in construct')
    assert trace[-1] == "ValueError: oops"
    videos = tmp_path / "media" / "videos" / "mine" / "480p15"
    assert {path.name for path in videos.glob("*.mp4")} == {"Wide.mp4", "Seeing.mp4"}
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert [line.split()[-1] for line in again.stdout.splitlines()[-3:]] == [
        *("date", "failed", "date")
    ]


def test_what_is_not_written_fast_is_left_to_manim(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(SCENES)
    (tmp_path / "manim.cfg").write_text("[CLI]\n[video_encoder.options]\ncrf = 18\n")
    command = (sys.executable, "-m", "pagereel", "render", "mine.py", "Wide", "-q", "l")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Wide: manim renders this scene: manim's settings choose") == 1
    video = tmp_path / "media" / "videos" / "mine" / "480p15" / "Wide.mp4"
    assert look(video).images == 12


def test_a_story_with_a_length_is_no_longer(
    rendered: Path, tmp_path: Path, story_folder: Path, python: Python
) -> None:
    whole = look(rendered).seconds
    another_folder(rendered, story_folder, tmp_path)
    story = (tmp_path / "short.toml").read_text()
    assert whole > 20
    text = story.replace('caption = "It is gone."', 'caption = "It is gone."\noptional = true')
    (tmp_path / "short.toml").write_text(f"length = 20\n{text}")
    render(python, tmp_path, "--format", "mp4,gif")
    video = tmp_path / rendered.relative_to(story_folder)
    assert 19 < look(video).seconds <= 20
    with Image.open(video.with_suffix(".gif")) as gif:
        assert sum(image.info["duration"] for image in ImageSequence.Iterator(gif)) <= 20_000
    said = video.with_suffix(".srt").read_text(encoding="utf-8")
    assert [each.content for each in srt.parse(said)] == CAPTIONS


def test_a_film_of_scenes_is_one_video(
    rendered: Path, tmp_path: Path, story_folder: Path, python: Python
) -> None:
    another_folder(rendered, story_folder, tmp_path)
    take = '[[scenes]]\nscene = "PagedCache"\nstory = "short.toml"\n'
    (tmp_path / "twice.toml").write_text(f'{take}{take}beats = ["02-finish-a"]\n')
    done = python("-m", "pagereel", "render", "twice.toml", "-q", "l", folder=tmp_path)
    video = tmp_path / "media" / "videos" / "own_film" / "480p15" / "twice.mp4"
    assert str(video.relative_to(tmp_path)) in done.stdout
    with av.open(str(video)) as container:
        chapters = [(each["metadata"]["title"], each["start"]) for each in container.chapters()]
    assert [title for title, _ in chapters] == KEYS * 2
    subtitles = [*srt.parse(video.with_suffix(".srt").read_text(encoding="utf-8"))]
    assert [each.content for each in subtitles] == [*CAPTIONS, CAPTIONS[0], *CAPTIONS[2:]]
    for one, other in pairwise(subtitles):
        assert one.start < one.end <= other.start
    again = python("-m", "pagereel", "render", "twice.toml", "-q", "l", folder=tmp_path)
    assert "up to date" in again.stdout
    with (tmp_path / "short.toml").open("a") as story:
        story.write("# changed\n")
    changed = python("-m", "pagereel", "render", "twice.toml", "-q", "l", folder=tmp_path)
    assert "up to date" not in changed.stdout
