"""Thresholds: the defaults, and what pyproject.toml and options make of them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from pagereel.check.output import Output, parse_outputs
from pagereel.check.rules import RULES
from pagereel.check.settings import Settings, read_settings
from pagereel.errors import CheckError

NO_SETTINGS = Settings()
TASTE = ("caption-cross-fade", "empty-half", "left-on-screen", "tiny-shape")


def output(name: str = "1080p", aspect: str = "16:9") -> Output:
    return parse_outputs([name], [aspect])[0]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, text: str) -> Settings:
    (folder / "pyproject.toml").write_text(f"[tool.pagereel.check]\n{text}\n")
    return read_settings(folder)


def test_thresholds() -> None:
    known = {
        "text-too-small": 22,
        "text-outside": 1,
        "text-overlap": 1,
        "line-through-text": 1,
        "line-through-box": 2,
        "low-contrast": 4.5,
        "tiny-shape": 6,
        "empty-half": 0.5,
        "caption-too-fast": 17,
        "caption-cross-fade": 12,
        "too-short": 0.3,
        "flash": 3,
        "left-on-screen": 0.5,
        "missing-font": 1,
    }
    asked = Settings(dict.fromkeys(TASTE, True))
    assert {name: asked.limit(name, output()) for name in known} == known


def test_rules_of_taste_are_for_those_who_ask() -> None:
    off = {name for name in RULES if NO_SETTINGS.limit(name, output()) is None}
    assert off == {name for name, facts in RULES.items() if facts.taste} == {*TASTE}


@pytest.mark.parametrize(
    ("rule", "at", "aspect", "limit"),
    [
        ("text-too-small", "2160p", "16:9", 44),
        ("text-too-small", "1080p", "9:16", 22),
        ("text-too-small", "720p", "1:1", pytest.approx(14.67, abs=0.01)),
        ("text-too-small", "200x100", "16:9", 9),
        ("text-too-small", "gif", "16:9", 9),
        ("text-too-small", "540x540", "1:1", 11),
        ("text-overlap", "2160p", "16:9", 2),
        ("line-through-text", "gif", "16:9", 1),
        ("line-through-box", "720p", "16:9", pytest.approx(1.33, abs=0.01)),
        ("line-through-box", "480p", "16:9", 1),
        ("text-too-small", "480p", "16:9", pytest.approx(9.78, abs=0.01)),
        ("text-outside", "gif", "16:9", 1),
        ("too-short", "2160p", "16:9", 0.3),
    ],
)
def test_pixels_scale_with_the_short_side(rule: str, at: str, aspect: str, limit: float) -> None:
    assert NO_SETTINGS.limit(rule, output(at, aspect)) == limit


def test_without_a_file_all_is_as_it_is(folder: Path) -> None:
    assert read_settings(folder) == NO_SETTINGS


def test_a_file_about_other_things(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    assert read_settings(folder) == NO_SETTINGS


def test_what_the_file_sets_does_not_scale(folder: Path) -> None:
    settings = written(folder, "text-too-small = 16\nempty-half = 0.8")
    assert settings.limit("text-too-small", output("1080p")) == 16
    assert settings.limit("text-too-small", output("gif")) == 16
    assert settings.limit("empty-half", output()) == 0.8
    assert settings.limit("text-overlap", output()) == 1


def test_switching_off_and_on(folder: Path) -> None:
    settings = written(folder, 'ignore = ["tiny-shape"]\nflash = false\nmissing-font = true')
    assert settings.limit("tiny-shape", output()) is None
    assert settings.limit("flash", output()) is None
    assert settings.limit("missing-font", output()) == 1
    assert settings.limit("too-short", output()) == 0.3


def test_one_output_may_differ(folder: Path) -> None:
    text = """\
