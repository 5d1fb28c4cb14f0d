"""docs/stories.md is right: its example is a story, and its table has every verb and key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from traces import ROOT

from pagereel.cache.events import KINDS
from pagereel.story import load_story
from pagereel.story.drafts import keys_of

if TYPE_CHECKING:
    from tests.story.conftest import Refuse, Write

TEXT = (ROOT / "docs" / "stories.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


def test_the_example_is_a_story(write: Write) -> None:
    story = load_story(write(EXAMPLE))
    assert [beat.caption for beat in story.beats] == [
        "Two tasks share a prompt.",
        "A arrives.",
        "B arrives: it shares frames 0 and 1, and fills 2.",
    ]


def test_the_message_is_the_one_that_is_printed(write: Write, refuse: Refuse) -> None:
    error = refuse(write(EXAMPLE.replace("shared = [0, 1]", "shared = [0, 7]")))
    (message,) = re.findall(r"```\nmy\.toml(:.*)\n```", TEXT)
    assert str(error).removeprefix(str(error.path)) == message


def test_the_table_has_every_verb_with_its_keys() -> None:
    rows = re.findall(r"^\| `(\w+) = .*?` \| (.*?) \|", TEXT, re.MULTILINE)
    assert {verb: set(re.findall(r"`(\w+)\??`", keys)) for verb, keys in rows} == {
        verb: set(keys_of(kind)) - {verb, "mask", "caption", "key"} for verb, kind in KINDS.items()
    }
