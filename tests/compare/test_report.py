"""What `pagereel compare` prints, and what docs/compare.md says of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pagereel import cli
from pagereel.assets import TRACES
from pagereel.compare.names import LONGEST_NAME
from pagereel.compare.race import USUAL_LENGTH
from pagereel.compare.totals import NOTABLE
from pagereel.request import LONGEST_RACE, SHORTEST_RACE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "compare.md").read_text(encoding="utf-8")
OFF, ON = (str(TRACES / f"{name}.jsonl") for name in ("prefix_off_192", "pages_192"))
Output = pytest.CaptureFixture[str]


def test_the_table_of_the_page(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    (command, said) = re.findall(r"```console\n\$ pagereel (.*)\n((?:.*\n)*?)```", PAGE)[0]
    monkeypatch.chdir(ROOT)
    assert cli.main(command.split()) == 0
    assert capsys.readouterr().out == said


def test_the_numbers_of_the_page() -> None:
    page, share = " ".join(PAGE.split()), f"{100 * NOTABLE:.0f}"
    lengths = f"{SHORTEST_RACE} to {LONGEST_RACE}"
    for says in (
        f"A name has at most {LONGEST_NAME} characters.",
        f"its last step is {share} % later",
        f"{share} % more tokens are prefilled or computed again",
        f"{share} points more of the pool are held at the peak",
        f"The film takes {USUAL_LENGTH:.0f} s, or `--seconds`, from {lengths}.",
    ):
        assert says in page


def test_json_has_what_the_page_says(capsys: Output) -> None:
    assert cli.main(["compare", OFF, ON, "--json", "--name", "off", "--name", "on"]) == 0
    found = json.loads(capsys.readouterr().out)
    rows = dict(re.findall(r"^\| (`.*?`) \| (.*) \|$", PAGE.partition("## JSON")[2], re.MULTILINE))
    keys = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert keys == found.keys()
    measures = re.findall(r"`(\w+)`", rows["`runs[].measures`"])
    assert measures == [*found["runs"][0]["measures"]]
    of_runs = {*re.findall(r"`(\w+)`", rows["`runs`"]), "measures", "states"} | {"unfinished"}
    assert of_runs == found["runs"][0].keys()
    assert {*re.findall(r"`(\w+)`", rows["`stops`"])} == found["stops"][0].keys()
    assert {*re.findall(r"`(\w+)`", rows["`totals`"])} == found["totals"]["given_up"].keys()


def test_json_says_what_the_film_shows(capsys: Output) -> None:
    cli.main(["compare", OFF, ON, "--json", "--name", "off", "--name", "on"])
    found = json.loads(capsys.readouterr().out)
    lost = found["stops"][1]
    assert (lost["when"], lost["request"], lost["run"]) == ("step 64", "R52", "A")
    held = [run["measures"]["held"][lost["moment"]] for run in found["runs"]]
    assert held == [192, 130]
    assert found["clock"]["at"][lost["moment"]] == 64
    assert found["runs"][0]["states"].count(4) == 17
    assert found["totals"]["given_up"] == {
        "label": "given up",
        "values": [17, 0],
        "difference": "100 % fewer",
        "better": "B",
    }
    assert found["result"]["boxes"] == ["prefilled", "mean_running", "peak_held", "evicted"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([OFF, OFF], "is given twice; name two traces of one workload"),
        ([OFF, ON, "--name", "a", "--name", "a"], "both runs are called 'a'; give them two names"),
        ([OFF, ON, "--name", "a" * 25], "has 25 characters; at most 24 fit"),
        ([OFF, ON, "--name", "\n"], "is not a name that can be shown; choose another --name"),
        ([OFF, ON, *["--name", "a"] * 3], "3 names for two traces; give --name twice at most"),
        ([OFF, "not_there.jsonl"], "not_there.jsonl: there is no such file"),
    ],
)
def test_refusals(arguments: list[str], says: str, capsys: Output) -> None:
    assert cli.main(["compare", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
    assert len(line) <= 300
