"""What travels to other machines."""

from __future__ import annotations

import io
import os
import py_compile
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from pagereel.assets import OWN_FILM
from pagereel.errors import RenderError
from pagereel.render.cluster.address import Cluster
from pagereel.render.cluster.parcel import OpenedFiles, choose_files, name_in_parcel, pack, unpack
from pagereel.render.job import Assignment
from pagereel.request import PREVIEW, Request, SceneOptions

# Runs through a scene, as far as files are concerned; prints what would travel, one file a line.
SCRIPT = """\
import sys
from pathlib import Path
from pagereel.render.cluster.address import Cluster
from pagereel.render.cluster.parcel import OpenedFiles, choose_files
from pagereel.render.job import Assignment
from pagereel.request import PREVIEW, Request, SceneOptions
opened = OpenedFiles()
sys.path.insert(0, "scenes")
import scene
asked = Assignment(
    request=Request(
        file=Path("scenes/scene.py"),
        scene="A",
        video=PREVIEW,
        options=SceneOptions(Path("story.toml")),
    ),
    target=Path("a.mp4"),
    cluster=Cluster("tcp://host:1", ("c*/*.mp4",)),
)
for file in sorted(choose_files(asked, opened, [Path("drum.wav")])):
    print(file)
"""
SCENE = """\
import json, os
from importlib import import_module
from pathlib import Path
import_module("hel" + "per")
Path("put" + "-together.txt").read_text()
(Path(__file__).parent / ("be" + "side.txt")).read_text()
os.close(os.open("../out" + "side.txt", os.O_RDONLY))
open("writ" + "ten.txt", "w").close()
named = "font.ttf"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    files = {
        "scenes/scene.py": SCENE,
        "scenes/helper.py": "",
        "scenes/beside.txt": "",
        "scenes/other.py": "",
        "put-together.txt": "",
        "font.ttf": "",
        "drum.wav": "",
        "clips/a.mp4": "",
        "story.toml": "",
        "manim.cfg": "",
        "unused.txt": "",
        "../outside.txt": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_what_travels(folder: Path) -> None:
    """Libraries and pagereel stay; so does what the scene itself writes."""
    py_compile.compile(str(folder / "scenes" / "helper.py"))  # its source is not read again
    environment = {**os.environ, "HOME": str(folder / "home")}
    done = subprocess.run(
        (sys.executable, "-c", SCRIPT),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        str(folder.parent / name)
        for name in (
            *("outside.txt", "project/clips/a.mp4", "project/drum.wav", "project/font.ttf"),
            *("project/manim.cfg", "project/put-together.txt", "project/scenes/beside.txt"),
            *("project/scenes/helper.py", "project/scenes/scene.py", "project/story.toml"),
        )
    ]


def test_what_is_asked_for_travels_wherever_it_is(tmp_path: Path) -> None:
    """The scene of films is pagereel's, and scenes and stories may be installed among libraries."""
    story = tmp_path / "site-packages" / "story.toml"
    story.parent.mkdir()
    story.touch()
    request = Request(file=OWN_FILM, scene="A", video=PREVIEW, options=SceneOptions(story))
    found = choose_files(Assignment(request=request, target=Path("a.mp4")), OpenedFiles(), [])
    assert {OWN_FILM, story} <= found


def test_a_pattern_that_finds_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "addaudithook", lambda _hook: None)  # it could not be removed
    asked = Assignment(
        request=Request(file=Path("scenes/scene.py"), scene="A", video=PREVIEW),
        target=Path("a.mp4"),
        cluster=Cluster("tcp://host:1", ("none*",)),
    )
    with pytest.raises(RenderError, match=r"^none\*: there is no such file here"):
        choose_files(asked, OpenedFiles(), [])


def test_a_parcel_is_unpacked_as_it_was(tmp_path: Path) -> None:
    names = ["a.txt", "inner/ü with spaces.txt"]
    if sys.platform == "linux":
        names.append(os.fsdecode(b"no\xff text"))
    files = [tmp_path / "here" / name for name in names]
    for number, file in enumerate(files):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes([number]) * 1000)
    root = tmp_path / "there"
    unpack(pack(files), root)
    for file in files:
        assert (root / name_in_parcel(file)).read_bytes() == file.read_bytes()
    assert sum(path.is_file() for path in root.rglob("*")) == len(files)


def test_a_parcel_does_not_reach_out_of_its_folder(tmp_path: Path) -> None:
    parcel = io.BytesIO()
    with tarfile.open(fileobj=parcel, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../evil.txt"), io.BytesIO())
    with pytest.raises(ValueError, match=r"not a parcel of ours: \.\./evil\.txt"):
        unpack(parcel.getvalue(), tmp_path / "there")
    assert not (tmp_path / "evil.txt").exists()


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r": cannot be read: Is a directory; check it$"):
        pack([tmp_path])
    unpack(pack([tmp_path / "gone.txt"]), tmp_path / "there")  # it may have been for a moment
    assert not (tmp_path / "there").exists()
