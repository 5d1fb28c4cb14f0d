"""What `pagereel doctor` finds."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib import import_module, metadata
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NoReturn

import pytest
from packaging.requirements import Requirement

from pagereel import doctor as doctor_module
from pagereel.doctor import Finding, diagnose, doctor, fits

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def found(name: str, *, fonts: tuple[Path, ...] = (), media: Path = Path("media")) -> Finding:
    return next(finding for finding in diagnose(fonts, media) if finding.name == name)


def test_what_the_tests_run_on_is_found() -> None:
    missing = [finding for finding in diagnose() if finding.needed and not finding.ok]
    assert missing == []


@pytest.mark.parametrize(
    ("version", "specifier", "fitting"),
    [
        ("0.22.0", ">=0.22,<0.23", True),
        ("0.21.9", ">=0.22,<0.23", False),
        ("0.23.0", "<0.23,>=0.22", False),
        ("2.9", ">=2.9", True),
        ("2.10.1", ">=2.9", True),
        ("3.15.0", "<3.15,>=3.11", False),
    ],
)
def test_versions_are_compared_by_their_numbers(
    version: str, specifier: str, *, fitting: bool
) -> None:
    assert fits(version, specifier) is fitting


def test_a_wrong_version_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "0.19.0")
    finding = found("manim")
    assert not finding.ok
    assert finding.detail.startswith("0.19.0, but pagereel needs ")
    assert "<0.23" in finding.advice


def test_a_package_that_is_not_installed_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_installed(name: str) -> NoReturn:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", not_installed)
    monkeypatch.setattr(
        doctor_module, "_module", lambda name, *_: Finding(name, ok=True, detail="")
    )
    finding = found("numpy")
    assert (finding.ok, finding.detail) == (False, "not installed")
    assert "pip install 'numpy>=2'" in finding.advice


def test_an_optional_package_that_is_missing_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = metadata.version

    def version(name: str) -> str:
        if name == "distributed":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    finding = found("distributed")
    assert (finding.ok, finding.needed) == (False, False)
    assert finding.detail == "not installed, and needed only for --dask"
    assert doctor() == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "distributed" in line]
    assert line.startswith("-  ")


def test_the_commands_that_it_advises_can_be_pasted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def not_installed(name: str) -> NoReturn:
        raise metadata.PackageNotFoundError(name)

    python = tmp_path / "my env" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(metadata, "version", not_installed)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(doctor_module, "_module", lambda *_: Finding("", ok=True, detail=""))
    monkeypatch.setattr(doctor_module, "_settings", lambda: ())
    for finding in diagnose():
        if finding.detail.startswith("not installed"):
            done = subprocess.run(
                ("/bin/sh", "-c", finding.advice), capture_output=True, text=True, check=True
            )
            *words, wanted = done.stdout.splitlines()
            assert words == ["-m", "pip", "install"]
            assert Requirement(wanted).name == finding.name
            assert Requirement(wanted).marker is None


def without(module: str) -> Callable[[str], ModuleType]:
    """Return an importer that lacks a module, as one whose library is gone."""

    def importer(name: str) -> ModuleType:
        if name == module:
            raise ImportError("libgone.so: no such file")
        return import_module(name)

    return importer


@pytest.mark.parametrize(
    ("module", "name"), [("cairo", "pycairo"), ("manimpango", "ManimPango"), ("av", "PyAV")]
)
def test_a_module_that_cannot_be_imported_is_missing(
    monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    monkeypatch.setattr(doctor_module, "import_module", without(module))
    finding = found(name)
    assert (finding.ok, finding.detail) == (False, "libgone.so: no such file")


def test_an_encoder_that_is_not_there_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("av"), "codecs_available", {"mpeg4"})
    finding = found("PyAV")
    assert not finding.ok
    assert finding.detail.endswith("without libx264")


def test_a_font_that_is_not_there_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, gone = tmp_path / "Here.ttf", tmp_path / "Gone.ttf"
    here.touch()
    assert found("Here", fonts=(here, gone)).ok
    finding = found("Gone", fonts=(here, gone))
    assert not finding.ok
    assert str(gone) in finding.detail
    assert finding.advice == "install pagereel again"
    monkeypatch.setattr(doctor_module, "ROOT", tmp_path / "assets")
    (tmp_path / ".git").mkdir()
    font = tmp_path / "assets" / "my fonts" / "Gone.ttf"
    assert found("Gone", fonts=(font,)).advice == f"git checkout -- '{font}'"


def test_media_need_not_exist_and_is_not_made(tmp_path: Path) -> None:
    media = tmp_path / "some/media"
    assert found(f"{media}/", media=media).ok
    assert list(tmp_path.iterdir()) == []


def test_media_that_cannot_be_written_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Path) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    finding = found(f"{tmp_path}/", media=tmp_path)
    assert not finding.ok
    assert "Permission denied" in finding.detail


def test_a_full_disk_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000_000))
    finding = found("disk space")
    assert (finding.ok, finding.detail) == (False, "0.1 GB free")


def test_build_tools_are_named_and_not_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = found("build tools")
    assert (finding.ok, finding.needed) == (False, False)
    assert finding.detail == "no cc, no pkg-config"


@pytest.mark.parametrize(
    ("ok", "needed", "code"), [(True, True, 0), (False, True, 1), (False, False, 0)]
)
def test_lines_and_exit_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    ok: bool,
    needed: bool,
    code: int,
) -> None:
    findings = [Finding("a", ok=True, detail="1.0"), Finding("long", ok, "gone", "get it", needed)]
    monkeypatch.setattr(doctor_module, "diagnose", lambda: findings)
    assert doctor() == code
    state = "ok" if ok else "missing" if needed else "-"
    last = f"{state:7}  long  gone{'' if ok else '; get it'}"
    assert capsys.readouterr().out == f"ok       a     1.0\n{last}\n"


def test_a_font_with_all_letters_is_found_or_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    pango = SimpleNamespace(
        list_fonts=lambda: ["Pagereel CJK", "Noto Sans CJK JP", "Noto Serif CJK JP"],
        pango_version=str,
    )
    monkeypatch.setattr(
        doctor_module,
        "import_module",
        lambda name: pango if name == "manimpango" else import_module(name),
    )
    assert (found("Japanese font").ok, found("Japanese font").detail) == (True, "Noto Serif CJK JP")
    lacking = found("Chinese font")
    assert (lacking.ok, lacking.needed) == (False, False)
    assert "only Pagereel CJK" in lacking.detail
    assert "apt-get install fonts-noto-cjk" in lacking.advice


@pytest.mark.parametrize(
    ("lines", "ok", "detail"),
    [
        ("", None, ""),
        ("[CLI]\nseed = 3\n", True, "manim.cfg"),
        ("[CLI]\nseed = 3.5\n", False, "invalid literal for int() with base 10: '3.5'"),
        ("nonsense\n", False, "File contains no section headers."),
    ],
)
def test_settings_that_manim_refuses_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, detail: str, *, ok: bool | None
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    if lines:
        (tmp_path / "manim.cfg").write_text(lines)
    findings = [each for each in diagnose(()) if each.name == "manim's settings"]
    assert [each.ok for each in findings] == ([] if ok is None else [ok])
    for each in findings:
        assert detail in each.detail
        assert each.needed
        assert each.advice == ("" if ok else "correct it")


def test_manim_is_not_imported() -> None:
    script = (
        "import sys; from pagereel.doctor import diagnose; diagnose(); "
        "assert 'manim' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
