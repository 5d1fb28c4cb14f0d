"""The page about traces says what is so: its examples are a trace."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator
from traces import ROOT, read, replay

from pagereel import cli
from pagereel.assets import SCHEMAS
from pagereel.cache.events import KINDS
from pagereel.trace.records import HEADER_KEYS

if TYPE_CHECKING:
    import pytest

    from tests.trace.conftest import Write

PAGE = (ROOT / "docs" / "traces.md").read_text(encoding="utf-8")
EXAMPLES = "".join(re.findall(r"^```json\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL))
EVENTS = len(EXAMPLES.splitlines()) - 1


def test_the_examples_are_a_trace_with_every_event(write: Write) -> None:
    path = write(raw=EXAMPLES.encode())
    assert replay(path) == EVENTS
    _, records = read(path)
    verbs = [record.event.verb for record in records]
    assert set(verbs) == set(KINDS)
    schema = Draft202012Validator(json.loads((SCHEMAS / "trace.json").read_text()))
    assert all(schema.is_valid(json.loads(line)) for line in EXAMPLES.splitlines())


def test_every_key_is_explained() -> None:
    schema = json.loads((SCHEMAS / "trace.json").read_text())["$defs"]
    headings = dict.fromkeys(KINDS, "")
    for verbs, keys in re.findall(r"^### (`.*`): (.*)$", PAGE, flags=re.MULTILINE):
        headings |= dict.fromkeys(re.findall(r"`(\w+)`", verbs), keys)
    for verb, keys in headings.items():
        told = schema[verb]
        optional = {key for key in told["properties"] if key not in told["required"]} - {"ev"}
        expected = {*told["required"], *(f"{key}?" for key in optional)}
        assert set(keys.split(", ")) == expected
    for key in (*HEADER_KEYS[3:], *schema["common"]["properties"]):
        assert f"`{key}`" in PAGE


def test_the_reader_of_the_page_can_type_its_commands(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write(raw=EXAMPLES.encode()).parent)
    commands = re.findall(r"^pagereel (trace .*?)(?: +#.*)?$", PAGE, flags=re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        here = command.replace("240", "4").replace("200", "4").replace("260", "9")
        assert cli.main(here.split()) == 0
    assert f"{EVENTS} events, 6 checks: all agree" in capsys.readouterr().out
