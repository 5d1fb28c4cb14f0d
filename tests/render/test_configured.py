"""What manim's settings say about files: read without manim, as manim reads them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from manim._config.utils import ManimConfig, make_config_parser

from pagereel.errors import PagereelError
from pagereel.render.configured import Settings, plan, plan_again
from pagereel.request import Asked, SceneOptions

FILE = Path("talk.py")
SIZED = "quality = m\n"
PLACED = (
    "media_dir = out\nvideo_dir = {media_dir}/{scene_name}/{quality}\nimages_dir = {video_dir}/i\n"
)


@pytest.fixture
def cfg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the place of a manim.cfg in the current folder; the user has none."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "manim.cfg"


def write(cfg: Path, lines: str) -> None:
    cfg.parent.mkdir(parents=True, exist_ok=True)
    cfg.write_text(f"[CLI]\n{lines}")


@pytest.mark.parametrize(
    "lines",
    [
        "",
        SIZED,
        "quality = example_quality\n",
        "pixel_width = 640\npixel_height = 360\nframe_rate = 12.5\n",
        PLACED,
        "format = PNG_sequence\noutput_file = other\nsave_sections = yes\n",
        "background_opacity = 0.5\ndry_run = on\n",
        "[video_encoder]\ncodec = libx265\n",
        "[video_encoder.options]\ncrf = 18\n",
    ],
)
def test_it_reads_what_manim_reads(cfg: Path, lines: str) -> None:
    write(cfg, lines)
    assert Settings.from_files() == Settings.of(ManimConfig().digest_parser(make_config_parser()))


def test_the_folders_file_takes_precedence_over_the_users(cfg: Path) -> None:
    write(cfg.parent / "home/.config/manim/manim.cfg", "pixel_width = 640\npixel_height = 200\n")
    write(cfg, "pixel_width = 320\n")
    assert (Settings.from_files().width, Settings.from_files().height) == (320, 200)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("pixel_width = wide", "pixel_width = wide: manim cannot use this value"),
        ("dry_run = perhaps", "dry_run = perhaps: manim cannot use this value"),
        ("quality = best", "quality = best: name one of l, m, h"),
        ("nonsense", "this is not a file of settings"),
        ("dry_run = True", "S: manim's setting dry_run is on, so no file would be written"),
        ("format = none", "S: manim's setting format = none: pagereel makes no such files"),
        ("format = png-sequence", "setting format = png-sequence"),
        ("media_dir = {video_dir}", "media_dir = '{video_dir}'|video_dir ="),
        ("sections_dir = s\nsave_sections = 1", "setting sections_dir is not followed"),
        ("output_file = {x}", "output_file = '{x}': this names no file"),
        ("output_file = {0}", "this names no file"),
        ("output_file = {", "this names no file"),
        ("output_file = {scene_name.__class__}", "this names no file"),
        ("output_file = {scene_name!r}", "this names no file"),
        ("video_dir = {media_dir:>99999999999}", "this names no folder"),
        ("output_file = {quality:>99999999999}", "this names no file"),
        (f"video_dir = {'{images_dir}' * 9999}\nimages_dir = {'x' * 9999}", "names no folder"),
    ],
)
def test_what_cannot_be_is_refused_by_name(cfg: Path, lines: str, says: str) -> None:
    write(cfg, lines)
    with pytest.raises(PagereelError, match=says) as caught:
        plan(FILE, "S", Asked(), Settings.from_files(), SceneOptions())
    assert len(str(caught.value)) <= 300
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("size", "formats", "says"),
    [
        ((16_384, 2), ("mp4",), ""),
        ((16_386, 2), ("mp4",), "are 16386 and 2: 16384 are the most for mp4; make them smaller"),
        ((2, 16_386), ("png", "mov"), ""),
        ((2, 16_384), ("webp",), "are 2 and 16384: 16383 are the most for webp"),
        ((97, 55), ("png", "webm"), ""),
        (
            (97, 54),
            ("mp4",),
            "are 97 and 54: both have to be even for mp4; correct them, or take webm",
        ),
        ((96, 55), ("gif",), "are 96 and 55: both have to be even for gif"),
    ],
)
def test_which_sizes_a_format_can_have(
    size: tuple[int, int], formats: tuple[str, ...], says: str
) -> None:
    settings = Settings(width=size[0], height=size[1])
    if says:
        with pytest.raises(PagereelError, match=f"S: manim's settings pixel_width and .* {says}"):
            plan(FILE, "S", Asked(formats=formats), settings, SceneOptions())
    else:
        job = plan(FILE, "S", Asked(formats=formats), settings, SceneOptions())
        odd = "its pictures have an odd number of pixels across or down"
        assert job.manims == (
            odd if size[0] % 2 else "" if formats != ("png", "mov") else job.manims
        )


def test_pictures_of_odd_sizes_may_be_transparent() -> None:
    settings = Settings(width=97, height=55, transparent=True)
    job = plan(FILE, "S", Asked(formats=("gif", "mov")), settings, SceneOptions())
    assert job.manims == "its background is transparent"


def test_no_mp4_is_transparent(cfg: Path) -> None:
    write(cfg, "background_opacity = 0")
    settings = Settings.from_files()
    with pytest.raises(PagereelError, match="background_opacity makes it transparent"):
        plan(FILE, "S", Asked(formats=("gif", "mp4")), settings, SceneOptions())
    for formats in (None, ("gif", "png")):
        job = plan(FILE, "S", Asked(formats=formats), settings, SceneOptions())
        assert job.request.formats == (formats or ("mov",))
        assert job.manims == "its background is transparent"


@pytest.mark.parametrize(
    ("lines", "asked", "made"),
    [
        ("", Asked(), "media/videos/talk/1080p60/S.mp4"),
        (SIZED, Asked(), "media/videos/talk/720p30/S.mp4"),
        (SIZED, Asked(fps=12), "media/videos/talk/720p12/S.mp4"),
        (SIZED, Asked(quality="l"), "media/videos/talk/480p15/S.mp4"),
        (SIZED, Asked(quality="l", size=(100, 50)), "media/videos/talk/50p15/S.mp4"),
        (PLACED, Asked(), "out/S/1080p60/S.mp4"),
        (PLACED, Asked(formats=("png",)), "out/S/1080p10/i/S.png"),
        ("format = gif", Asked(), "media/videos/talk/1080p50/S.gif"),
        ("format = gif", Asked(formats=("webm",)), "media/videos/talk/1080p60/S.webm"),
        ("output_file = a/other.mp4", Asked(), "media/videos/talk/1080p60/a/other.mp4"),
        ("output_file = v1.2", Asked(), "media/videos/talk/1080p60/v1.2.mp4"),
        ("save_sections = 1", Asked(), "media/videos/talk/1080p60/S.mp4"),
    ],
)
def test_the_command_line_takes_precedence(cfg: Path, lines: str, asked: Asked, made: str) -> None:
    write(cfg, lines)
    job = plan(FILE, "S", asked, Settings.from_files(), SceneOptions())
    assert job.outputs == (Path(made),)
    assert job.request.sections == (("*",) if "sections" in lines else ())
    assert not job.manims


@pytest.mark.parametrize(
    ("lines", "asked", "made"),
    [
        ("", Asked(called="S-light"), "media/videos/talk/1080p60/S-light.mp4"),
        ("output_file = other", Asked(called="S-light"), "media/videos/talk/1080p60/other.mp4"),
        ("", Asked(output=Path("doc/v1.2.gif"), formats=("gif",)), "doc/v1.2.gif"),
        ("", Asked(output=Path("a.png"), formats=("png",)), "a.png"),
        ("", Asked(output=Path("a-sheet.png"), formats=("sheet",)), "a-sheet.png"),
        (PLACED, Asked(output=Path("a.mp4"), formats=("mp4",)), "a.mp4"),
        ("output_file = b", Asked(output=Path("a.mp4"), formats=("mp4",)), "a.mp4"),
        ("", Asked(formats=("sheet",)), "media/images/talk/S-sheet.png"),
        ("", Asked(formats=("mp4", "sheet")), "media/videos/talk/1080p60/S.mp4"),
    ],
)
def test_what_files_are_called(cfg: Path, lines: str, asked: Asked, made: str) -> None:
    write(cfg, lines)
    settings = Settings.from_files()
    job = plan(FILE, "S", asked, settings, SceneOptions())
    assert job.target == job.outputs[0] == Path(made)
    assert job.alone == bool(asked.output)
    changed = plan_again(job, settings, replace(settings, fps=12))
    assert changed.target.name == Path(made).name


def test_stills_are_pictures_of_all_sections() -> None:
    job = plan(FILE, "S", Asked(formats=("stills",)), Settings(), SceneOptions())
    assert job.outputs == ()
    assert job.request.formats == ("png",)
    assert job.request.sections == ("?*",)
    assert (job.target, job.kind) == (
        Path("media/images/talk/S.sections"),
        "1080p10 png, one a section",
    )


def test_a_sheet_is_of_the_whole_scene() -> None:
    with pytest.raises(PagereelError, match="S: a sheet shows the whole scene; leave --section"):
        plan(FILE, "S", Asked(formats=("sheet",), sections=("a",)), Settings(), SceneOptions())
    plan(FILE, "S", Asked(formats=("sheet",), sections=("*",)), Settings(), SceneOptions())


def test_scenes_do_not_share_a_file() -> None:
    """Also if it is the scene's file that names it."""
    job = plan(FILE, "S", Asked(scenes=2), Settings(), SceneOptions())
    with pytest.raises(PagereelError, match="setting output_file names one file for all scenes"):
        plan_again(job, Settings(), Settings(output_file="other"))


