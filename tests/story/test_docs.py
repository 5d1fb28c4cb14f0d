"""docs/stories.md is right: its example is a story, and its table has every verb and key.

`pytest --update-golden tests/story/test_docs.py` writes the table of verbs into the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from traces import ROOT

from pagereel.assets import TRACES
from pagereel.cache.events import KINDS, Holds
from pagereel.story import load_story
from pagereel.story.drafts import CHOSEN, COMMON, DERIVED, keys_of

if TYPE_CHECKING:
    import pytest

    from pagereel.cache.events import EventKind
    from tests.story.conftest import Refuse, Write

PATH = ROOT / "docs" / "stories.md"
TEXT = PATH.read_text(encoding="utf-8")
EXAMPLE, LEAVING, TIERED, GROUPED, WORDS, _ = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


def test_the_example_is_a_story(write: Write) -> None:
    story = load_story(write(EXAMPLE))
    assert [beat.caption for beat in story.beats] == [
        "Two tasks share a prompt.",
        "A arrives.",
        "B arrives: it shares frames 0 and 1, and fills 2.",
    ]


def test_the_example_of_pages_that_leave_is_a_story(write: Write) -> None:
    story = load_story(write(f'title = "T"\n[pool]\nframes = 8\n{LEAVING}'))
    assert [beat.caption for beat in story.beats] == [
        "A arrives: its prompt fills frames 0, 1, 2 and 3.",
        "A no longer needs its page 0: frame 0 stays cached.",
        "A gives back its last page: frame 3 is free again.",
        "B arrives: its prompt fills frames 4 and 5.",
        "B finds its page 0 in frame 0: frame 4 is free again.",
        "B finishes: frame 5 is free, and 0 stays cached.",
        "Frame 0 loses its cached content: it is free.",
    ]


def test_the_example_of_tiers_is_a_story(write: Write) -> None:
    story = load_story(write(f'title = "T"\n{TIERED}'))
    assert [beat.caption for beat in story.beats] == [
        "A arrives: its prompt fills frames 0 and 1.",
        "Frames 0 and 1 are copied to host memory.",
        "A finishes: frames 0 and 1 are free again.",
        "B arrives: its prompt fills frames 2 and 3.",
        "B loads its pages 0 and 1 from host memory: they are not computed again.",
        "Host memory loses 1 page.",
    ]


def test_the_example_of_beats_is_a_story(write: Write) -> None:
    text = GROUPED.replace("../traces", str(TRACES))
    words = WORDS.replace('"]', '", "and", "kind", ",", "to", "all"]')
    story = load_story(write(f"{text}{words}"))
    assert [(beat.key, len(beat.steps), beat.late) for beat in story.beats] == [
        ("a-and-b", 6, True),
        ("why", 0, False),
    ]
    assert len(story.words["A"]) == 12


def test_the_message_is_the_one_that_is_printed(write: Write, refuse: Refuse) -> None:
    error = refuse(write(EXAMPLE.replace("shared = [0, 1]", "shared = [0, 7]")))
    message = re.findall(r"```\nmy\.toml(:.*)\n```", TEXT)[0]
    assert str(error).removeprefix(str(error.path)) == message


def test_the_table_has_every_verb_with_its_keys(pytestconfig: pytest.Config) -> None:
    rows = [f"| {_verb(kind)} | {_keys(kind)} | {kind.about} |\n" for kind in KINDS.values()]
    head = "| verb | other keys | what happens |\n| --- | --- | --- |\n"
    table = re.compile(rf"{re.escape(head)}(\|.*\n)*")
    wanted = table.sub(lambda _: head + "".join(rows), TEXT)
    if pytestconfig.getoption("update_golden"):
        PATH.write_text(wanted, encoding="utf-8")
    assert PATH.read_text(encoding="utf-8") == wanted
    assert rows[0] in wanted


def _verb(kind: EventKind) -> str:
    subjects = {Holds.TASK: '"A"', Holds.TIER: '"host"', Holds.FRAMES: "[3]"}
    return f"`{kind.make.verb} = {subjects[kind.fields[0].holds]}`"


def _keys(kind: EventKind) -> str:
    """Return the keys besides the verb and those that all events may have."""
    verb, *keys = keys_of(kind)
    needed = {field.key for field in kind.fields if field.needed}
    left_out = {field.key for field in kind.fields if field.name in _not_needed(verb)}
    words = [
        f"`{key}`" if key in needed - left_out else f"`{key}?`" for key in keys[: -len(COMMON)]
    ]
    if "pages" not in keys:
        return ", ".join(words)
    return ", ".join(["`frames` or `pages`", *(w for w in words if w not in _ALTERNATIVES)])


_ALTERNATIVES = ("`frames?`", "`pages?`")


def _not_needed(verb: str) -> set[str]:
    return {CHOSEN.get(verb, ""), DERIVED.get(verb, "")}
