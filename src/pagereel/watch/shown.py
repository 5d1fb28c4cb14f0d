"""What the page shows of a scene: its beats, and what is known of each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAIR = 1e-6  # seconds


@dataclass(slots=True)
class Beat:
    """A beat.

    Attributes
    ----------
    number, name
        From 0; as the scene calls it.
    start, seconds
        When it begins, and how long it takes.
    file, line
        Where it comes from.
    captions
        Each with its start and end in the beat, in seconds, and its text.
    still
        The moment that it shows, in seconds of the beat, and its file; None if there is none.
    film
        Its file; None if there is none.
    stale
        Whether still and film were drawn before the last save, and are not known to be the same.
    findings
        What `pagereel check` finds in it.
    checked
        Whether that is all, as it is now.
    """

    number: int
    name: str
    start: float = 0.0
    seconds: float = 0.0
    file: str = ""
    line: int | None = None
    captions: list[dict[str, Any]] = field(default_factory=list)
    still: dict[str, Any] | None = None
    film: str | None = None
    stale: bool = False
    findings: list[dict[str, Any]] = field(default_factory=list)
    checked: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        """The beat as plain data."""
        return asdict(self)

    @property
    def media(self) -> set[str]:
        """The names of its files."""
        still = {self.still["media"]} if self.still else set()
        return still | ({self.film} if self.film else set())

    def age(self) -> None:
        """Note that something was saved."""
        self.stale, self.checked = bool(self.media), False

    def take_still(self, at: float, media: str) -> None:
        """Show a new still, and no film that is older."""
        if self.stale:
            self.film = None
        self.still, self.stale = {"at": at, "media": media}, False

    def take_film(self, media: str) -> None:
        """Show a new film, and no still that is older."""
        if self.stale:
            self.still = None
        self.film, self.stale = media, False


class Beats:
    """The beats of a scene: those of the run that goes on, then what is left of the one before."""

    def __init__(self) -> None:
        self._old: list[Beat] = []
        self._new: list[Beat] = []
        self._is_whole = False

    def __iter__(self) -> Iterator[Beat]:
        """Yield all that are shown, in order."""
        yield from self._new
        if not self._is_whole:
            yield from self._old

    @property
    def reached(self) -> int:
        """How many beats the run has come to."""
        return len(self._new)

    @property
    def seconds(self) -> float:
        """How long all of them take."""
        return sum(beat.seconds for beat in self)

    @property
    def media(self) -> set[str]:
        """The names of all files that are shown."""
        return {name for beat in self for name in beat.media}

    def begin_anew(self) -> None:
        """Begin with another run; what there is becomes stale."""
        self._old, self._new, self._is_whole = [*self], [], False
        for beat in self._old:
            beat.age()

    def begin(self, number: int, name: str, start: float, file: str, line: int | None) -> None:
        """Note that a beat begins; it keeps the pictures of the old one with its name."""
        found = next((beat for beat in self._old if beat.name == name), None)
        if found is None:
            found = Beat(number, name)
        else:
            # What stood between them is no longer there.
            del self._old[: self._old.index(found) + 1]
        found.number, found.start, found.file, found.line = number, start, file, line
        self._new.append(found)
        for later, beat in enumerate(self._old, number + 1):
            beat.number = later

    def pass_by(self, number: int, seconds: float, captions: list[dict[str, Any]]) -> None:
        """Note what the run has passed."""
        beat = self._new[number]
        shift = seconds - beat.seconds
        beat.seconds, beat.captions = seconds, captions
        for later in self._old:
            later.start += shift

    def complete(self) -> None:
        """Note that the run has come to its end: what is left of the one before is gone."""
        self._is_whole, self._old = True, []

    def get(self, number: int) -> Beat | None:
        """Return a beat of this run."""
        return self._new[number] if 0 <= number < len(self._new) else None

    def number_of(self, name: str, otherwise: int) -> int:
        """Return the number of the beat with a name; `otherwise` if there is none."""
        return next((beat.number for beat in self if beat.name == name), otherwise)

    def find(self, finding: dict[str, Any]) -> None:
        """Put a finding to the beat in whose time it is seen; `at` becomes that of the beat."""
        at = finding["at"]
        for beat in self:
            # At the very end of a beat, it is still that beat that is seen.
            if at <= beat.start + beat.seconds + _HAIR:
                beat.findings.append({**finding, "at": max(round(at - beat.start, 3), 0.0)})
                return

    def check(self, until: float | None) -> bool:
        """Note up to which second all is checked, None: all of it; return whether that is news."""
        news = False
        for beat in self:
            is_past = until is None or beat.start + beat.seconds <= until + _HAIR
            if is_past and not beat.checked:
                beat.checked = news = True
        return news

    def forget_findings(self) -> None:
        """Forget what the last check has found, as another one begins."""
        for beat in self:
            beat.findings = []
