"""How the cache refuses."""

from __future__ import annotations

from pagereel.errors import CacheError
from pagereel.wording import shown


def refusal(message: str, advice: str | None = None) -> CacheError:
    """Make an error whose note says what can be done, for readers that have room for it."""
    error = CacheError(message)
    if advice is not None:
        error.add_note(advice)
    return error


def check_number(value: object, name: str, *, least: int) -> None:
    """Refuse what is not a whole number of at least `least`; bools are no numbers.

    Raises
    ------
    CacheError
        Says `name` and the value.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        message = f"{name} must be a whole number from {least} on, not {shown(value)}"
        raise CacheError(message)
