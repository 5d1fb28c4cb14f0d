"""Texts that cannot stand on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.story.conftest import Check


POOL = 'title = "T"\n[pool]\nframes = 8\n'
ARRIVE = '[[events]]\narrive = "A"\nframes = [0, 1]\n'
START = POOL + ARRIVE

# Name, storyboard, and how the message goes on after file and line.
Case = tuple[str, str, str]


def _text_cases(key: str, before: str, *, after: str, start: str, most: int) -> list[Case]:
    """Mistakes in a text that is shown on screen."""
    values = {
        "empty": ('""', "is blank; write some text or leave it out"),
        "blank": ('" \u3000 "', "is blank"),
        "long": (f'"{"x" * (most + 1)}"', f"has {most + 1} characters; at most {most} fit"),
        "wide": (f'"{"页" * (most // 2)}ab"', f"is as wide as {most + 2} Latin letters (a Chinese"),
        "very long": (f'"{"x" * 9999}"', "has 9999 characters"),
        "line end": (r'"a\nb"', "has the invisible character U+000A; use plain text on one line"),
        "tab": (r'"a\tb"', "has the invisible character U+0009"),
        "escape": (r'"a\u001bb"', "has the invisible character U+001B"),
        "bidi": (r'"a\u202eb"', "has the invisible character U+202E"),
        "zero width": ('"a\u200bb"', "has the invisible character U+200B"),
        "private": ('"a\ue000b"', "has the invisible character U+E000"),
        "unassigned": (r'"a\U000E0FFFb"', "has the invisible character U+E0FFF"),
        "line separator": (r'"a\u2028b"', "has the invisible character U+2028"),
        "paragraph separator": (r'"a\u2029b"', "has the invisible character U+2029"),
        "tag": ('"a <b>b</b>"', "has the markup <b>; use plain text"),
        "end tag": ('"a</i>"', "has the markup </i>"),
        "span": ("'<span foreground=\"red\">a'", "has the markup <span foreground="),
        "entity": ('"a &lt; b"', "has the markup &lt;"),
        "number entity": ('"a &#60; b"', "has the markup &#60;"),
        "hex entity": ('"a &#x3c; b"', "has the markup &#x3c;"),
        "number": ("5", "must be text in quotes, not 5"),
        "list": ('["a"]', "must be text in quotes, not a list"),
        "table": ("{ a = 1 }", "must be text in quotes, not a table"),
        "date": ("2026-01-01", "must be text in quotes, not a date"),
    }
    return [
        (f"{key}: {name}", f"{before}{key} = {value}  # here\n{after}", f"{start}{key} {text}")
        for name, (value, text) in values.items()
    ]


TEXTS = [
    *_text_cases("title", "", after=START[12:], start="", most=40),
    *_text_cases("tagline", 'title = "T"\n', after=START[12:], start="", most=80),
    *_text_cases("caption", START, after="", start="event 1 (arrive A): ", most=100),
]


@pytest.mark.parametrize(
    ("text", "message"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS]
)
def test_a_wrong_text_is_refused(check: Check, text: str, message: str) -> None:
    check(text, message)
