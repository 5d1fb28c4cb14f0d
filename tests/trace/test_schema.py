"""The schema of traces that is shipped is the one that the registry of events implies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pagereel.assets import SCHEMAS
from pagereel.cache.events import KINDS

if TYPE_CHECKING:
    import pytest

PATH = SCHEMAS / "trace.json"


def test_the_schema_has_the_kinds_of_the_registry(pytestconfig: pytest.Config) -> None:
    """`pytest --update-golden tests/trace/test_schema.py` writes the file anew."""
    schema = json.loads(PATH.read_text(encoding="utf-8"))
    common = {
        name: made
        for name, made in schema["$defs"].items()
        if "ev" not in made.get("properties", {})
    }
    others = {name: schema["$defs"][name] for name in ("init", "end")}
    schema["properties"]["ev"]["enum"] = [*others, *KINDS]
    schema["oneOf"] = [{"$ref": f"#/$defs/{name}"} for name in (*others, *KINDS)]
    schema["$defs"] = {**common, **others} | {v: kind.schema() for v, kind in KINDS.items()}
    text = json.dumps(schema, indent=2) + "\n"
    if pytestconfig.getoption("update_golden"):
        PATH.write_text(text, encoding="utf-8")
    assert PATH.read_text(encoding="utf-8") == text
