"""Scenes as a file's source shows them, and as Python finds them."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest

from pagereel.discovery import choose
from pagereel.discovery.source import SceneSource, Tells, read_source

if TYPE_CHECKING:
    from pathlib import Path

BODY = "    def construct(self): self.wait()\n"
BESIDE = """\
from manim import *
class Base(Scene):
    def construct(self): self.wait()
class Bare(Scene):
    def helper(self): ...
def factory(name):
    return type(name, (Base,), {})
"""

# Files by their names, and the scenes in them.
# What the source says plainly, so that no process has to be asked:
PLAIN = r"""
### star: A B
from manim import *
class A(Scene):
    def construct(self): self.wait()
class B(ThreeDScene):
    def construct(self): self.wait()
### named: A
from manim import MovingCameraScene as S
class A(S):
    def construct(self): self.wait()
### module: A
import manim as mn
class A(mn.Scene):
    def construct(self): self.wait()
### submodule: A
from manim.scene.scene import Scene as S
class A(S):
    def construct(self): self.wait()
### deep: A
import manim.scene.scene
class A(manim.scene.scene.Scene):
    def construct(self): self.wait()
### alias: A
from manim import *
Ours = Scene
class A(Ours):
    def construct(self): self.wait()
B = A
### base: A B C
from manim import *
class A(Scene):
    def construct(self): self.wait()
class B(A): ...
class C(B): ...
### abstract: A
from manim import *
class Base(Scene):
    def show(self): self.wait()
class Other(Base):
    title = 'none'
class A(Other):
    def construct(self): self.wait()
### private: B
from manim import *
class _A(Scene):
    def construct(self): self.wait()
class B(_A): ...
### others: A
from enum import Enum
import dataclasses
from typing import Generic, TypeVar
from manim import *
T = TypeVar('T')
class Look(Enum):
    A = 1
class Row(VGroup):
    class Part(Square): ...
class Box(Generic[T]): ...
class Mistake(ValueError): ...
def make():
    class Inner(VGroup): ...
    return Inner()
@dataclasses.dataclass
class Facts:
    name: str = ''
FACTS = [Facts('a'), Facts('b')]
class A(Scene):
    def construct(self): self.wait()
### mixin: A
from manim import *
class Mixin:
    def show(self): ...
class A(Mixin, Scene):
    def construct(self): self.wait()
### settings: A
import os, sys, logging
import numpy as np
from manim import *
config.background_color = '#111111'
Text.set_default(font_size=40)
np.random.seed(1)
log = logging.getLogger(__name__)
N = int(os.environ.get('N', '3'))
if os.environ.get('WIDE'):
    config.pixel_width = 1920
for color in (RED, BLUE):
    log.debug(color)
class A(Scene):
    def construct(self): self.wait()
if __name__ == '__main__':
    A().render()
### twice: A B
from manim import *
class A(Scene): ...
class B(Scene):
    def construct(self): self.wait()
class A(Scene):
    def construct(self): self.wait()
### undone: B
from manim import *
class A(Scene):
    def construct(self): self.wait()
class A: ...
class B(Scene):
    def construct(self): self.wait()
### far:
from beside import factory
A = factory('A')
### none:
from manim import *
SQUARE = Square()
"""
# What only Python knows:
HIDDEN = r"""
### type: A
from manim import *
A = type('A', (Scene,), {'construct': lambda self: self.wait()})
### renamed: B
from manim import *
A = type('B', (Scene,), {'construct': lambda self: self.wait()})
### if: A
from manim import *
if True:
    class A(Scene):
        def construct(self): ...
else:
    class B(Scene):
        def construct(self): ...
### try: A
from manim import *
try:
    from none_such import Base
except ImportError:
    Base = Scene
class A(Base):
    def construct(self): self.wait()
### loop: A0 A1
from manim import *
for n in range(2):
    class Numbered(Scene):
        def construct(self): self.wait()
    Numbered.__name__ = f'A{n}'
    globals()[f'A{n}'] = Numbered
del Numbered
### imported: A
from beside import Base
class A(Base): ...
### bare: B
from beside import Bare
class A(Bare): ...
class B(Bare):
    def construct(self): self.wait()
### starred: A B
from manim import *
from beside import *
class A(Base): ...
class B(Scene):
    def construct(self): self.wait()
### made: Made
from manim import *
def make(n):
    class Made(Scene):
        def construct(self): self.wait()
    return Made
A = make(1)
### abc: A
from abc import ABC, abstractmethod
from manim import *
class Base(Scene, ABC):
    @abstractmethod
    def show(self): ...
    def construct(self): self.show()
