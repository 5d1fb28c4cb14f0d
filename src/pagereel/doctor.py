"""Look at what rendering needs: `pagereel doctor` says what is there and what is missing.

Nothing here imports manim, which takes seconds; its version stands in its metadata. Only where
there is a manim.cfg, another process does, which finds out whether manim can use that.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.assets import FONTS, ROOT
from pagereel.discovery.choose import ask
from pagereel.errors import PagereelError, printable
from pagereel.languages import CODES, by_code
from pagereel.render.freshness import manim_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEDIA = Path("media")
ENOUGH_SPACE = 500_000_000
"""Bytes that all scenes in every quality fit into many times over."""
_EXTRAS = {"dask": "--dask", "watch": "`pagereel watch`"}
"""What the optional packages are for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    name
        What was looked at.
    ok
        Whether it is there and fit for use.
    detail
        What was found.
    advice
        What to do if it is not: a command for the shell, where one is enough.
    needed
        Whether rendering needs it; if not, it is only said.
    """

    name: str
    ok: bool
    detail: str
    advice: str = ""
    needed: bool = True


def doctor() -> int:
    """Print what was found, a line each.

    Returns
    -------
    int
        0 if all is there that rendering needs, otherwise 1.
    """
    findings = diagnose()
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        state = "ok" if finding.ok else "missing" if finding.needed else "-"
        advice = "" if finding.ok else f"; {finding.advice}"
        line = f"{state:<7}  {finding.name:<{width}}  {finding.detail}{advice}"
        sys.stdout.write(f"{printable(line)}\n")
    return 0 if all(finding.ok for finding in findings if finding.needed) else 1


def diagnose(fonts: Iterable[Path] = FONTS, media: Path = MEDIA) -> list[Finding]:
    """Look at everything.

    Parameters
    ----------
    fonts
        The font files that scenes draw with.
    media
        The folder that videos are written to; it need not exist yet.
    """
    return [
        *_versions(),
        _module("pycairo", "cairo", "cairo_version_string", "cairo"),
        _module("ManimPango", "manimpango", "pango_version", "pango"),
        _video_encoder(),
        *(_font(path) for path in fonts),
        *_letters(),
        *_settings(),
        _writable(media),
        _space(media),
        _build_tools(),
    ]


def fits(version: str, specifier: str) -> bool:
    """Tell whether a version fits a specifier such as `>=0.22,<0.23`.

    Only `>=` and `<` are known, the two that pyproject.toml uses.
    """
    wanted = [
        (clause[1], _release(clause[2])) for clause in re.finditer(r"(>=|<)([\d.]+)", specifier)
    ]
    release = _release(version)
    return all(release >= bound if sign == ">=" else release < bound for sign, bound in wanted)


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def _versions() -> Iterator[Finding]:
    """Yield Python and the packages that pagereel's own metadata asks for."""
    own = metadata.metadata("pagereel")
    running = ".".join(map(str, sys.version_info[:3]))
    wanted = own["Requires-Python"]
    yield Finding("Python", fits(running, wanted), running, f"pagereel needs Python {wanted}")
    for requirement in metadata.requires("pagereel") or ():
        wanted, _, condition = requirement.partition(";")
        extra = re.search(r"""extra *== *["'](.+?)["']""", condition)
        yield _package(wanted.strip(), extra[1] if extra else None)


def _package(wanted: str, extra: str | None) -> Finding:
    """Look at a package, such as `numpy>=2`; `extra` is the option for which alone it is needed."""
    name = re.split(r"[<>=!~ ]", wanted, maxsplit=1)[0]
    specifier = wanted.removeprefix(name)
    advice = _pip(wanted)
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        if extra:
            detail = f"not installed, and needed only for {_EXTRAS.get(extra, extra)}"
            return Finding(name, ok=False, detail=detail, advice=advice, needed=False)
        return Finding(name, ok=False, detail="not installed", advice=advice)
    ok = fits(version, specifier)
    detail = version if ok else f"{version}, but pagereel needs {specifier}"
    return Finding(name, ok, detail, advice, needed=not extra)


