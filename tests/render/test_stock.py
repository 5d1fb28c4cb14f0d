"""manim's own command, for which a small script stands in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from planning import video_job

from pagereel.render import stock
from pagereel.request import chosen_video

if TYPE_CHECKING:
    from pagereel.discovery import SceneSource

SUBTITLES = "1\n00:00:00,000 --> 00:00:01,000\nIt is here.\n"
# Makes what manim makes of a scene, where manim makes it.
MANIM = f"""
import sys
from pathlib import Path

folder, media_format = Path(sys.argv[1]), sys.argv[2]
place = folder / "videos" / "some_file" / "480p15"
(place / "sections").mkdir(parents=True, exist_ok=True)
(place / f"SomeScene.{{media_format}}").write_text(media_format)
(place / "sections" / "SomeScene.json").write_text(media_format)
(place / "SomeScene.srt").write_text({SUBTITLES!r})
sys.exit(3 if media_format == "webm" else 0)
"""


@pytest.fixture
def folder(scene: SceneSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder for what is made; the scene is in the current one."""
    assert scene.file.exists()

    def command(_: object, media_format: str, folder: Path, **__: object) -> tuple[str, ...]:
        return (sys.executable, "-I", "-S", "-c", MANIM, str(folder), media_format)

    monkeypatch.setattr(stock, "stock_command", command)
    (tmp_path / "made").mkdir()
    return tmp_path / "made"


def render(scene: SceneSource, folder: Path, *formats: str) -> int:
    job = video_job(scene, chosen_video("l"), formats=formats)
    return stock.render_stock(job, folder, verbose=False, json=True)


def test_what_manim_made_is_put_together(scene: SceneSource, folder: Path) -> None:
    assert render(scene, folder, "mp4", "gif") == 0
    assert {path.name for path in folder.iterdir() if path.is_file()} == {
        *("SomeScene.mp4", "SomeScene.gif", "SomeScene.srt", "SomeScene.vtt")
    }
    assert "It is here." in (folder / "SomeScene.vtt").read_text()
    index = folder / "sections" / "SomeScene.json"
    assert index.read_text() == "mp4", "the index is of the first format"


def test_texts_and_formulas_are_kept_where_manim_keeps_them(
    scene: SceneSource, folder: Path
) -> None:
    render(scene, folder, "mp4")
    for name in ("Tex", "texts"):
        assert (folder / name).resolve() == Path("media", name).resolve()
        assert (folder / name).is_dir()


def test_a_format_that_fails_ends_it(scene: SceneSource, folder: Path) -> None:
    assert render(scene, folder, "webm", "mp4") == 3
    assert not list(folder.rglob("SomeScene.mp4"))