def test_another_encoder_is_manims(cfg: Path) -> None:
    write(cfg, "[video_encoder.options]\ncrf = 18\n")
    jobs = [
        plan(FILE, "S", Asked(formats=(each,)), Settings.from_files(), SceneOptions())
        for each in ("mp4", "png", "mov")
    ]
    assert [bool(job.manims) for job in jobs] == [True, False, True]


def test_the_scenes_file_takes_precedence_over_the_command_line() -> None:
    """So it is with manim, which reads the file last."""
    asked = Asked(quality="l", formats=("webm",))
    job = plan(FILE, "S", asked, Settings(), SceneOptions())
    before = Settings(width=854, height=480, fps=15)
    assert plan_again(job, before, before) == job
    now = Settings(width=640, height=360, fps=15, format="gif", output_file="other")
    again = plan_again(job, before, now)
    assert again.outputs == (Path("media/videos/talk/360p10/other.gif"),)
    assert job.changed(again.facts).facts == again.facts


def test_a_rate_of_a_quality_is_a_whole_number() -> None:
    """As with manim: scenes count with it."""
    for quality in "lmhpk":
        assert isinstance(Asked(quality=quality).video(1, 1, 1.0).fps, int)


def test_the_table_names_all_of_manims_settings() -> None:
    text = (Path(__file__).parents[2] / "docs/render.md").read_text(encoding="utf-8")
    rows = text.split("## manim's settings")[1].split("\n## ")[0].splitlines()
    named = {
        name
        for row in rows
        if row.startswith("| `")
        for name in re.findall("`([a-z_]+)`", row.split("|")[1])
    }
    assert named == ManimConfig._OPTS | {"save_last_frame", "transparent"}
