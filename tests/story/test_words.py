"""The words that stand for tokens fit what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.story import load_story

if TYPE_CHECKING:
    from tests.story.conftest import Check, Write

STORY = """\
title = "T"
[pool]
frames = 5
page_size = 4
[words]
A1 = {a1}
A2 = {a2}
[[events]]
arrive = "A1"
tokens = 7
frames = [0, 1]
[[events]]
arrive = "A2"
tokens = 7
shared = [0, 1]
[[events]]
copy = "A1"
page = 1
[[events]]
expand = "A1"
"""
PROMPT = "The cat sat on the warm old"
FIRST, SECOND = f"{PROMPT} roof and".split(), f"{PROMPT} sofa".split()


def told(a1: object = FIRST, a2: object = SECOND, more: str = "") -> str:
    return STORY.format(a1=a1, a2=a2) + more


def test_words_of_prompts_and_of_what_is_written(write: Write) -> None:
    story = load_story(write(told()))
    assert story.words == {"A1": (*FIRST,), "A2": (*SECOND,)}
    assert (story.lines["words"], story.lines["words.A2"]) == (5, 7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (told(a2=f"{SECOND[:6]} # here"), "words.A2 has 6 words, and event 2 brings 7 tokens; w"),
        (told(a2=f"{[*SECOND, 'x']} # here"), "words.A2 has 9 words, and A2 never has more than 8"),
        (
            told(a2=f"{[*FIRST[:5], 'cold', *FIRST[6:8]]} # here"),
            "event 2 shares page 1 of A1, which says 'the warm old'; give A2 the same words",
        ),
        (told(a2='["x", 1] # here'), "A2 must be a list of texts, but has 1"),
        (told(a2='"x" # here'), "A2 must be a list of texts, not 'x'"),
        (told(a2=f'["{"x" * 17}"] # here'), "A2: 'xxxxxxxxxxxxxxxxx' has 17 characters; at most"),
        (told(a2='[" "] # here'), "A2: ' ' is blank"),
        (told(a2="[] # here"), "words.A2 has 0 words, and event 2 brings 7 tokens"),
        (told(a2="[]\nC = [] # here"), "task C never arrives; remove its words"),
        (told().replace("page_size = 4\n[words]", "[words] # here"), "words need a page size"),
    ],
)
def test_words_that_are_refused(check: Check, text: str, message: str) -> None:
    check(text, message)


def test_a_page_that_was_copied_is_another(write: Write) -> None:
    """A3 shares what A1 has written into its copy; A2's page is as it was."""
    third = [*FIRST[:8], "x"]
    more = '[[events]]\nfinish = "A2"\n[[events]]\narrive = "A3"\ntokens = 8\nshared = [0, 2]\n'
    text = told(more=more).replace("[words]\n", f"[words]\nA3 = {third[:8]}\n")
    assert load_story(write(text)).words["A3"] == (*FIRST[:8],)
    with pytest.raises(Exception, match="event 6 shares page 1 of A1"):
        load_story(write(text.replace(f"A3 = {third[:8]}", f"A3 = {SECOND}")))
