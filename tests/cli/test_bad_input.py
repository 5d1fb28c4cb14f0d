"""Whatever is wrong: one line, exit code 2, and what was rendered before is as it was.

The line that a message must name ends with the comment ``# here``.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest

from pagereel.assets import FONTS, ROOT

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.cli.conftest import Python

START = 'title = "T"\n[pool]\nframes = 8\n[[events]]\narrive = "A"\nframes = [0, 1]\n'
EXPAND = f"{START}[[events]] # here\n"
POOL = 'title = "T"\n[pool]\nframes = 16\n'
ARRIVE = '[[events]]{here}\narrive = "T{task}"\npages = 1\n'
SIX = "".join(ARRIVE.format(here=" # here" if task == 5 else "", task=task) for task in range(6))
NINE = '[[events]] # here\narrive = "A"\npages = 9\n'
LIMITS = "PagedCache shows pools of up to 16 frames, 5 tasks at once, 8 pages a task"

# Name, storyboard, and how the message goes on after file and line.
STORIES = [
    ("broken TOML", "title = # here\n", "this is not TOML: Invalid value"),
    ("key twice in TOML", 'title = "T"\ntitle = "T" # here\n', "this is not TOML: Cannot overwr"),
    (
        "unknown key",
        f"{START}[[events]]\nexpand = 'A'\nframe = 4 # here",
        "event 2 (expand A): unknown key 'frame'; did you mean frames?",
    ),
    ("wrong type", START.replace("8", '"8" # here'), "frames must be a whole number, not '8'"),
    ("out of range", f"{EXPAND}expand = 'A'\nframes = [8]", "event 2 (expand A): frame 8 does not"),
    ("taken twice", f"{EXPAND}expand = 'A'\nframes = [1]", "event 2 (expand A): frame 1 is held"),
    ("unknown task", f"{EXPAND}finish = 'B'", "event 2 (finish B): there is no task B"),
    ("task twice", f"{EXPAND}arrive = 'A'\npages = 1", "event 2 (arrive A): task A is already in"),
    (
        "key twice",
        f'{START}key = "a"\n[[events]]\nfinish = "A"\nkey = "a" # here',
        "event 2 (finish A): key 'a' is that of event 1",
    ),
    ("mask", f'{EXPAND}finish = "A"\nmask = "11111100"', "event 2 (finish A): mask says 11111100"),
    ("empty", "", "title is missing"),
    ("no events", 'title = "T"\n[pool]\nframes = 8\n', "the story has no events"),
    (
        "long caption",
        f"{START}caption = '{'x' * 500}' # here",
        "event 1 (arrive A): caption has 50",
    ),
    ("markup", f"{START}caption = '<b>x</b>' # here", "event 1 (arrive A): caption has the markup"),
    (
        "control character",
        f'{START}caption = "\\u001b[2J" # here',
        "event 1 (arrive A): caption has the invisible character U+001B",
    ),
]
# These are found by the scene, in the worker: it alone knows what it can show.
LARGE = [
    ("4,096 frames", START.replace("8", "4_096 # here"), f"a pool of 4096 frames; {LIMITS}"),
    ("six tasks", f"{POOL}{SIX}", f"event 6 (arrive T5): 6 tasks at once; {LIMITS}"),
    ("nine pages", f"{POOL}{NINE}", f"event 1 (arrive A): A has 9 pages; {LIMITS}"),
]


class Earlier(NamedTuple):
    """What was rendered before."""

    folder: Path
    content: dict[str, tuple[bytes, int]]


@pytest.fixture
def earlier(folder: Path) -> Earlier:
    media = folder / "media" / "videos" / "paged_cache" / "480p15"
    media.mkdir(parents=True)
    for name in ("PagedCache.mp4", "PagedCache.srt", ".PagedCache.mp4.key"):
        (media / name).write_text(f"an earlier {name}")
        os.utime(media / name, (1_000_000_000, 1_000_000_000))
    return Earlier(media, _content(media))


def check(earlier: Earlier, done: subprocess.CompletedProcess[str], message: str) -> None:
    assert done.stderr.startswith(f"pagereel: {message}")
    assert done.stderr.endswith("\n")
    assert done.stderr[:-1].isprintable(), "is one line"
    assert done.stdout == ""
    assert done.returncode == 2
    assert _content(earlier.folder) == earlier.content


def _content(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Read all files below a folder, with the times of their last change."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def _place(text: str) -> str:
    numbered = enumerate(text.split("\n"), 1)
    line = next((number for number, line in numbered if line.endswith("# here")), None)
    return f"story.toml:{line}" if line else "story.toml"


RENDER = ("render", "--quality", "l")
PYTHON_RENDER = ("-m", "pagereel", *RENDER)


# The scene's limits are checked in the worker, as the fonts are; tests/stage knows them all.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "message"), [pytest.param(*case[1:], id=case[0]) for case in LARGE]
)
def test_a_story_that_the_scene_cannot_tell(
    folder: Path, python: Python, earlier: Earlier, text: str, message: str
) -> None:
    (folder / "story.toml").write_text(text)
    done = python(*PYTHON_RENDER, "--story", "story.toml")
    check(earlier, done, f"{_place(text)}: {message}")


@pytest.mark.parametrize(
    ("text", "message"), [pytest.param(*case[1:], id=case[0]) for case in STORIES]
)
def test_a_story_that_cannot_be_told(
    folder: Path, pagereel: Python, earlier: Earlier, text: str, message: str
) -> None:
    (folder / "story.toml").write_text(text)
    done = pagereel(*RENDER, "--story", "story.toml")
    check(earlier, done, f"{_place(text)}: {message}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--story", "none.toml"), "none.toml: there is no such file; check the path"),
        (("--story", "scenes"), "scenes: this is a folder; name a file in it"),
        (("--story", "a\nb"), "a\\nb: there is no such file; check the path"),
        (
            ("Pagedcache",),
            "there is no scene 'Pagedcache' in scenes/; did you mean PagedCache? known: ",
        ),
        (
            ("--quality", "8k"),
            "argument -q/--quality: invalid choice: '8k'; did you mean k? known: l, m, ",
        ),
        (
            ("--theme", "blue"),
            "argument --theme: invalid choice: 'blue'; known: dark, light; see pagereel ",
        ),
        (
            ("--dask", "host"),
            "argument --dask: 'host' is not the address of a Dask scheduler, such as",
        ),
        (("--dask", "tcp://a:1", "--stock"), "--stock and --dask: manim itself uses no cluster;"),
        (("--dask-files", "*.mp4"), "--dask-files: say with --dask where they have to go"),
        (("--themes", "x" * 900), "unrecognized arguments: --themes; did you mean --theme?; see "),
        (("--" + "x" * 900,), f"unrecognized arguments: --{'x' * 97}…; see pagereel render --help"),
        (("PagedCache", "--a\nb"), "unrecognized arguments: --a\\nb; see pagereel render --help"),
    ],
)
def test_a_wrong_argument(
    pagereel: Python, earlier: Earlier, arguments: tuple[str, ...], message: str
) -> None:
    check(earlier, pagereel(*RENDER, *arguments), message)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"PAGEREEL_STORY": "none.toml"}, "none.toml: there is no such file; check the path"),
        ({"PAGEREEL_THEME": "blue"}, "there is no theme 'blue'; themes are dark, "),
    ],
)
def test_a_wrong_environment(
    pagereel: Python, earlier: Earlier, variables: dict[str, str], message: str
) -> None:
    check(earlier, pagereel(*RENDER, **variables), message)


def test_no_scenes(folder: Path, pagereel: Python, earlier: Earlier) -> None:
    (folder / "scenes" / "paged_cache.py").unlink()
    check(earlier, pagereel(*RENDER), "scenes/: there is no scene in it; write one or restore the")


def test_a_scene_that_is_no_python(folder: Path, python: Python, earlier: Earlier) -> None:
    (folder / "scenes" / "broken.py").write_text('"""A scene."""\n\nclass Broken(Scene:\n')
    check(earlier, python(*PYTHON_RENDER), "scenes/broken.py:3: this is not valid Python: ")


@pytest.mark.slow
def test_a_caption_that_is_too_wide(folder: Path, python: Python, earlier: Earlier) -> None:
    """The reader counts characters; how wide they are, only the stage knows."""
    (folder / "story.toml").write_text(f"{START}caption = '{'W' * 100}'\n")
    done = python(*PYTHON_RENDER, "--story", "story.toml")
    assert "is too wide for this picture; shorten it" in done.stderr
    check(earlier, done, "story.toml:4: event 1 (arrive A): the text 'WWW")


@pytest.mark.slow
def test_a_missing_font(folder: Path, python: Python, earlier: Earlier) -> None:
    package = folder / "checkout" / "src" / "pagereel"
    shutil.copytree(ROOT.parent / "src" / "pagereel", package)
    shutil.copytree(ROOT, folder / "checkout" / "assets")
    font = folder / "checkout" / "assets" / "fonts" / FONTS[1].name
    font.unlink()
    done = python(*PYTHON_RENDER, PYTHONPATH=str(package.parent))
    check(earlier, done, f"{font}: this font is missing; restore it with `git check")


@pytest.mark.slow
def test_manim_says_it_as_well(folder: Path, python: Python, earlier: Earlier) -> None:
    text = STORIES[5][1]
    (folder / "story.toml").write_text(text)
    manim = ("-m", "manim", "--hide-splash", "-ql", "scenes/paged_cache.py", "PagedCache")
    done = python(*manim, PAGEREEL_STORY="story.toml")
    check(earlier, done, f"{_place(text)}: {STORIES[5][2]}")
