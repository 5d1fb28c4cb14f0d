"""Write down what is found in a scene, each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.check.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from manim import Mobject, Scene

    from pagereel.check.output import Output
    from pagereel.check.see.parts import Hit
    from pagereel.check.see.picture import Stills


class Notes:
    """The findings of one scene in one output.

    Parameters
    ----------
    scene
        The scene's name.
    output
        What is looked at.
    stills
        Where to put pictures of what is found, if anywhere.

    Attributes
    ----------
    findings
        In the order they were found.
    """

    def __init__(self, scene: str, output: Output, stills: Stills | None) -> None:
        self._scene = scene
        self._output = output
        self._stills = stills
        self._known: set[tuple[object, ...]] = set()
        self._kept: list[Mobject] = []  # so that no other mobject gets their id
        self.findings: list[Finding] = []

    def add(
        self, hits: Iterable[Hit], place: Place, seconds: float, *, shown_by: Scene | None = None
    ) -> None:
        """Write hits down, but for those that are known.

        The same mobjects break a rule once, as long as they stand there; others that look like
        them break it once at each place.

        Parameters
        ----------
        hits
            What is wrong.
        place
            The play or wait that it belongs to.
        seconds
            When it is seen.
        shown_by
            The scene, as long as it shows it.
        """
        for hit in hits:
            keys: set[tuple[object, ...]] = {(hit.rule, hit.subject, place)}
            if hit.about:
                keys.add((hit.rule, *(id(mobject) for mobject in hit.about)))
            new = not keys & self._known
            self._known |= keys
            if new:
                self._kept += hit.about
                self._note(hit, place, seconds, shown_by)

    def _note(self, hit: Hit, place: Place, seconds: float, scene: Scene | None) -> None:
        self.findings.append(
            Finding(
                place,
                hit.rule,
                hit.message,
                self._scene,
                self._output.label,
                hit.subject,
                seconds,
                hit.spot,
                self._stills.write(hit, scene, seconds) if self._stills else None,
            )
        )
