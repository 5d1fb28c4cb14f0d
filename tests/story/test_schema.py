"""The schema of storyboards that is shipped is the one that the registry of events implies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pagereel.assets import SCHEMAS
from pagereel.cache import POLICIES
from pagereel.cache.events import KINDS
from pagereel.story import COLOR_NAMES
from pagereel.story.drafts import CHOSEN, DERIVED, UNWRITTEN, keys_of

if TYPE_CHECKING:
    import pytest

    from pagereel.cache.events import EventKind

PATH = SCHEMAS / "storyboard.json"
SOME = {"minItems": 1}
# What a storyboard's event has to have beyond its fields: verb -> keywords of the schema.
MORE: dict[str, dict[str, Any]] = {
    "arrive": {
        "not": {"required": ["frames", "pages"]},
        "anyOf": [
            {"required": ["frames"], "properties": {"frames": SOME}},
            {"required": ["pages"]},
            {"required": ["shared"], "properties": {"shared": SOME}},
        ],
    },
    "evict": {"properties": {"evict": SOME}},
}
PAGES = {
    "type": "integer",
    "minimum": 1,
    "maximum": 4096,
    "description": "How many new frames the policy chooses.",
}


def event_schema(verb: str, kind: EventKind) -> dict[str, Any]:
    """Return the schema of a storyboard's event: a trace's, but for what `drafts` says."""
    made = kind.schema()
    values: dict[str, Any] = {verb: made["properties"][kind.fields[0].key]}
    for field in kind.fields[1:]:
        if field.holds in UNWRITTEN:
            continue
        values[field.key] = made["properties"][field.key]
        if field.name == CHOSEN.get(verb):
            values[field.key]["description"] += " Chosen by the policy if left out."
        if field.name == DERIVED.get(verb):
            values[field.key]["description"] += " May be left out."
    if "pages" in keys_of(kind):
        values["pages"] = PAGES
    left_out = (CHOSEN.get(verb), DERIVED.get(verb))
    needed = [f.key for f in kind.fields[1:] if f.needed and f.name not in left_out]
    return {**made, "required": [verb, *needed], "properties": values, **also(verb)}


def also(verb: str) -> dict[str, Any]:
    return {"allOf": [MORE[verb]]} if verb in MORE else {}


def test_the_schema_has_the_kinds_of_the_registry(pytestconfig: pytest.Config) -> None:
    """`pytest --update-golden tests/story/test_schema.py` writes the file anew."""
    schema = json.loads(PATH.read_text(encoding="utf-8"))
    by_hand = (
        "task",
        "frame",
        "frames",
        "pages",
        "whole",
        "positive",
        "group",
        "common",
        "caption",
    )
    events = {verb: event_schema(verb, kind) for verb, kind in KINDS.items()}
    names = [*KINDS, "caption"]
    schema["properties"]["events"]["items"] = {
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in names]
    }
    schema["$defs"] = {name: schema["$defs"][name] for name in by_hand} | events
    text = json.dumps(schema, indent=2) + "\n"
    if pytestconfig.getoption("update_golden"):
        PATH.write_text(text, encoding="utf-8")
    assert PATH.read_text(encoding="utf-8") == text


def test_the_schema_names_what_the_reader_knows() -> None:
    properties = json.loads(PATH.read_text(encoding="utf-8"))["properties"]
    assert properties["pool"]["properties"]["policy"]["enum"] == list(POLICIES)
    assert properties["colors"]["additionalProperties"]["enum"] == list(COLOR_NAMES)
