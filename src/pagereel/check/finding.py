"""Findings, and the comments that silence a rule at one place: `# pagereel: ignore[rule]`."""

from __future__ import annotations

import re
import tokenize
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from pagereel.check.rules import RULES, unknown_rule
from pagereel.errors import CheckError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pagereel.check.see.parts import Place, Spot

    Comments: TypeAlias = Mapping[int, frozenset[str]]

# Also after other comment text, such as `# as in the book  # pagereel: ignore[flash]`.
_COMMENT = re.compile(r"#\s*pagereel:\s*ignore\b(?:\s*\[([^\]]*)\])?")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes
    ----------
    place
        The play or wait after which, or during which, it is seen.
    rule
        The rule's name.
    message
        What is wrong and how much, in words.
    scene
        The scene's class name.
    output
        The label of the output it is seen in, such as `1080p 16:9`.
    subject
        What it is about: findings at one place of one rule with the same subject are the same.
    seconds
        When it is seen, in seconds of the video.
    spot
        Where it is seen: left, top, right and bottom edge in pixels of the output; None where it is
        about the whole picture or about no picture.
    still
        The picture that shows it, where pictures were asked for.
    """

    place: Place
    rule: str
    message: str
    scene: str
    output: str
    subject: str
    seconds: float
    spot: Spot | None = None
    still: Path | None = None


def is_ignored(finding: Finding) -> bool:
    """Return whether a comment on a line of the finding's place silences its rule.

    Raises
    ------
    CheckError
        If the file cannot be read, or such a comment in it names no rule or an unknown one.
    """
    place = finding.place
    comments = read_comments(place.file)
    lines = range(place.line, place.end_line + 1)
    return any(finding.rule in comments.get(line, ()) for line in lines)


def read_comments(file: Path) -> Comments:
    """Return the rules that the comments of a file silence: line -> rules.

    Raises
    ------
    CheckError
        If the file cannot be read, or a comment names no rule or an unknown one.
    """
    try:
        return _read(file, file.stat().st_mtime_ns)
    except OSError as error:
        raise CheckError(f"{file}: cannot be read: {error.strerror}; check the file") from None


@lru_cache(maxsize=64)
def _read(file: Path, _changed: int) -> Comments:
    """Read a file once, until it is changed."""
    found: dict[int, frozenset[str]] = {}
    for line, comment in _comments(file):
        for match in _COMMENT.finditer(comment):
            rules = frozenset(_rules(match[1], f"{file}:{line}"))
            found[line] = found.get(line, frozenset()) | rules
    return found


def _comments(file: Path) -> Iterator[tuple[int, str]]:
    try:
        with tokenize.open(file) as source:
            for token in tokenize.generate_tokens(source.readline):
                if token.type == tokenize.COMMENT:
                    yield token.start[0], token.string
    except (SyntaxError, tokenize.TokenError, UnicodeDecodeError) as error:
        raise CheckError(f"{file}: this is not valid Python: {error}; correct it") from error


def _rules(listed: str | None, place: str) -> Iterator[str]:
    for name in (listed or "").split(","):
        rule = name.strip()
        if not rule:
            raise CheckError(f"{place}: name a rule: # pagereel: ignore[text-too-small]")
        if rule not in RULES:
            raise CheckError(f"{place}: {unknown_rule(rule)}")
        yield rule
