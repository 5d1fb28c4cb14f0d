"""Check a scene for one output: play it, and apply every rule."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, cast

import pagereel.library  # noqa: F401 (before what imports manim)
from pagereel.check.finding import Finding
from pagereel.check.playing import Watcher, class_place, play, scene_class
from pagereel.check.rules import load_rules
from pagereel.check.see.parts import Look, Moment
from pagereel.check.see.picture import Eyes, outlined, photograph, shown, view
from pagereel.check.see.things import Motion, through
from pagereel.fast.draw.playing import changing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from manim import Camera, Mobject, Scene

    from pagereel.check.output import Output
    from pagereel.check.rules import Rule
    from pagereel.check.see.parts import Hit, Pixels, Place, View
    from pagereel.check.settings import Settings

_RULES = load_rules()  # once for all workers, which are forked from a process that has them


def check_scene(
    file: Path,
    name: str,
    output: Output,
    settings: Settings,
    folder: Path | None = None,
    media: Path | None = None,
) -> list[Finding]:
    """Check a scene; return the findings, in the order they were found.

    If there is a folder, a picture of each finding is written into it. What scenes keep for others
    to find again is kept in `media`; without, it is lost.

    Raises
    ------
    SceneFailed
        If the file or the scene raised.
    RequestError
        If there is no such scene.
    """
    notes = Notes(name, output, folder)
    played = scene_class(file, name, output, keep_shape=True, media=media)
    with played as loaded, ExitStack() as stack:
        rules = rules_for(output, settings)
        for rule in rules:
            stack.callback(rule.close)
        watch = Watch(rules, notes)
        watch.end(play(loaded, watch), class_place(loaded))
    return notes.findings


def rules_for(output: Output, settings: Settings) -> list[Rule]:
    """Return the rules that are not switched off, with their thresholds for an output."""
    limits = ((rule, settings.limit(rule.name, output)) for rule in _RULES)
    return [rule(limit) for rule, limit in limits if limit is not None]


class Notes:
    """The findings of one scene in one output, each thing once.

    If there is a folder, a picture of each finding is written into it.

    Attributes
    ----------
    findings
        In the order they were found.
    """

    def __init__(self, scene: str, output: Output, folder: Path | None) -> None:
        self._scene = scene
        self._output = output
        self.folder = folder
        self._known: set[tuple[object, ...]] = set()
        self._kept: list[Mobject] = []  # kept alive, so that no other mobject gets their id
        self.findings: list[Finding] = []

    def add(self, rule: str, hits: Iterable[Hit], now: Moment, *, told: Iterable[Hit] = ()) -> None:
        """Turn hits into findings, except those that are known.

        The same mobjects break a rule only once; others that look like them break it once at each
        place.

        Parameters
        ----------
        rule
            The name of the rule that they break.
        hits
            What the rule yielded.
        now
            The moment of hits that have none of their own.
        told
            Hits of other rules; what is about a mobject of theirs is the same fault.
        """
        same = {id(mobject) for hit in told for mobject in hit.about}
        for hit in hits:
            moment = hit.moment or now
            about = (rule, *(id(mobject) for mobject in hit.about))
            # What is known says nothing of what looks like it here: that may have come only now.
            if hit.about and about in self._known:
                continue
            likes = (rule, hit.subject, moment.place)
            new = likes not in self._known and same.isdisjoint(about[1:])
            self._known |= {about, likes} if hit.about else {likes}
            self._kept += hit.about
            if new:
                self._note(rule, hit, moment)

    def _note(self, rule: str, hit: Hit, moment: Moment) -> None:
        spot = None
        if hit.box is not None:
            left, top, right, bottom = (float(edge) for edge in hit.box)
            spot = left, top, right, bottom
        picture = moment.photograph()
        still = None
        if self.folder is not None and picture is not None:
            number = len(self.findings) + 1
            still = self.folder / f"{self._scene}-{self._output.slug}-{number:03}-{rule}.png"
            self.folder.mkdir(parents=True, exist_ok=True)
            (outlined(picture, spot) if spot else picture).save(still)
        self.findings.append(
            Finding(
                moment.place,
                rule,
                hit.message,
                self._scene,
                self._output.label,
                hit.subject,
                moment.seconds,
                spot,
                still,
            )
        )


class Watch(Watcher):
    """Watches a scene, and applies all rules to what is seen."""

    looks = 20

    def __init__(self, rules: Sequence[Rule], notes: Notes) -> None:
        self._rules = rules
        self._notes = notes
        self._eyes = Eyes()
        self._motion = Motion()
        self._place: Place
        self._frame: tuple[float, ...] | None = None
        self._rested = 0  # the version of what was seen at the last rest

    def begin(self, scene: Scene, place: Place, *, foreseeable: bool = False) -> None:
        """Remember where a play begins, and what the camera looks at in the first one."""
        self._place = place
        self._motion.settle(changing(scene) if foreseeable else None, cast("Camera", scene.camera))
        if self._frame is None:
            self._frame = through(cast("Camera", scene.camera))

    def image(self, scene: Scene, seconds: float) -> None:
        """Look at an image of a movement."""
        self._follow(scene, self._moment(scene, seconds, self._place))

    def rest(self, scene: Scene, seconds: float, place: Place) -> None:
        """Look at the scene when a play or wait has ended."""
        self._motion.settle(None, cast("Camera", scene.camera))
        self._motion.names.learn(scene.animations or ())
        moment = self._moment(scene, seconds, place)
        self._follow(scene, moment, at_rest=True)
        if self._motion.version == self._rested:
            return
        self._rested = self._motion.version
        seen = self._view(scene, moment)
        hits = {rule.name: [*rule.at_rest(seen)] for rule in self._rules}
        for rule in self._rules:
            told = [hit for name in rule.part_of for hit in hits.get(name, ())]
            self._notes.add(rule.name, hits[rule.name], moment, told=told)

    def end(self, scene: Scene, place: Place) -> None:
        """Look at the scene as a whole when it has ended; `place` is where its class begins."""
        moment = self._moment(scene, scene.time, place)
        for rule in self._rules:
            self._notes.add(rule.name, rule.end(moment), moment)

    def _follow(self, scene: Scene, moment: Moment, *, at_rest: bool = False) -> None:
        camera = cast("Camera", scene.camera)
        look = Look(
            moment,
            at_rest,
            camera.pixel_width,
            camera.pixel_height,
            self._motion.look(camera, shown(scene)),
            self._motion.changed,
            scene.renderer.file_writer.subcaptions,
            partial(self._draw, scene),
            partial(self._view, scene, moment),
            hurries=bool(getattr(scene, "hurries", False)),
        )
        for rule in self._rules:
            self._notes.add(rule.name, rule.follow(look), moment)

    def _view(self, scene: Scene, moment: Moment) -> View:
        moved = through(cast("Camera", scene.camera)) != self._frame
        return view(scene, moment, eyes=self._eyes, names=self._motion.names, moved=moved)

    def _draw(self, scene: Scene, short: float) -> Pixels:
        camera = cast("Camera", scene.camera)
        eye = self._eyes.eye(camera, short / min(camera.pixel_width, camera.pixel_height))
        return eye.draw_all(shown(scene))

    def _moment(self, scene: Scene, seconds: float, place: Place) -> Moment:
        wanted = self._notes.folder is not None
        return Moment(place, seconds, lambda: photograph(scene) if wanted else None)
