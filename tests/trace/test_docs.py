"""The page about traces says what is so: its examples are a trace, its table the registry.

`pytest --update-golden tests/trace/test_docs.py` writes the table of events into the page.
"""

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

    from pagereel.cache.events import EventField
    from tests.trace.conftest import Write

PATH = ROOT / "docs" / "traces.md"
PAGE = PATH.read_text(encoding="utf-8")
EXAMPLES = "".join(re.findall(r"^```json\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL))
OTHERS = re.findall(r"^```jsonl\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
EVENTS = len(EXAMPLES.splitlines()) - 1


def test_the_examples_are_a_trace_with_every_event_that_has_a_section(write: Write) -> None:
    path = write(raw=EXAMPLES.encode())
    assert replay(path) == EVENTS
    _, records = read(path)
    headings = re.findall(r"^### (`.*)$", PAGE, flags=re.MULTILINE)
    sections = {verb for heading in headings for verb in re.findall(r"`(\w+)`", heading)}
    assert {record.event.verb for record in records} == sections
    schema = Draft202012Validator(json.loads((SCHEMAS / "trace.json").read_text()))
    assert all(schema.is_valid(json.loads(line)) for line in EXAMPLES.splitlines())


def test_the_other_examples_are_traces(write: Write) -> None:
    for example in OTHERS:
        assert replay(write(raw=example.encode())) == len(example.splitlines()) - 1


def test_check_finds_what_was_never_computed(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(raw=OTHERS[0].encode())
    assert cli.main(["trace", "check", str(path)]) == 1
    assert "event 4 (arrive A): this uses content that was never" in capsys.readouterr().out


def test_the_table_of_events_is_the_registry(pytestconfig: pytest.Config) -> None:
    rows = [
        f"| `{verb}` | {', '.join(map(_key, kind.fields))} | {kind.about} |\n"
        for verb, kind in KINDS.items()
    ]
    head = "| event | keys | what happens |\n| --- | --- | --- |\n"
    table = re.compile(rf"{re.escape(head)}(\|.*\n)*")
    wanted = table.sub(lambda _: head + "".join(rows), PAGE)
    if pytestconfig.getoption("update_golden"):
        PATH.write_text(wanted, encoding="utf-8")
    assert PATH.read_text(encoding="utf-8") == wanted
    assert rows[0] in wanted


def _key(field: EventField) -> str:
    return f"`{field.key}`" if field.needed else f"`{field.key}?`"


def test_every_key_of_all_lines_is_explained() -> None:
    schema = json.loads((SCHEMAS / "trace.json").read_text())["$defs"]
    for key in (*HEADER_KEYS[3:], *schema["common"]["properties"]):
        assert f"`{key}`" in PAGE


def test_the_reader_of_the_page_can_type_its_commands(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write(raw=EXAMPLES.encode()).parent)
    commands = re.findall(r"^pagereel (trace .*?)(?: +#.*)?$", PAGE, flags=re.MULTILINE)
    assert len(commands) == 6
    for command in commands:
        here = command.replace("240", "4").replace("200", "4").replace("260", "9")
        assert cli.main(here.split()) == 0
    assert f"{EVENTS} events, 13 checks: all agree" in capsys.readouterr().out
