"""What manim's settings say about the files: how large, in which format, and where they go.

manim reads two files named manim.cfg, the user's and the working folder's, and a scene's file may
set more. The command line plans with what the first two say, and needs no manim for it. The worker
plans again if the scene's file has set something else.
"""

from __future__ import annotations

import configparser
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, TypeVar

from pagereel.errors import RenderError, RequestError
from pagereel.render.formats.registry import FORMATS, STILLS, paced, stem_of
from pagereel.render.freshness import manim_settings
from pagereel.render.job import Job
from pagereel.request import ALL_SECTIONS, EACH_SECTION, QUALITIES, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from manim._config.utils import ManimConfig

    from pagereel.request import Asked, SceneOptions, Video

T = TypeVar("T")

# manim's own defaults.
_FOLDERS = {
    "media_dir": "./media",
    "video_dir": "{media_dir}/videos/{module_name}/{quality}",
    "sections_dir": "{video_dir}/sections",
    "images_dir": "{media_dir}/images/{module_name}",
}
_NAMED = {
    **QUALITIES,
    "low_quality": QUALITIES["l"],
    "medium_quality": QUALITIES["m"],
    "high_quality": QUALITIES["h"],
    "production_quality": QUALITIES["p"],
    "fourk_quality": QUALITIES["k"],
    "example_quality": (854, 480, 30),
}
_NOTHING = ("dry_run", "live_preview", "enable_gui")  # settings that keep manim from writing
_WITHOUT_ALPHA = ("mp4", "webp")
_DEEPEST = 9  # folders that are named in folders
_LONGEST_PATH = 4096  # characters, the most that Linux takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """manim's settings of the files that a rendering makes; the defaults are manim's.

    Attributes
    ----------
    width, height
        In pixels.
    fps
        Images a second.
    format
        One of manim's formats.
    transparent
        Whether the background is, more or less.
    save_sections
        Whether each section is a file of its own, too.
    output_file
        What the file is called, if not as the scene.
    encodes
        Whether videos are to be encoded in another way than manim's usual one.
    folders
        The settings whose names end in `_dir`, as they are set: with fields in braces.
    nothing
        The settings because of which manim would write no file.
    """

    width: int = QUALITIES["h"][0]
    height: int = QUALITIES["h"][1]
    fps: float = QUALITIES["h"][2]
    format: str = "auto"
    transparent: bool = False
    save_sections: bool = False
    output_file: str = ""
    encodes: bool = False
    folders: dict[str, str] = field(default_factory=lambda: {**_FOLDERS})
    nothing: tuple[str, ...] = ()

    @classmethod
    def from_files(cls) -> Settings:
        """Return what the two files named manim.cfg set.

        Raises
        ------
        RequestError
            If one of them cannot be read, or a value in it cannot be.
        """
        parser = configparser.ConfigParser()
        try:
            parser.read(manim_settings())
        except (configparser.Error, UnicodeDecodeError) as error:
            words = " ".join(str(error).split())
            raise RequestError(f"manim.cfg: this is not a file of settings: {words}") from None
        found = _Section(parser)
        width = found.get("pixel_width", int, cls().width)
        height = found.get("pixel_height", int, cls().height)
        fps = found.get("frame_rate", float, cls().fps)
        if quality := found.get("quality", str, ""):
            if quality not in _NAMED:
                raise RequestError(
                    f"manim.cfg: quality = {quality}: name one of {', '.join(_NAMED)}"
                )
            width, height, fps = _NAMED[quality]
        return cls(
            width=width,
            height=height,
            fps=fps,
            format=found.get("format", _format, "auto"),
            transparent=found.get("background_opacity", float, 1.0) < 1,
            save_sections=found.get("save_sections", found.switch, default=False),
            output_file=found.get("output_file", str, ""),
            encodes=_sets_an_encoder(parser),
            folders={key: found.get(key, str, usual) for key, usual in _FOLDERS.items()},
            nothing=tuple(key for key in _NOTHING if found.get(key, found.switch, default=False)),
        )

    @classmethod
    def of(cls, config: ManimConfig) -> Settings:
        """Return what manim's `config` says, with all that the scene's file has set by now."""
        return cls(
            width=config.pixel_width,
            height=config.pixel_height,
            fps=config.frame_rate,
            format=_format(config.format or ""),
            transparent=config.background_opacity < 1,
            save_sections=config.save_sections,
            output_file=config.output_file or "",
            encodes=bool(config.video_encoder_options)
            or (config.video_codec, config.pixel_format) != ("auto", "auto"),
            folders={key: config[key] for key in _FOLDERS},
            nothing=tuple(key for key in _NOTHING if config[key]),
        )

    def changed(self, before: Settings) -> frozenset[str]:
        """Return the names of the attributes that have changed."""
        names = (each.name for each in fields(self))
        return frozenset(each for each in names if getattr(self, each) != getattr(before, each))

    def folder(self, key: str, **known: str) -> Path:
        """Return a folder, as manim resolves it.

        Parameters
        ----------
        known
            What the fields in braces stand for, besides other folders.
        """
        words = {**self.folders, **known}
        path = said = words.pop(key)
        for _ in range(_DEEPEST):
            path = _filled(path, words)
        if not path or "{" in path:
            raise RenderError(f"{key} = {said!r}: this names no folder; correct manim's setting")
        return Path(path)

    def name(self, **known: str) -> Path | None:
        """Return what the file is called, if not as the scene."""
        said = self.output_file
        if said and not (name := _filled(said, known)):
            raise RenderError(
                f"output_file = {said!r}: this names no file; correct manim's setting"
            )
        return Path(name) if said else None


def _filled(path: str, words: Mapping[str, str]) -> str:
    """Return a path with words in place of its fields; empty, if it has others or is too long."""
    try:
        parts = [*Formatter().parse(path)]
    except ValueError:  # a brace is missing
        return ""
    if any(
        field is not None and (field not in words or spec or form) for _, field, spec, form in parts
    ):
        return ""
    pieces = [piece for text, field, *_ in parts for piece in (text, words.get(field or "", ""))]
    return "".join(pieces) if sum(map(len, pieces)) <= _LONGEST_PATH else ""


class _Section:
    """The section of manim.cfg that counts."""

    def __init__(self, parser: configparser.ConfigParser) -> None:
        self._found = dict(parser.items("CLI", raw=True)) if parser.has_section("CLI") else {}

    def get(self, key: str, read: Callable[[str], T], default: T) -> T:
        text = self._found.get(key)
        if text is None or (not text and read is not str):
            return default
        try:
            return read(text)
        except ValueError:
            raise RequestError(f"manim.cfg: {key} = {text}: manim cannot use this value") from None

    @staticmethod
    def switch(text: str) -> bool:
        try:
            return configparser.ConfigParser.BOOLEAN_STATES[text.lower()]
        except KeyError:
            raise ValueError(text) from None


def _sets_an_encoder(parser: configparser.ConfigParser) -> bool:
    options, chosen = "video_encoder.options", "video_encoder"
    if parser.has_section(options) and parser.items(options, raw=True):
        return True
    values = parser.items(chosen, raw=True) if parser.has_section(chosen) else []
    return any(value != "auto" for key, value in values if key in {"codec", "pixel_format"})


def _format(text: str) -> str:
    return text.lower().replace("_", "-") or "auto"


def plan(file: Path, scene: str, asked: Asked, settings: Settings, options: SceneOptions) -> Job:
    """Plan the files of a scene: what the command line does not say, manim's settings say.

    Raises
    ------
    RenderError
        If they say what cannot be done. Nothing has been drawn by then.
    """
    name = f"{scene}: manim's setting"
    for key in settings.nothing:
        raise RenderError(f"{name} {key} is on, so no file would be written; take it out")
    formats, sections = _formats_and_sections(scene, asked, settings)
    video = paced(asked.video(settings.width, settings.height, settings.fps), formats)
    _require_size(f"{name}s", video, formats, opaque=not settings.transparent)
    why = "its background is transparent" if settings.transparent else ""
    if video.width % 2 or video.height % 2:
        why = why or "its pictures have an odd number of pixels across or down"
    if settings.encodes and not all(FORMATS[each].is_still for each in formats):
        why = why or "manim's settings choose another encoder, or options of it"
    if by_manim := [each for each in formats if not FORMATS[each].writer]:
        why = why or f"{by_manim[0].upper()} files are only made by manim"
    request = Request(
        file=file,
        scene=scene,
        options=options,
        video=video,
        formats=formats,
        sections=sections,
        asked=asked,
    )
    if asked.output:
        folder, stem = asked.output.parent, stem_of(asked.output.name, formats[0])
        return Job(request, folder, stills=folder, called=stem, manims=why, alone=True)
    if settings.output_file and asked.scenes > 1:
        raise RenderError(f"{name} output_file names one file for all scenes; name one scene")
    known = {"module_name": file.stem, "scene_name": scene, "quality": video.label}
    called = settings.name(**known) or Path(asked.called or scene)
    stem = called.stem if called.suffix in {f".{each}" for each in formats} else called.name
    videos, images = (settings.folder(key, **known) for key in ("video_dir", "images_dir"))
    return Job(
        request,
        (images if EACH_SECTION in sections else videos) / called.parent,
        stills=images / called.parent,
        called=None if stem == scene else stem,
        manims=why,
    )


def _require_size(name: str, video: Video, formats: tuple[str, ...], *, opaque: bool) -> None:
    """Raise a `RenderError` if pictures of this size are not for one of the formats."""
    width, height = video.width, video.height
    said = f"{name} pixel_width and pixel_height are {width} and {height}"
    for each in formats:
        made = FORMATS[each]
        if made.longest_side and max(width, height) > made.longest_side:
            most = f"{made.longest_side} are the most for {each}"
            raise RenderError(f"{said}: {most}; make them smaller")
        if made.even_sides and opaque and (width % 2 or height % 2):
            raise RenderError(
                f"{said}: both have to be even for {each}; correct them, or take webm or png"
            )


def _formats_and_sections(
    scene: str, asked: Asked, settings: Settings
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the formats to make, and the sections; `STILLS` are images of all sections."""
    if asked.formats == (STILLS,):
        return ("png",), (EACH_SECTION,)
    formats = asked.formats or (_own_format(scene, settings),)
    name = f"{scene}: manim's setting"
    opaque = [each for each in formats if each in _WITHOUT_ALPHA]
    if opaque and settings.transparent:
        raise RenderError(
            f"{name} background_opacity makes it transparent, which no {opaque[0]} can be; "
            "take --format mov, webm, gif or png"
        )
    sections = asked.sections or ((ALL_SECTIONS,) if settings.save_sections else ())
    if sections and settings.folders["sections_dir"] != _FOLDERS["sections_dir"]:
        raise RenderError(f"{name} sections_dir is not followed; take it out, or save no sections")
    whole = [each for each in formats if FORMATS[each].of_whole]
    if whole and sections and ALL_SECTIONS not in sections:
        raise RenderError(f"{scene}: a {whole[0]} shows the whole scene; leave --section out")
    return formats, sections


def _own_format(scene: str, settings: Settings) -> str:
    """Return the format that manim's settings choose."""
    if settings.format == "auto":
        return "mov" if settings.transparent else "mp4"
    if settings.format not in FORMATS:
        raise RenderError(
            f"{scene}: manim's setting format = {settings.format}: pagereel makes no such files; "
            f"take one of {', '.join(FORMATS)}, or render it with `manim`"
        )
    return settings.format


def plan_again(job: Job, before: Settings, now: Settings) -> Job:
    """Plan anew what a scene's file has changed of manim's settings, which holds with manim, too.

    Parameters
    ----------
    before, now
        manim's settings before and after the file was read.
    """
    asked, changed = job.request.asked, now.changed(before)
    if asked is None or not changed:
        return job
    if changed & {"width", "height"}:
        asked = replace(asked, size=(now.width, now.height))
    if "fps" in changed:
        asked = replace(asked, fps=now.fps)
    if "format" in changed:
        asked = replace(asked, formats=None)
    request = job.request
    return plan(request.file, request.scene, asked, now, request.options)