def _pip(*wanted: str) -> str:
    """Return a command that installs into the environment that was looked at, for any shell."""
    return shlex.join((sys.executable, "-m", "pip", "install", *wanted))


def _module(package: str, module: str, library_version: str, library: str) -> Finding:
    """Import a compiled module, which fails if the library under it is gone."""
    try:
        found = import_module(module)
    except ImportError as error:
        advice = _pip("--force-reinstall", "--no-cache-dir", package)
        return Finding(package, ok=False, detail=str(error), advice=advice)
    version = getattr(found, library_version)()
    return Finding(package, ok=True, detail=f"{metadata.version(package)} on {library} {version}")


def _video_encoder() -> Finding:
    advice = _pip("--force-reinstall", "--no-cache-dir", "av")
    try:
        av = import_module("av")
    except ImportError as error:
        return Finding("PyAV", ok=False, detail=str(error), advice=advice)
    ok = "libx264" in av.codecs_available
    detail = f"{av.__version__} {'with' if ok else 'without'} libx264"
    return Finding("PyAV", ok, detail, advice)


def _font(path: Path) -> Finding:
    ok = path.is_file()
    is_checkout = path.is_relative_to(ROOT) and (ROOT.parent / ".git").exists()
    advice = (
        f"git checkout -- {shlex.quote(str(path))}" if is_checkout else "install pagereel again"
    )
    return Finding(path.stem, ok, "font file" if ok else f"no font file {path}", advice)


def _letters() -> Iterator[Finding]:
    """Look for fonts that have all letters of Chinese, Japanese and Korean."""
    try:
        installed = set(import_module("manimpango").list_fonts())
    except ImportError:  # said already
        return
    for language in map(by_code, CODES[1:]):
        own, *others = language.fonts
        font = next((font for font in others if font in installed), None)
        yield Finding(
            f"{language.name} font",
            ok=font is not None,
            detail=font or f"only {own}, which has the letters of our own stories",
            advice="for others, install Noto Serif CJK: apt-get install fonts-noto-cjk",
            needed=False,
        )


def _settings() -> Iterator[Finding]:
    """Have manim read the files named manim.cfg that there are."""
    name, files = "manim's settings", [str(path) for path in manim_settings() if path.is_file()]
    if files:
        try:
            ask([])
        except PagereelError as error:
            detail, advice = str(error).removesuffix("; correct it"), "correct it"
            yield Finding(name, ok=False, detail=detail, advice=advice)
        else:
            yield Finding(name, ok=True, detail=" and ".join(files))


def _writable(media: Path) -> Finding:
    folder = _existing(media)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        advice = "make it writable, or work in another folder"
        return Finding(f"{media}/", ok=False, detail=f"{folder}: {error.strerror}", advice=advice)
    return Finding(f"{media}/", ok=True, detail="can be written")


def _space(media: Path) -> Finding:
    free = shutil.disk_usage(_existing(media)).free
    advice = f"make room: {ENOUGH_SPACE / 1e9:.1f} GB are enough"
    return Finding("disk space", free >= ENOUGH_SPACE, f"{free / 1e9:.1f} GB free", advice)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.absolute().parents) if path.is_dir())


def _build_tools() -> Finding:
    """Look at what pycairo and ManimPango are compiled with; once compiled, they do without."""
    lacking = [command for command in ("cc", "pkg-config") if shutil.which(command) is None]
    if "pkg-config" not in lacking and not _has_headers("cairo", "pangocairo"):
        lacking.append("headers of cairo and pango")
    detail = (
        f"no {', no '.join(lacking)}" if lacking else "cc, pkg-config, headers of cairo and pango"
    )
    advice = "needed only to install: tools/setup.sh gets them"
    return Finding("build tools", not lacking, detail, advice, needed=False)


def _has_headers(*libraries: str) -> bool:
    command = ["pkg-config", "--exists", *libraries]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603
