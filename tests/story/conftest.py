"""What the tests of stories share.

In the tables of mistakes the line that a message must name ends with the comment ``# here``. Where
none does, no line must be named.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pagereel.errors import StoryError
from pagereel.story import load_story

# Writes a storyboard to a file.
Write = Callable[[str | bytes], Path]
# Loads a storyboard that must be refused.
Refuse = Callable[[Path], StoryError]
# Loads a text that must be refused with a message.
Check = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: str | bytes) -> Path:
        path = tmp_path / "story.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def refuse() -> Refuse:
    """Load a storyboard, expect a message as it should be, and give it."""

    def load(path: Path) -> StoryError:
        with pytest.raises(StoryError) as caught:
            load_story(path)
        message = str(caught.value).removeprefix(f"{path}:")
        assert message != str(caught.value), "names the file"
        assert len(message) < 250
        assert message.isprintable(), "is one line"
        assert "; " in message or " must be " in message, "says what to do"
        return caught.value

    return load


@pytest.fixture
def check(write: Write, refuse: Refuse) -> Check:
    """Load a text with a mistake, and compare line and message."""

    def load(text: str, message: str) -> None:
        path = write(text)
        line = _marked_line(text)
        error = refuse(path)
        place = f"{path}:{line}: " if line else f"{path}: "
        assert str(error)[: len(place) + len(message)] == place + message
        assert error.line == line

    return load


@pytest.fixture(scope="session")
def stories() -> Path:
    """Give the folder of the stories that are shipped."""
    return Path(__file__).parents[2] / "assets" / "stories"


def _marked_line(text: str) -> int | None:
    numbered = enumerate(text.split("\n"), 1)
    return next((number for number, line in numbered if line.endswith("# here")), None)
