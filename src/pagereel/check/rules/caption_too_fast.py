"""Subcaptions that do not stand long enough to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.parts import Hit, Hits, Look, Moment
from pagereel.languages import is_wide, reading_load

if TYPE_CHECKING:
    from collections.abc import Sequence

    import srt

_SHORTEST = 1.5  # seconds, for any caption


class CaptionTooFast(Rule):
    """Counts the characters of a subcaption for each second that it stands."""

    facts = Facts(
        says="a subcaption has at most this many, and stands for at least 1.5 s",
        unit="characters a second",
        default=17,
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._captions: Sequence[srt.Subtitle] = ()
        self._judged = 0  # captions
        self._found: list[tuple[float, str, str, Moment]] = []
        self._plays: list[Moment] = []  # when they begin

    def follow(self, look: Look) -> Hits:
        """Note when and where plays begin, and judge captions as they become known."""
        if not self._plays or look.moment.place != self._plays[-1].place:
            self._plays.append(look.moment)
        self._captions = look.captions
        self._judge(look.moment)
        yield from ()

    def end(self, moment: Moment) -> Hits:
        """Return captions that are too fast; each belongs to the play that it begins in."""
        self._judge(moment)
        for begins, text, about, shown in self._found:
            begun = [play.place for play in self._plays if play.seconds <= begins + 1e-6]
            when = shown.dated(begun[-1] if begun else moment.place, begins)
            yield Hit(text, f"the caption {text!r} has {about}", None, moment=when)

    def _judge(self, moment: Moment) -> None:
        for caption in self._captions[self._judged :]:
            text = " ".join(caption.content.split())
            begins, stands = caption.start.total_seconds(), (caption.end - caption.start)
            seconds = max(stands.total_seconds(), 1e-3)
            speed, most = len(text) / seconds, self.limit
            if is_wide(text):  # it is read more slowly, letter by letter
                most *= len(text) / reading_load(text)
            if speed > most * 1.001:
                about = f"{speed:.0f} characters a second; {round(most, 2):g} is the most"
            elif seconds < _SHORTEST - 1e-3:
                about = f"{seconds:.1f} s; {_SHORTEST:g} s is the least"
            else:
                continue
            self._found.append((begins, text, about, moment.kept()))
        self._judged = len(self._captions)
