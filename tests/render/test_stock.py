"""manim in a process of its own, for which a small script stands in."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from planning import video_job

from pagereel.render import stock
from pagereel.render.manims import placed
from pagereel.render.workplace import Workplace
from pagereel.request import chosen_video

if TYPE_CHECKING:
    import pytest

    from pagereel.discovery import SceneSource

# Notes what it is to do, and how the scene's file changes it.
MANIM = """\
import json, pickle, sys
from dataclasses import replace
from pathlib import Path
order = Path(sys.argv[1])
job, bars, verbosity = pickle.loads(order.read_bytes())
order.with_name("asked").write_text(f"{job.scene} {bars} {verbosity}")
order.with_name("changed.json").write_text(json.dumps(replace(job, called="other").facts))
sys.exit(3)
"""


def test_what_it_is_to_do_and_what_it_says(
    scene: SceneSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "_MAIN", MANIM)
    job = video_job(scene)
    place = Workplace.claim(job)
    assert place is not None
    code, changed = stock.render_stock(job, place, verbose=False, json=True)
    assert (code, changed) == (3, replace(job, called="other"))
    assert (place.path / "asked").read_text() == "SomeScene none WARNING"
    assert pickle.loads((place.path / "order").read_bytes())[0] == job  # noqa: S301 (ours)


def test_each_format_grows_in_the_workplace(scene: SceneSource) -> None:
    job = video_job(scene, chosen_video("m", stock=True), sections=("*",))
    gif, mp4 = (placed(job, each, Path("place")) for each in ("gif", "mp4"))
    assert (gif["format"], gif["frame_rate"], gif["save_sections"]) == ("gif", 25, False)
    assert (mp4["format"], mp4["frame_rate"], mp4["save_sections"]) == ("mp4", 30, True)
    for each in ("video_dir", "images_dir"):
        assert gif[each] == "place"
    assert gif["output_file"] == "SomeScene"