class A(Base):
    def show(self): self.wait()
class B(Base): ...
### raises: A
from manim import *
class Base(Scene):
    def construct(self):
        raise NotImplementedError('show something')
class A(Base):
    def construct(self): self.wait()
### decorated: A
from manim import *
def same(c): return c
@same
class A(Scene):
    def construct(self): self.wait()
### replaced:
from manim import *
def none(c): return None
@none
class A(Scene):
    def construct(self): self.wait()
### deleted:
from manim import *
class A(Scene):
    def construct(self): self.wait()
del A
### given: A
from manim import *
class A(Scene): ...
A.construct = lambda self: self.wait()
### mixed: A
from manim import *
class Mixin:
    def construct(self): self.wait()
class A(Mixin, Scene): ...
class B(Scene, Mixin): ...
"""
# What cannot be run:
BROKEN = {
    "misses": ("import os\nos.missing", ":2: running it raises AttributeError: module 'os' has no"),
    "exits": ("raise SystemExit", ":1: it ends the program when it is run"),
    "dies": ("import os\nos._exit(3)", ": running it ends the process"),
    "divides": ("print(1 / 0)", ":1: running it raises ZeroDivisionError: division by zero"),
}


def files(text: str) -> dict[str, tuple[str, str]]:
    """Return name -> (scenes, source)."""
    parts = [part.partition("\n") for part in text.split("### ")[1:]]
    heads = [head.partition(":") for head, _, _ in parts]
    return {
        name: (scenes.strip(), source)
        for (name, _, scenes), (_, _, source) in zip(heads, parts, strict=True)
    }


PLAIN_FILES, HIDDEN_FILES = files(PLAIN), files(HIDDEN)
FILES = PLAIN_FILES | HIDDEN_FILES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "beside.py").write_text(BESIDE)
    for name, (_, source) in FILES.items():
        (folder / f"{name}.py").write_text(source)
    for name, (source, _) in BROKEN.items():
        (folder / f"{name}.py").write_text(source)
    return folder


@pytest.fixture(scope="module")
def answers(folder: Path) -> dict[Path, list[SceneSource] | str]:
    """Ask Python about all files at once: that costs one import of manim."""
    return choose.ask([folder / f"{name}.py" for name in [*FILES, *BROKEN]])


@pytest.mark.parametrize("name", PLAIN_FILES)
def test_what_the_source_plainly_says(folder: Path, name: str) -> None:
    reading = read_source(folder / f"{name}.py")
    assert (" ".join(reading.scenes), reading.is_certain) == (PLAIN_FILES[name][0], True)


@pytest.mark.parametrize("name", HIDDEN_FILES)
def test_what_is_not_certain(folder: Path, name: str) -> None:
    assert not read_source(folder / f"{name}.py").is_certain


@pytest.mark.parametrize("name", FILES)
def test_what_python_finds(
    folder: Path, answers: dict[Path, list[SceneSource] | str], name: str
) -> None:
    found = answers[folder / f"{name}.py"]
    assert not isinstance(found, str), found
    assert " ".join(scene.name for scene in found) == FILES[name][0]


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_run(
    folder: Path, answers: dict[Path, list[SceneSource] | str], name: str
) -> None:
    file = folder / f"{name}.py"
    assert str(answers[file]).startswith(f"{file}{BROKEN[name][1]}")


def test_what_is_known_of_manims_names() -> None:
    """`manim` itself is imported only here."""
    import manim  # noqa: PLC0415

    classes = {name: each for name, each in vars(manim).items() if inspect.isclass(each)}
    scenes = {name: each for name, each in classes.items() if issubclass(each, manim.Scene)}
    assert {*scenes} == {name for name in vars(manim) if name.endswith("Scene")}
    assert {each.construct for each in scenes.values()} == {manim.Scene.construct}


def test_what_scenes_tell(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from pagereel.stage.scene import StoryScene\n"
        'class One(StoryScene):\n    """Says it.\n\n    And more.\n    """\n'
        f"    default_trace = 'a.jsonl'\n{BODY}"
        f"class Two(One):\n    default_story: ClassVar[str] = 'a.toml'\nclass Three(One): ...\n"
    )
    assert [*read_source(file).scenes.values()] == [
        SceneSource(file, "One", "Says it.", Tells.TRACE, "a.jsonl"),
        SceneSource(file, "Two", "", Tells.STORY, "a.toml"),
        SceneSource(file, "Three", "", Tells.TRACE, "a.jsonl"),
    ]
