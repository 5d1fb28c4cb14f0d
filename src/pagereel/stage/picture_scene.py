"""`PictureScene`: what all our scenes share: size, theme, parts, captions, the end, errors."""

from __future__ import annotations

import math
import platform
import shutil
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar, cast

from manim import (
    CairoRenderer,
    FadeIn,
    FadeOut,
    ManimColor,
    RendererType,
    Scene,
    Write,
    config,
    logger,
    tempconfig,
)

from pagereel.assets import ROOT
from pagereel.errors import PagereelError, StoryError
from pagereel.fast import FastRenderer
from pagereel.languages import ENGLISH
from pagereel.request import USUAL_THEME, SceneOptions, is_stock_wanted
from pagereel.stage import timing
from pagereel.stage.layout.places import Area, picture_size
from pagereel.stage.length import Count, CountingRenderer, Cut, fitted
from pagereel.stage.part import Stage
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.text.fonts import speak
from pagereel.stage.theme import theme_named
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from manim import Animation, Camera, Mobject, VGroup
    from manim.mobject.mobject import _AnimationBuilder
    from manim.renderer.opengl_renderer import OpenGLRenderer

    from pagereel.stage.brand import Brand
    from pagereel.stage.layout.arrangement import Arrangement
    from pagereel.stage.part import Movements, Parts
    from pagereel.stage.theme import Theme

# manim counts the images of a rest as int(seconds * fps): a hair more keeps the last one. It rounds
# those of a movement up: a hair less does not add one.
_HAIR = 1e-6


