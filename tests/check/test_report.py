"""Findings as text, JSON and SARIF."""

from __future__ import annotations

import dataclasses
import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from pagereel.check.finding import Finding
from pagereel.check.report import merge, write
from pagereel.check.rules import RULES
from pagereel.check.see.parts import Place

Capture = pytest.CaptureFixture[str]

FILE = Path("scenes/mine.py")
FINDING = Finding(
    place=Place(FILE, 12, 14),
    rule="text-too-small",
    message="'abc' has capitals of 14.2 px; 22 px is the least",
    scene="Mine",
    output="1080p 16:9",
    subject="abc",
    seconds=3.20000001,
    spot=(1, 2.25, 30, 40.123),
    still=Path("stills/1.png"),
)
changed = dataclasses.replace
IN_GIF = changed(FINDING, message="'abc' has capitals of 7 px", output="gif 16:9", still=None)
LATER = changed(FINDING, place=Place(FILE, 100, 100), spot=None, still=None)


def test_equal_findings_are_one() -> None:
    (entry,) = merge([FINDING, IN_GIF, FINDING])
    assert entry.finding is FINDING
    assert entry.outputs == ("1080p 16:9", "gif 16:9")


@pytest.mark.parametrize(
    "other",
    [
        changed(FINDING, subject="abcd"),
        changed(FINDING, scene="Other"),
        changed(FINDING, rule="flash"),
        changed(FINDING, place=Place(FILE, 12, 13)),
        changed(FINDING, place=Place(Path("scenes/other.py"), 12, 14)),
    ],
)
def test_other_findings_are_not(other: Finding) -> None:
    assert len(merge([FINDING, other])) == 2


def test_they_are_sorted() -> None:
    first = changed(FINDING, place=Place(Path("scenes/a.py"), 300, 300))
    second = changed(FINDING, place=Place(FILE, 9, 20))
    third = changed(FINDING, rule="flash")
    mixed = [LATER, FINDING, third, second, first]
    assert [entry.finding for entry in merge(mixed)] == [first, second, third, FINDING, LATER]


def test_text(capsys: Capture) -> None:
    write([LATER, FINDING], "text", outputs=1, scenes=1)
    message = "text-too-small 'abc' has capitals of 14.2 px; 22 px is the least"
    assert capsys.readouterr() == (
        f"scenes/mine.py:12 {message}\nscenes/mine.py:100 {message}\n",
        "2 findings in 1 scene\n",
    )


def test_text_names_outputs_where_there_are_several(capsys: Capture) -> None:
    write([FINDING, LATER, IN_GIF], "text", outputs=2, scenes=3)
    said = capsys.readouterr()
    first, second = said.out.splitlines()
    assert first.endswith(" 22 px is the least [1080p 16:9, gif 16:9]")
    assert second.endswith(" 22 px is the least [1080p 16:9]")
    assert said.err == "2 findings in 3 scenes\n"


def test_text_without_findings(capsys: Capture) -> None:
    write([], "text", outputs=2, scenes=3)
    assert capsys.readouterr() == ("", "no findings in 3 scenes\n")


STRANGE = changed(
    FINDING,
    place=Place(Path("a\nb.py"), 1, 1),
    message="'a\nb\x1b[2J\u202e\ud800' overlaps 'ü'",
    scene="Ünder",
)


def test_whatever_a_scene_says_stays_on_its_line(capsys: Capture) -> None:
    write([STRANGE], "text", outputs=1, scenes=1)
    line = r"a\nb.py:1 text-too-small 'a\nb\x1b[2J\u202e\ud800' overlaps 'ü'"
    assert capsys.readouterr().out == f"{line}\n"


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_whatever_a_scene_says_can_be_printed(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(printed, encoding="ascii"))
    write([STRANGE], form, outputs=1, scenes=1)
    sys.stdout.flush()
    assert b"overlaps '\\" in printed.getvalue()


def test_json(capsys: Capture) -> None:
    write([FINDING, LATER, IN_GIF], "json", outputs=2, scenes=1)
    said = capsys.readouterr()
    first, second = json.loads(said.out)
    assert first == {
        "file": "scenes/mine.py",
        "line": 12,
        "rule": "text-too-small",
        "message": "'abc' has capitals of 14.2 px; 22 px is the least",
        "scene": "Mine",
        "outputs": ["1080p 16:9", "gif 16:9"],
        "seconds": 3.2,
        "spot": [1, 2.2, 30, 40.1],
        "still": "stills/1.png",
    }
    assert (second["line"], second["spot"], second["still"]) == (100, None, None)
    assert said.err == ""


def test_json_without_findings(capsys: Capture) -> None:
    write([], "json", outputs=1, scenes=1)
    assert capsys.readouterr() == ("[]\n", "")


def sarif(capsys: Capture, *findings: Finding) -> dict[str, Any]:
    write(findings, "sarif", outputs=1, scenes=1)
    said = capsys.readouterr()
    assert said.err == ""
    log: dict[str, Any] = json.loads(said.out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif(capsys: Capture) -> None:
    run = sarif(capsys, FINDING, IN_GIF)
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("text-too-small", "warning")
    text = "'abc' has capitals of 14.2 px; 22 px is the least [1080p 16:9, gif 16:9]"
    assert result["message"] == {"text": text}
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "scenes/mine.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 12, "endLine": 14},
    }
    assert "SRCROOT" in run["originalUriBaseIds"]


def test_sarif_knows_all_rules(capsys: Capture) -> None:
    run = sarif(capsys, *(changed(FINDING, rule=rule) for rule in RULES))
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == set(RULES)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert {result["ruleId"] for result in run["results"]} == set(RULES)


def test_sarif_of_files_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    here = tmp_path / "project"
    here.mkdir()
    monkeypatch.chdir(here)
    files = (here / "my scene ü.py", Path("../above.py"))
    run = sarif(capsys, *(changed(FINDING, place=Place(file, 1, 1)) for file in files))
    places = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: result["locations"][
            0
        ]["physicalLocation"]["artifactLocation"].get("uriBaseId")
        for result in run["results"]
    }
    assert places == {
        "my%20scene%20%C3%BC.py": "SRCROOT",
        (tmp_path / "above.py").as_uri(): None,
    }