ignore = ["flash"]
tiny-shape = 8
too-short = 0.5
[tool.pagereel.check.gif]
tiny-shape = true
flash = 2
ignore = ["too-short"]
[tool.pagereel.check.1280x720]
tiny-shape = 2"""
    settings = written(folder, text)
    assert [
        settings.limit("tiny-shape", output(name)) for name in ("1080p", "gif", "1280x720")
    ] == [8, 3, 2]
    assert [settings.limit("flash", output(name)) for name in ("1080p", "gif")] == [None, 2]
    assert [settings.limit("too-short", output(name)) for name in ("1080p", "gif")] == [0.5, None]


def test_the_nearest_file_counts(folder: Path) -> None:
    written(folder, "tiny-shape = 8\nflash = 5")
    inner = folder / "docs" / "scenes"
    inner.mkdir(parents=True)
    assert read_settings(inner).limit("flash", output()) == 5
    written(folder / "docs", "tiny-shape = 7")
    assert read_settings(inner).limit("tiny-shape", output()) == 7
    assert read_settings(inner).limit("flash", output()) == 3


def test_options_go_before_the_file(folder: Path) -> None:
    written(folder, 'tiny-shape = 8\nignore = ["flash", "too-short"]\n[tool.pagereel.check.gif]')
    rules = ["tiny-shape=2", "flash=on", "too-short = 1.5", "empty-half=off"]
    settings = read_settings(folder, rules=rules)
    assert settings.limit("tiny-shape", output()) == 2
    assert settings.limit("flash", output()) == 3
    assert settings.limit("too-short", output()) == 1.5
    assert settings.limit("empty-half", output()) is None


def test_options_go_before_the_tables_of_outputs(folder: Path) -> None:
    written(folder, "[tool.pagereel.check.gif]\ntiny-shape = 8")
    settings = read_settings(folder, rules=["tiny-shape=2"])
    assert settings.limit("tiny-shape", output("gif")) == 2


def test_ignoring_goes_before_all(folder: Path) -> None:
    settings = read_settings(folder, rules=["flash=4"], ignore=["flash,too-short", "tiny-shape"])
    for rule in ("flash", "too-short", "tiny-shape"):
        assert settings.limit(rule, output()) is None


def test_they_travel_to_workers(folder: Path) -> None:
    settings = written(folder, "tiny-shape = 8\n[tool.pagereel.check.gif]\nflash = 2")
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301 (our own)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("tiny-shap = 3", "unknown key 'tiny-shap'; did you mean tiny-shape? known: ignore, "),
        ("tiny-shape = 'big'", "tiny-shape must be a number, true or false, not 'big'"),
        ("tiny-shape = {}", "tiny-shape must be a number, true or false, not a table"),
        ("tiny-shape = -1", "tiny-shape must be from 0 to 10000, not -1; false switches it off"),
        ("tiny-shape = nan", "tiny-shape must be from 0 to 10000, not nan; false switches"),
        ("tiny-shape = inf", "tiny-shape must be from 0 to 10000, not inf; false switches"),
        (f"tiny-shape = 1{'0' * 400}", "tiny-shape must be from 0 to 10000, not 10^18 or more"),
        ("empty-half = 80", "empty-half must be from 0 to 1, not 80; false switches it off"),
        ("text-outside = 51", "text-outside must be from 0 to 50, not 51; false switches"),
        ("missing-font = 3", "missing-font is true or false, not 3"),
        ("ignore = 'flash'", "ignore must be a list of rules, each in quotes"),
        ("ignore = [1]", "ignore must be a list of rules, each in quotes"),
        ("ignore = {}", "ignore must be a list of rules, each in quotes"),
        (
            "ignore = ['flsh']",
            "unknown rule 'flsh'; did you mean flash? known: caption-cross-fade, ",
        ),
        ("gfi = { flash = 2 }", "unknown output 'gfi'; did you mean gif? known: 480p, "),
        ("gif = 3", "unknown key 'gif'; known: ignore, caption-cross-fade, "),
        ("gif = { flsh = 2 }", "[tool.pagereel.check.gif]: unknown key 'flsh'; did you mean flash"),
        ("gif = { gif = {} }", "[tool.pagereel.check.gif]: unknown key 'gif'; known: ignore, "),
    ],
)
def test_a_wrong_line_in_the_file(folder: Path, line: str, message: str) -> None:
    with pytest.raises(CheckError) as caught:
        written(folder, f"too-short = 1\n{line}")
    label = "" if message.startswith("[") else "[tool.pagereel.check]: "
    assert str(caught.value).startswith(f"pyproject.toml:3: {label}{message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tool = 1", "pyproject.toml:1: tool must be a table, not 1"),
        ("[tool]\npagereel = []", "pyproject.toml:2: tool.pagereel must be a table, not a list"),
        ("tool.pagereel.check = 'on'", "pyproject.toml:1: tool.pagereel.check must be a table, no"),
        ("[tool.pagereel.chekc]", "pyproject.toml:1: unknown key 'chekc'; did you mean check?"),
        ("[tool", "pyproject.toml:1: this is not TOML: Expected ']' at the end of a table"),
        ("a = 1" + "0" * 5000, "pyproject.toml:1: this has too many digits or brackets"),
    ],
)
def test_a_wrong_file(folder: Path, text: str, message: str) -> None:
    (folder / "pyproject.toml").write_text(text)
    with pytest.raises(CheckError) as caught:
        read_settings(folder)
    assert str(caught.value).startswith(message)


def test_a_file_that_is_no_text(folder: Path) -> None:
    (folder / "pyproject.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CheckError, match=r"pyproject\.toml:1: this is not UTF-8; save the file"):
        read_settings(folder)


def test_a_file_that_cannot_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may be allowed everything."""
    (folder / "pyproject.toml").touch()

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CheckError, match=r"pyproject\.toml: the file cannot be read: Permission"):
        read_settings(folder)


def test_a_file_elsewhere_is_named_in_full(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "pyproject.toml").write_text("tool = 1")
    with pytest.raises(CheckError) as caught:
        read_settings(other)
    assert str(caught.value).startswith(f"{other}/pyproject.toml:1: tool must be")
    assert folder != other


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("tiny-shape", "--rule 'tiny-shape': write name=value, where value is a number, on or off"),
        ("tiny-shap=3", "--rule: unknown rule 'tiny-shap'; did you mean tiny-shape? known: "),
        ("tiny-shape=big", "--rule: tiny-shape must be a number, on or off, not 'big'"),
        ("tiny-shape=", "--rule: tiny-shape must be a number, on or off, not ''"),
        ("tiny-shape=nan", "--rule: tiny-shape must be from 0 to 10000, not nan; off switches it"),
        ("tiny-shape=-1", "--rule: tiny-shape must be from 0 to 10000, not -1.0; off switches"),
        ("missing-font=1", "--rule: missing-font is on or off, not 1.0"),
    ],
)
def test_a_wrong_option(folder: Path, rule: str, message: str) -> None:
    with pytest.raises(CheckError) as caught:
        read_settings(folder, rules=[rule])
    assert str(caught.value).startswith(message)


def test_ignoring_what_is_no_rule(folder: Path) -> None:
    with pytest.raises(
        CheckError, match=r"--ignore: unknown rule 'fla\\x1bsh'; did you mean flash"
    ):
        read_settings(folder, ignore=["fla\x1bsh"])