class PictureScene(Scene):
    """A scene of parts. A subclass names them, says how they share the picture, and builds them.

    Attributes
    ----------
    default_brand
        A file of assets: the brand where none is asked for; empty: nobody's.
    detailed
        Whether its videos show more detail than manim's, and may take more bytes.
    caption_time, settle_time
        How many seconds a caption takes to come or go, and how many pass until something moves.
    options
        What the user has chosen.
    brand
        Whose film it is; None: nobody's.
    theme
        The colours.
    stage
        The parts in their regions.
    cut
        What the film does without.
    count
        What it has taken.
    hurries
        Whether it passes quickly what is left out; `pagereel check` asks for it, too.
    """

    parts: ClassVar[Parts]
    arrangement: ClassVar[Arrangement]
    default_brand: ClassVar[str] = ""
    detailed: ClassVar[bool] = True
    caption_time: ClassVar[float] = timing.CAPTION
    settle_time: ClassVar[float] = timing.SETTLE

    options: SceneOptions
    brand: Brand | None
    theme: Theme
    stage: Stage

    def __init__(
        self,
        renderer: CairoRenderer | OpenGLRenderer | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        # manim leaves its picture at 14.2 x 8 units whatever the pixels are (manim #949).
        size = picture_size(config.pixel_width, config.pixel_height)
        config.frame_width, config.frame_height = size
        if config.preview and not _can_open_files():
            # manim would render everything and then end in a traceback.
            logger.warning("-p is ignored: there is no program here to open a video with")
            config.preview = False
        # A caller that passes a renderer is a program and handles errors itself. The command
        # `manim` passes one only for OpenGL.
        self._has_caller = isinstance(renderer, CairoRenderer)
        if renderer is None and config.renderer == RendererType.CAIRO and not is_stock_wanted():
            renderer = FastRenderer()
        super().__init__(renderer, *args, **kwargs)
        self._pace = timing.Pace(config.frame_rate)
        self.cut, self.count = Cut(), Count()
        self.hurries = False

    @classmethod
    def counted(cls, cut: Cut) -> Count:
        """Return what the film takes with a cut."""
        with tempconfig({"format": "none"}):
            scene = cls(CountingRenderer())
        scene.cut = cut
        scene.setup()
        scene.construct()
        scene.count.seconds = scene.time
        return scene.count

    def fit(
        self, length: float | None, optional: Sequence[str], *, file: Path, line: int | None
    ) -> Cut:
        """Return what the film does without, to be as short as its file and the user say.

        The user has a wish. If it cannot be met, the film stays as it is.

        Parameters
        ----------
        length
            How many seconds it may take by its file.
        optional
            The keys of beats that may be left out, in order.
        file, line
            Where the length stands.

        Raises
        ------
        StoryError
            If the film cannot be as short as its file says.
        """
        for most in sorted(filter(None, (length, self.options.seconds))):
            cut, over = fitted(most, optional, self.counted)
            if not over:
                return cut
            if most == length:
                says = (
                    f"length = {most:g} is {over:g} s too short, even without optional beats; "
                    "allow more, leave out or mark as optional another beat, or shorten captions"
                )
                raise StoryError(file, says, line=line)
        return Cut()

    def render(self, *args: Any, **kwargs: Any) -> bool:
        """Render; where the user's input is wrong, exit with one line and code 2.

        A program that passed `renderer=` gets the error itself.
        """
        try:
            return super().render(*args, **kwargs)
        except PagereelError as error:
            if self._has_caller:
                raise
            print(f"pagereel: {error}", file=sys.stderr)
            raise SystemExit(2) from error

    def setup(self) -> None:
        """Read the user's options and brand, choose the theme, and speak English."""
        speak(ENGLISH)
        options = self.options = SceneOptions.from_environment()
        brand = options.brand or (ROOT / self.default_brand if self.default_brand else None)
        if brand:
            self._take(brand)
        else:
            self.brand, self.theme = None, theme_named(options.theme or USUAL_THEME)
        cast("Camera", self.camera).background_color = ManimColor(self.theme.background)

    def _take(self, brand: Path) -> None:
        """Take a brand's theme and cards; what does not fit stops here."""
        from pagereel.stage.brand import load_brand  # noqa: PLC0415 (most films have no brand)

        self.brand = load_brand(brand)
        self.theme = self.brand.themed(self.options.theme)
        self.make_cards(self.brand)

    def make_cards(self, brand: Brand) -> None:
        """Make the cards with which the film opens and closes."""
        from pagereel.stage.brand.card import Card  # noqa: PLC0415 (most films have no brand)

        area = Area(config.frame_width, config.frame_height)
        self._title_card = Card.title(brand, self.theme, area)
        self._end_card = Card.end(brand, self.theme, area)

    def build(self, told: object) -> None:
        """Put the parts on the stage, for what they will have to show."""
        size = (config.frame_width, config.frame_height)
        self.stage = Stage(
            self.parts, told, size=size, theme=self.theme, arrangement=self.arrangement
        )

    def begin_film(self) -> None:
        """Open with the brand's card, if there is a brand."""
        if self.brand:
            self.next_section("brand-opening")
            self.perform([self._title_card.enter()])
            self.rest(timing.CARD)
            self.perform([self._title_card.leave()])

    def end_film(self) -> None:
        """Close with the brand's card, if there is a brand; it stays."""
        if self.brand:
            self.next_section("brand-closing")
            self.perform([self._end_card.enter()])
            self.rest(timing.LAST_CARD)

    def play_for(self, film: PictureScene) -> None:
        """Play as a part of another film, to which its time and its images go."""
        self.renderer, self._pace = film.renderer, film._pace
        self.construct()

    def make_caption(self, text: str, *, color: str | None = None) -> VGroup:
        """Return a caption in its place, in ink unless a colour is given."""
        return self.stage.part(CaptionBar).caption(text, color=color)

    def perform(self, movements: Iterable[Movements]) -> None:
        """Play movements: those of a phase together, one phase after the other."""
        movements = [*movements]
        for phase in Phase:
            moves = [move for each in movements if phase in each for move in each[phase]()]
            if moves:
                self.move(*moves, seconds=phase.seconds)

    def perform_all(self, *movements: Movements) -> None:
        """Play movements one after another, each with all its phases."""
        for each in movements:
            self.perform([each])

    @contextmanager
    def beat(
        self, key: str, caption: str, *, late: bool = False, rest: float = timing.HOLD
    ) -> Iterator[None]:
        """Tell one idea: the caption, then the movements of the `with` block, then a rest.

        Each beat is a section of manim's, named `key`, and a subcaption.

        Parameters
        ----------
        key
            The section's name.
        caption
            What is said; nothing, if it is empty.
        late
            Whether the caption comes after the movements, because it is true only then.
        rest
            For how many seconds the picture stands at the end, at least.
        """
        self.next_section(key)
        if late:
            yield
        with self.saying(caption, least=rest) if caption else nullcontext():
            if not late:
                yield
        if not caption:
            self.stand(rest, least=timing.BRIEF)

    @contextmanager
    def saying(
        self,
        caption: str,
        *beside: Mobject,
        least: float = timing.HOLD,
        leaving: Iterable[Animation] = (),
        drawn: VGroup | None = None,
    ) -> Iterator[None]:
        """Show a caption during the `with` block, and after it until viewers can have read it.

        Nothing else moves while it comes or goes.

        Parameters
        ----------
        caption
            What it says.
        beside
            What comes and goes with it.
        least
            How many seconds it stays after the block, at least.
        leaving
            What moves while it goes.
        drawn
            The caption in its place, if it is not drawn in ink.
        """
        began = self.time
        texts = drawn or self.make_caption(caption), *beside
        self.move(*map(FadeIn, texts), seconds=self.caption_time)
        readable = self.told
        self.rest(self.settle_time)
        yield
        stood, brief = self.told - readable, min(least, timing.BRIEF)
        self.stand(
            timing.hold_after(stood, caption, least=least),
            least=timing.hold_after(stood, caption, least=brief),
        )
        self.add_subcaption(caption, duration=self.time - began, offset=began - self.time)
        leaves = [*self.unsay(texts), *leaving]
        if leaves:
            self.move(*leaves, seconds=self.caption_time)

    def unsay(self, texts: Sequence[Mobject]) -> Sequence[Animation]:
        """Return the movements in which a caption leaves; a subclass may let it stand longer."""
        return [FadeOut(text) for text in texts]

    def end(self, caption: str, *movements: Movements) -> None:
        """Write the last caption, if there is one; play movements, hold, and let all parts leave.

        The brand's card comes last, if there is a brand, and stays.

        Parameters
        ----------
        caption
            What is said.
        movements
            What moves then, one after another.
        """
        self.next_section("closing")
        began, told, texts = self.time, self.told, []
        if caption:
            texts = [self.make_caption(caption, color=self.theme.tagline)]
            self.move(*map(Write, texts), seconds=timing.TAGLINE)
        self.perform_all(*movements)
        stood = self.told - told
        self.stand(
            timing.hold_after(stood, caption, least=timing.LAST),
            least=timing.hold_after(stood, caption, least=timing.BRIEF_LAST),
        )
        if caption:
            self.add_subcaption(caption, duration=self.time - began, offset=began - self.time)
        if self.session_spec.output.is_still:  # it shows the end of the story
            return
        self.perform([*self.stage.leave(), {Phase.END: lambda: [*map(FadeOut, texts)]}])
        self.end_film()

    @property
    def told(self) -> float:
        """How many seconds of the story have been told; about the video's `time`."""
        return self.time - self._pace.ahead

    def move(self, *animations: Animation | _AnimationBuilder, seconds: float) -> None:
        """Play animations that take some seconds of the story."""
        self.count.quick += timing.quick(seconds)
        if self.hurries:
            seconds = timing.quick(seconds)
        images = self._pace.images(seconds)
        if images:
            self.play(*animations, run_time=self._exact(seconds, images, -_HAIR))
            return
        # There is no image in this time: only the end counts.
        moves = self.compile_animations(*animations)
        self.add_mobjects_from_animations(moves)
        for move in moves:
            move._setup_scene(self)  # noqa: SLF001 (as Scene.begin_animations does)
            move.begin()
            move.finish()
            move.clean_up_from_scene(self)

    def rest(self, seconds: float) -> None:
        """Let the picture stand."""
        images = 0 if self.hurries else self._pace.images(seconds)
        if images:
            self.wait(self._exact(seconds, images, 0) + _HAIR)

    def stand(self, seconds: float, *, least: float) -> None:
        """Let the picture stand, but less long, down to `least`, if the film has to be short."""
        spare = max(0.0, seconds - least)
        self.count.spare += spare
        self.rest(seconds - spare * self.cut.share)

    @contextmanager
    def hurrying(self) -> Iterator[None]:
        """Play the movements of the `with` block quickly, without a rest."""
        self.hurries = True
        yield
        self.hurries = False

    def _exact(self, seconds: float, images: int, hair: float) -> float:
        """Return the run time that has so many images: the story's own, if that has them.

        manim warns of one that is shorter than an image.
        """
        run_time, least = images / config.frame_rate, 1 / config.frame_rate
        return seconds if math.isclose(run_time, seconds) else max(run_time + hair, least)


def _can_open_files() -> bool:
    """Return whether the program is there with which manim opens what it has rendered."""
    system = {"Linux": "xdg-open", "Darwin": "open"}.get(platform.system())
    opener = config.preview_command or system
    return opener is None or shutil.which(opener) is not None
