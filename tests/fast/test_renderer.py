"""Scenes that know nothing of a renderer are drawn fast all the same, or left to manim."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from collected import collect
from manim import (
    BLUE,
    RED,
    CairoRenderer,
    Camera,
    Circle,
    Create,
    ManimColor,
    MovingCamera,
    Scene,
    SceneFileWriter,
    Square,
    ThreeDScene,
    config,
)

from pagereel.errors import StockNeeded
from pagereel.fast import FastRenderer, RenderSettings, render_scene
from pagereel.stage.picture_scene import PictureScene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Playing(Scene):
    def construct(self) -> None:
        self.add(Circle(color=BLUE))
        self.play(Create(Square()), run_time=0.3)


class Closed(_Playing):
    """Its `__init__` takes nothing, and works with the camera."""

    def __init__(self) -> None:
        super().__init__()
        camera: Any = self.camera
        camera.background_color = ManimColor("#203040")
        self.add(Square(color=RED).shift((camera.frame_width / 4, 0, 0)))


class Dropping(_Playing):
    """Takes a renderer, and forgets it."""

    def __init__(self, **_: Any) -> None:
        super().__init__(camera_class=MovingCamera)


class Choosing(_Playing):
    """Chooses a renderer of its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(renderer=FastRenderer(), **options)


class Solid(ThreeDScene):
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.set_camera_orientation(phi=1)

    def construct(self) -> None:
        self.play(Create(Square()), run_time=0.3)


class Odd(CairoRenderer):
    pass


class Stubborn(_Playing):
    def __init__(self) -> None:
        super().__init__(renderer=Odd())


class Marking(SceneFileWriter):
    """Marks each image before it is written."""


class Marked(_Playing):
    def __init__(self) -> None:
        super().__init__(renderer=CairoRenderer(file_writer_class=Marking))


class Early(_Playing):
    def __init__(self) -> None:
        super().__init__()
        self.wait(0.2)


