from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import pagereel
from pagereel import assets
from pagereel.render import sources
from pagereel.render.sources import sources_of

SCENE = """\
import helper
from inner.part import thing
from inner import other as renamed
from pagereel.stage.scene import StoryScene
import nothing_that_there_is

class SomeScene(StoryScene):
    picture = "logo.png"
    elsewhere = "far/away.svg"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    files = {
        "scenes/scene.py": SCENE,
        "scenes/helper.py": "def f():\n    import later",
        "scenes/later.py": "import scene",
        "scenes/inner/__init__.py": "",
        "scenes/inner/part.py": "from . import near\nfrom .deep.down import f\nfrom .. import up",
        "scenes/inner/near.py": "",
        "scenes/inner/deep/down.py": "",
        "scenes/up.py": "",
        "scenes/inner/other.py": "",
        "scenes/inner/unused.py": "",
        "scenes/unused.py": "",
        "scenes/logo.png": "",
        "far/away.svg": "",
        "unused.svg": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    sources._parsed.cache_clear()
    sources._found_at.cache_clear()
    sources._needed_by.cache_clear()
    return tmp_path


def named(folder: Path, text: str | None = None) -> set[str]:
    """Return the sources of the scene that are in the folder."""
    if text is not None:
        (folder / "scenes" / "scene.py").write_text(text)
        sources._parsed.cache_clear()
        sources._found_at.cache_clear()
        sources._needed_by.cache_clear()
    found = sources_of(Path("scenes/scene.py"))
    return {str(path) for path in found if not path.is_absolute()}


def test_what_is_imported_and_named_counts(folder: Path) -> None:
    assert named(folder) == {
        *("scenes/scene.py", "scenes/helper.py", "scenes/later.py", "scenes/inner/__init__.py"),
        *("scenes/inner/part.py", "scenes/inner/other.py", "scenes/logo.png", "far/away.svg"),
        *("scenes/inner/near.py", "scenes/inner/deep/down.py", "scenes/up.py"),
    }


@pytest.mark.slow
def test_only_what_is_reached_of_pagereel(folder: Path) -> None:
    assert folder.is_dir()
    package = Path(pagereel.__file__).parent
    found = {path for path in sources_of(Path("scenes/scene.py")) if path.suffix == ".py"}
    inner = {str(path.relative_to(package)) for path in found if path.is_absolute()}
    assert {"__init__.py", "stage/timing.py", "story/load.py", "cache/state.py"} <= inner
    assert not {name for name in inner if name.startswith(("check/", "render/", "cli"))}
    made = sources_of(Path("scenes/scene.py"), ["pagereel.fast", "pagereel.render.formats"])
    assert {
        package / "fast" / "encode" / "yuv.py",
        package / "render" / "formats" / "gif.py",
    } <= {*made}
    assert package / "cli.py" not in made


@pytest.mark.slow
def test_our_modules_are_read_as_if_they_were_parsed() -> None:
    for module in Path(pagereel.__file__).parent.rglob("*.py"):
        assert {*sources._imports_of_ours(module)} == {*sources._imports(module)}, module


def test_a_story_that_is_named_counts_alone(folder: Path) -> None:
    def stories() -> set[str]:
        found = sources_of(Path("scenes/scene.py"))
        return {path.name for path in found if path.parent == assets.STORIES}

    assert stories() == {path.name for path in assets.STORIES.glob("*")}
    assert len(stories()) > 1
    named(folder, 'story = "paged_cache.toml"')
    assert stories() == {"paged_cache.toml"}


def test_fonts_count(folder: Path) -> None:
    assert folder.is_dir()
    assert {*assets.FONTS} <= {*sources_of(Path("scenes/scene.py"))}


@pytest.mark.parametrize(
    "text",
    [
        *("class (", "\0", "x = 'a\\0.b'", "from ........ import x", f"x = '{'a.b' * 5000}'"),
        *(f"import {'x' * 300}", f"x = '{'ä' * 190}.b'", "x = 1\n" * 90_000, "-" * 90_000 + "1"),
    ],
    ids=range(9),
)
def test_odd_sources(folder: Path, text: str) -> None:
    assert named(folder, text) == {"scenes/scene.py"}


def test_a_file_that_is_not_there(folder: Path) -> None:
    shutil.rmtree(folder / "scenes")
    assert named(folder) == {"scenes/scene.py"}