class Wrong(_Playing):
    def __init__(self) -> None:
        super().__init__()
        len(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("scene_class", [Closed, Dropping, Choosing, Solid])
def test_it_is_drawn_as_manim_draws_it(scene_class: type[Scene]) -> None:
    theirs = collect(scene_class, CairoRenderer)
    ours = collect(scene_class, FastRenderer, exact=True)
    assert len(theirs) == len(ours) > 2
    for their, our in zip(theirs, ours, strict=True):
        assert np.array_equal(their, our)


@pytest.mark.parametrize("scene_class", [Closed, Dropping, Choosing])
def test_it_is_written_fast(scene_class: type[Scene], target: Path) -> None:
    settings = RenderSettings(192, 108, 10, jobs=2)
    assert render_scene(scene_class, target, settings).plan.length == 3
    assert target.exists()


class Slide(Scene):
    """What a plugin brings: its render() reads what manim has made of each play."""

    def render(self, *args: Any, **kwargs: Any) -> bool:
        return super().render(*args, **kwargs)


class Talk(Slide):
    def construct(self) -> None:
        self.play(Create(Square()), run_time=0.3)


class Reading(_Playing):
    def tear_down(self) -> None:
        self.renderer.file_writer.partial_movie_files.clear()


class Adding(_Playing):
    """Adds images; what is added between plays has no effect with manim, either."""

    def construct(self) -> None:
        renderer: Any = self.renderer
        renderer.freeze_current_frame(0.5)
        super().construct()
        self.add(Square().add_updater(lambda _, dt: renderer.freeze_current_frame(2 * dt)))
        self.wait(0.3)


class Swapping(_Playing):
    def setup(self) -> None:
        renderer: Any = self.renderer
        renderer.camera = Camera(background_color=RED)


@pytest.mark.parametrize(
    ("scene_class", "why"),
    [
        (Stubborn, "brings a renderer of its own, Odd$"),
        (Marked, "brings a writer of its own, Marking$"),
        (Early, "plays in its __init__$"),
        (Talk, r"Slide has a render\(\) of its own$"),
        (Swapping, "puts another camera in the place of its own$"),
        (Adding, "adds images of its own to a play$"),
        (Reading, "reads the files that manim makes of each play$"),
    ],
)
def test_it_is_left_to_manim(scene_class: type[Scene], why: str, target: Path) -> None:
    for jobs in (1, 2):
        with pytest.raises(StockNeeded, match=why):
            render_scene(scene_class, target, RenderSettings(192, 108, 10, jobs=jobs))
        assert not target.exists()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (CairoRenderer, "get_frame"),
        (SceneFileWriter, "write_frame"),
        (Camera, "display_vectorized"),
        (MovingCamera, "frame_center"),
    ],
)
def test_what_is_replaced_in_manim_is_left_to_manim(
    kind: type, name: str, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member: Any = getattr(kind, name)
    is_property = isinstance(member, property)
    manims = member.fget if is_property else member

    @wraps(manims)
    def other(*values: Any, **named: Any) -> Any:
        return manims(*values, **named)

    monkeypatch.setattr(kind, name, member.getter(other) if is_property else other)
    with pytest.raises(StockNeeded, match=rf"has replaced {kind.__name__}\.{name}$"):
        render_scene(Dropping, target, RenderSettings(192, 108, 10))


class Replacing(_Playing):
    """Replaces a function in the middle, of its own things or of their class."""

    def construct(self) -> None:
        super().construct()
        for thing, name in self.replaced():
            setattr(thing, name, partial(getattr(thing, name)))
        self.play(Create(Circle()), run_time=0.3)

    def replaced(self) -> Iterator[tuple[Any, str]]:
        raise NotImplementedError


class OfItsCamera(Replacing):
    def replaced(self) -> Iterator[tuple[Any, str]]:
        yield self.camera, "display_vectorized"


class OfItsRenderer(Replacing):
    def replaced(self) -> Iterator[tuple[Any, str]]:
        yield self.renderer, "get_frame"


class OfItsWriter(Replacing):
    def replaced(self) -> Iterator[tuple[Any, str]]:
        yield self.renderer.file_writer, "write_frame"


class OfAllCameras(Replacing):
    def replaced(self) -> Iterator[tuple[Any, str]]:
        yield Camera, "apply_fill"


@pytest.mark.parametrize(
    ("scene_class", "what"),
    [
        (OfItsCamera, "it has replaced Camera.display_vectorized"),
        (OfItsRenderer, "it has replaced CairoRenderer.get_frame"),
        (OfItsWriter, "it has replaced SceneFileWriter.write_frame"),
        (OfAllCameras, "its file or a plugin has replaced Camera.apply_fill"),
    ],
)
def test_what_a_scene_replaces_while_it_plays_is_left_to_manim(
    scene_class: type[Scene], what: str, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Camera, "apply_fill", Camera.apply_fill)  # to be put back
    with pytest.raises(StockNeeded, match=f"{what}$"):
        render_scene(scene_class, target, RenderSettings(192, 108, 10))
    assert not target.exists()


@pytest.mark.parametrize(("scene_class", "moves"), [(Dropping, True), (Solid, False)])
def test_only_a_camera_with_a_frame_moves(
    scene_class: type[Scene], target: Path, *, moves: bool
) -> None:
    drawn: list[Any] = []
    settings = RenderSettings(192, 108, 10, keep_images=True)
    render_scene(scene_class, target, settings, encode=drawn.append)
    assert drawn[0].whole.moves is moves


def test_a_file_that_asks_for_opengl_is_left_to_manim(target: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("from manim import *\nconfig.renderer = 'opengl'\nclass Mine(Scene): ...\n")
    with pytest.raises(StockNeeded, match="Cairo"):
        render_scene((file, "Mine"), target, RenderSettings(192, 108, 10))


def test_what_is_wrong_in_its_init_is_told(target: Path) -> None:
    with pytest.raises(TypeError, match="has no len") as caught:
        render_scene(Wrong, target, RenderSettings(192, 108, 10))
    assert caught.value.__context__ is None


def test_what_a_file_sets_holds(target: Path, tmp_path: Path, logged: list[str]) -> None:
    """So it is with manim: it is read after the command line."""
    file = tmp_path / "mine.py"
    file.write_text(
        "from manim import *\n"
        "config.pixel_width, config.pixel_height, config.frame_rate = 108, 192, 5\n"
        "config.frame_width, config.frame_height = 4.5, 8\n"
        "config.background_color = WHITE\n"
        "class Mine(Scene):\n"
        "    def construct(self):\n"
        "        self.play(Create(Square(4, color=BLUE)), run_time=1)\n"
    )
    rendered = render_scene((file, "Mine"), target, RenderSettings(192, 108, 10, jobs=2))
    assert rendered.plan.length == rendered.require_video().rate == 5
    assert "itself sets 108x192, 5 images a second" in "\n".join(logged)
    assert config.frame_rate == 10


@pytest.mark.parametrize("detailed", [False, True])
def test_a_scene_may_ask_for_detail(detailed: bool, target: Path) -> None:  # noqa: FBT001
    scene = type("Asking", (_Playing,), {"detailed": True}) if detailed else _Playing
    assert PictureScene.detailed
    assert (
        render_scene(scene, target, RenderSettings(96, 54, 10)).require_video().detailed is detailed
    )
