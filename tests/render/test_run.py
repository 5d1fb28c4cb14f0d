"""Jobs carried out by a worker that is a few lines of Python."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from planning import preview_job, video_job

from pagereel.errors import RenderError
from pagereel.files import Scratch
from pagereel.render import freshness, process, workplace
from pagereel.render.job import Job
from pagereel.render.run import RunOptions, run
from pagereel.render.screen import Screen
from pagereel.request import chosen_video

if TYPE_CHECKING:
    from collections.abc import Callable

    from pagereel.discovery import SceneSource
    from pagereel.render.screen import Outcome

    Worker = Callable[..., Job]

Output = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch

# Reads the order as the real worker does, and then runs some lines for each scene.
WORKER = """\
import json, os, pickle, signal, sys, time
from pathlib import Path
assignments, verbose = pickle.load(sys.stdin.buffer)
def tell(event, **facts):
    line = json.dumps(dict(event=event, scene=scene, **facts))
    os.write(int(sys.argv[1]), f"{line}\\n".encode())
def fail(kind, message, traceback=""):
    tell("failed", failure=dict(kind=kind, message=message, traceback=traceback, status=0))
for scene, assignment in enumerate(assignments):
    request = assignment.request
    told = request.options.environment()
    with Path("calls").open("a") as calls:
        print(request.scene, told["PAGEREEL_STORY"], told["PAGEREEL_THEME"], file=calls)
    video = assignment.target
    subtitles = video.with_suffix(".srt")
    tell("begin")
"""
MAKE = (
    'tell("images", images=30); video.write_text("video"); subtitles.write_text("subtitles"); '
    'tell("done", images=30)'
)
WHOLE = {"SomeScene.mp4": "video", "SomeScene.srt": "subtitles"}


class Studio:
    """Where a scene is rendered by some lines of Python."""

    def __init__(self, scene: SceneSource, patch: Patch) -> None:
        self.scene = scene
        self.patch = patch
        self.folder = Path("media/videos/some_file/480p15")

    def make(
        self, lines: str = MAKE, *, force: bool = False, story: Path | None = None, theme: str = ""
    ) -> Outcome:
        (outcome,) = self.make_all(
            lines, video_job(self.scene, chosen_video("l"), story=story, theme=theme), force=force
        )
        return outcome

    def make_all(
        self, lines: str, *jobs: Job, force: bool = False, read: tuple[object, ...] = ()
    ) -> list[Outcome]:
        indented = "".join(f"    {line}\n" for line in lines.splitlines())
        self.patch.setattr(process, "_MAIN", WORKER + indented)
        return run(jobs, RunOptions(force=force, read=read), Screen())

    def formats(self, **options: Any) -> Job:
        """Plan a video, a GIF and a still."""
        video = chosen_video("l")
        return video_job(self.scene, video, formats=("mp4", "gif", "png"), **options)

    def two(self) -> list[Job]:
        """Plan a video and a preview."""
        return [video_job(self.scene, chosen_video("l")), preview_job(self.scene)]

    def there(self) -> dict[str, str]:
        """Return the files of the folder, without the keys."""
        files = [path for path in self.folder.iterdir() if not path.name.endswith(".key")]
        return {path.name: path.read_text() for path in files}

    def calls(self) -> list[str]:
        calls = Path("calls")
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def studio(scene: SceneSource, monkeypatch: Patch) -> Studio:
    return Studio(scene, monkeypatch)


def test_files_appear(studio: Studio, capfd: Output) -> None:
    outcome = studio.make()
    assert (outcome.code, outcome.fresh, outcome.error) == (0, False, "")
    assert (outcome.images, outcome.seconds) == (30, 2)
    assert outcome.took > 0
    assert studio.there() == WHOLE
    assert capfd.readouterr() == ("SomeScene: rendering 480p15 ...\n", "")


def test_what_is_refused_was_not_begun(studio: Studio, capfd: Output) -> None:
    assert studio.make('fail("mistake", "too wide")').code == 2
    assert capfd.readouterr() == ("", "pagereel: too wide\n")


def test_what_a_scene_prints_is_seen(studio: Studio, capfd: Output) -> None:
    studio.make(f'print("working")\nprint("badly", file=sys.stderr)\n{MAKE}')
    said = capfd.readouterr()
    # They come through two pipes.
    assert {*said.out.splitlines()} == {"SomeScene: rendering 480p15 ...", "working"}
    assert said.err == "badly\n"


def test_until_they_are_whole_they_are_hidden(studio: Studio) -> None:
    studio.make(f"Path('seen').write_text(' '.join(os.listdir(video.parents[1])))\n{MAKE}")
    assert Path("seen").read_text().startswith(".SomeScene.mp4.partial")


def test_a_second_call_does_nothing(studio: Studio, capfd: Output) -> None:
    studio.make()
    capfd.readouterr()
    outcome = studio.make()
    assert (outcome.code, outcome.fresh, outcome.images) == (0, True, 30)
    assert len(studio.calls()) == 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_force(studio: Studio) -> None:
    studio.make()
    assert not studio.make(force=True).fresh
    assert len(studio.calls()) == 2


@pytest.mark.slow
def test_a_damaged_video_is_made_again(studio: Studio) -> None:
    studio.make()
    (studio.folder / "SomeScene.mp4").write_text("vidEo")
    assert not studio.make().fresh
    assert studio.there() == WHOLE


@pytest.mark.slow
def test_another_story_is_told_into_the_same_file(studio: Studio, tmp_path: Path) -> None:
    stories = (tmp_path / "a.toml", tmp_path / "b.toml", None)
    for story in stories:
        assert not studio.make(story=story).fresh
        assert studio.make(story=story).fresh
    assert not studio.make(theme="light").fresh
    told = [f"SomeScene {story or ''} " for story in stories]
    assert studio.calls() == [*told, "SomeScene  light"]


@pytest.mark.slow
def test_what_was_read_of_a_story_travels(studio: Studio) -> None:
    lines = f"print(*assignment.read, file=open('read', 'w'))\n{MAKE}"
    studio.make_all(lines, *studio.two(), read=("what", "was read"))
    assert Path("read").read_text() == "what was read\n"


def test_a_worker_starts_before_it_is_known_what_the_scene_is_made_of(studio: Studio) -> None:
    studio.patch.setattr(sys.modules[__name__], "WORKER", f"open('started', 'w')\n{WORKER}")
    digest = vars(Job)["inputs"].fget

    def late_digest(job: Job) -> str:
        until = time.monotonic() + 60
        while not Path("started").exists():
            assert time.monotonic() < until
            time.sleep(0.01)
        return str(digest(job))

    studio.patch.setattr(Job, "inputs", property(late_digest))
    assert not studio.make().fresh
    assert studio.make().fresh
    assert not studio.make(force=True).fresh


@pytest.mark.slow
def test_what_changes_during_the_work_is_noticed(studio: Studio) -> None:
    studio.make(f"open('scenes/some_file.py', 'a').write('#')\n{MAKE}")
    assert not studio.make().fresh


@pytest.mark.slow
def test_several_are_made_by_one_process(studio: Studio) -> None:
    lines = f"with open('ids', 'a') as ids: print(os.getpid(), file=ids)\n{MAKE}"
    assert [outcome.code for outcome in studio.make_all(lines, *studio.two())] == [0, 0]
    ids = Path("ids").read_text().split()
    assert (len(ids), len({*ids})) == (2, 1)
    assert Path("media/previews/SomeScene.gif").read_text() == "video"


@pytest.mark.slow
def test_only_what_is_stale_is_made(studio: Studio) -> None:
    studio.make()
    outcomes = studio.make_all(MAKE, *studio.two())
    assert [outcome.fresh for outcome in outcomes] == [True, False]
    assert len(studio.calls()) == 2


@pytest.mark.slow
def test_the_others_are_made_where_one_raises(studio: Studio, capfd: Output) -> None:
    raising = 'fail("raised", "ValueError: no", traceback="Traceback\\nValueError: no\\n")'
    lines = f"if scene == 0: {raising}\nelse:\n    {MAKE}"
    outcomes = studio.make_all(lines, *studio.two())
    assert [outcome.code for outcome in outcomes] == [1, 0]
    said = capfd.readouterr().err
    assert said == "SomeScene: the scene raised\nTraceback\nValueError: no\n"
    assert "ValueError" in outcomes[0].error


def test_a_scene_that_ends_its_process_is_one_line(studio: Studio, capfd: Output) -> None:
    outcome = studio.make("os._exit(0)")
    assert outcome.code == 1
    assert outcome.error.startswith(
        "SomeScene: its process ended before it was drawn; if the scene"
    )
    assert capfd.readouterr().err == f"pagereel: {outcome.error}\n"


def test_a_wrong_story_is_one_line(studio: Studio, capfd: Output) -> None:
    outcome = studio.make('fail("mistake", "a.toml: is wrong\\nmend it")')
    assert (outcome.code, outcome.error) == (2, "a.toml: is wrong\nmend it")
    assert capfd.readouterr().err == "pagereel: a.toml: is wrong\\nmend it\n"


def test_a_full_disk_is_one_line(studio: Studio, capfd: Output) -> None:
    studio.make()
    outcome = studio.make(
        'video.write_text("half"); fail("unwritable", "No space left")', force=True
    )
    assert outcome.code == 2
    line = f"pagereel: {studio.folder}: cannot be written: No space left; make it writable, or make"
    assert capfd.readouterr().err == f"{line} room\n"
    assert studio.there() == WHOLE
    assert studio.make().fresh


def test_without_room_for_its_key_nothing_is_put_in_place(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(freshness, "replacing", full)
        assert studio.make(MAKE).code == 2
    assert not studio.there()
    assert studio.make(MAKE).code == 0


@pytest.mark.parametrize(
    ("folder", "shown"),
    [
        ("'/elsewhere'", "/elsewhere"),
        ("str(video.parent / 'Tex')", "media/videos/some_file/480p15"),
        ("str(assignment.checkpoint)", "media/videos/some_file/480p15"),
    ],
)
def test_the_folder_that_cannot_be_written_is_named_unless_it_is_hidden(
    studio: Studio, folder: str, shown: str, capfd: Output
) -> None:
    facts = f"dict(kind='unwritable', message='No room', traceback='', status=0, folder={folder})"
    assert studio.make(f"tell('failed', failure={facts})").code == 2
    assert capfd.readouterr().err.startswith(f"pagereel: {shown}: cannot be written: No room; make")


@pytest.mark.slow
def test_notes_are_said_once(studio: Studio, capfd: Output) -> None:
    note = 'tell("note", message="manim draws dots")'
    studio.make(f"{note}\n{note}\n{MAKE}")
    assert capfd.readouterr().out.splitlines()[1:] == ["SomeScene: manim draws dots"]


@pytest.mark.parametrize("code", [0, 1, 77])
def test_a_worker_that_ends_without_a_word(studio: Studio, code: int) -> None:
    outcomes = studio.make_all(f"video.write_text('half')\nsys.exit({code})", *studio.two())
    assert [outcome.code for outcome in outcomes] == [code or 1] * 2
    assert studio.there() == {}


@pytest.mark.slow
def test_a_failure_leaves_what_was_there(studio: Studio) -> None:
    studio.make()
    changed = (studio.folder / "SomeScene.mp4").stat().st_mtime_ns
    assert studio.make("video.write_text('half')\nsys.exit(1)", force=True).code == 1
    assert studio.there() == WHOLE
    assert (studio.folder / "SomeScene.mp4").stat().st_mtime_ns == changed
    assert studio.make().fresh


@pytest.mark.slow
def test_after_a_failure_it_is_tried_again(studio: Studio) -> None:
    studio.make("sys.exit(1)")
    assert not studio.make().fresh
    assert studio.there() == WHOLE


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_a_killed_worker(studio: Studio, name: str, capfd: Output) -> None:
    number = signal.Signals[name]
    assert studio.make(f"os.kill(os.getpid(), {number:d})").code == 128 + number
    assert capfd.readouterr().err.startswith(f"pagereel: SomeScene: {name} ended the rendering; if")
    assert studio.there() == {}


@pytest.mark.skipif(sys.platform == "darwin", reason="it has no realtime signals")
def test_a_process_that_was_killed_by_a_signal_without_a_name(
    studio: Studio, capfd: Output
) -> None:
    outcomes = studio.make_all(
        f"if scene == 0: tell('killed', signal=40)\nelse:\n    {MAKE}", *studio.two()
    )
    assert [outcome.code for outcome in outcomes] == [168, 0]
    assert capfd.readouterr().err.startswith("pagereel: SomeScene: signal 40 ended the rendering")


def ended(process: int) -> bool:
    """Return whether a process has ended, or does so soon."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if sys.platform == "linux" and ") Z " in Path(f"/proc/{process}/stat").read_text():
            return True  # ended, but nobody has asked how
        time.sleep(0.05)
    return False


def test_an_interrupt_ends_the_worker_and_its_children(studio: Studio) -> None:
    """Ctrl-C: we hear of it, and the worker does not answer, should it hear of it, too."""
    studio.make()
    lines = (
        "video.write_text('half')\n"
        "child = os.fork()\n"
        "if not child: time.sleep(60)\n"
        "Path('ids').write_text(f'{os.getpid()} {child}')\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "time.sleep(60)"
    )
    with pytest.raises(KeyboardInterrupt):
        studio.make(lines, force=True)
    assert studio.there() == WHOLE
    assert studio.make().fresh
    assert [ended(int(number)) for number in Path("ids").read_text().split()] == [True, True]


LEAVE = """\
kept = assignment.checkpoint
kept.mkdir()
for index in range(2): (kept / f"{index}.note").write_text('{"images": 12}')
tell("plan", total=30, taken=0)
"""


def test_after_an_interrupt_it_is_said_what_is_left(studio: Studio, capfd: Output) -> None:
    """Where a scene is done, or nothing has been drawn, nothing is."""
    ending = "os.kill(os.getppid(), signal.SIGINT); time.sleep(60)"
    with pytest.raises(KeyboardInterrupt):
        studio.make(f"{LEAVE}{ending}")
    last = capfd.readouterr().out.splitlines()[-1]
    # How many there would have been is said if it has been heard of before.
    assert re.fullmatch(
        r"SomeScene: interrupted; the next run resumes from 24( of 30)? images", last
    )
    assert len(list(studio.folder.glob(".*.shards-*"))) == 1
    with pytest.raises(KeyboardInterrupt):
        studio.make(f"assignment.checkpoint.mkdir(exist_ok=True)\n{ending}", theme="light")
    assert capfd.readouterr().out == ""
    assert list(studio.folder.glob(".*")) == []


@pytest.mark.slow
def test_a_process_that_was_killed_gets_a_second_chance(studio: Studio, capfd: Output) -> None:
    once = "if not Path('once').exists():\n    Path('once').touch()\n    "
    for strike in ("tell('killed', signal=9); sys.exit(0)", "os.kill(os.getpid(), 9)"):
        outcome = studio.make(f"{once}{strike}\n{MAKE}", force=True)
        assert outcome.code == 0
        assert studio.there() == WHOLE
        assert capfd.readouterr().out.splitlines() == [
            "SomeScene: SIGKILL ended the rendering; once more",
            "SomeScene: rendering 480p15 ...",
        ]
        Path("once").unlink()


@pytest.mark.slow
def test_who_is_killed_again_is_given_up(studio: Studio, capfd: Output) -> None:
    outcomes = studio.make_all("tell('killed', signal=9)", *studio.two())
    assert [outcome.code for outcome in outcomes] == [137, 137]
    assert len(studio.calls()) == 4
    assert capfd.readouterr().err.count("SIGKILL ended the rendering; if memory ran out") == 2


def test_what_the_scenes_file_sets_decides_where_files_go(studio: Studio, capfd: Output) -> None:
    job = video_job(studio.scene)
    called = replace(job, folder=Path("out/720p15"), called="other")
    size = replace(job.request, video=replace(job.request.video, width=1280, height=720))
    facts = replace(called, request=size).facts
    lines = f"tell('changed', job={facts!r})\nvideo.with_name('other.mp4').write_text('video')"
    outcome = studio.make(f"{lines}\ntell('done', images=30)")
    assert outcome.files == (Path("out/720p15/other.mp4"),)
    assert outcome.files[0].read_text() == "video"
    said = "SomeScene: its file sets 720p15 in out/720p15\n"
    assert said in capfd.readouterr().out
    again = studio.make()
    assert (again.fresh, again.files) == (True, outcome.files)
    assert (again.job.request.video.height, len(studio.calls())) == (720, 1)
    outcome.files[0].write_text("damaged")
    assert not studio.make(f"{lines}\ntell('done', images=30)").fresh


def test_it_is_said_once_why_manim_renders_a_scene(
    studio: Studio, monkeypatch: Patch, capfd: Output
) -> None:
    def stock(job: Job, place: workplace.Workplace, **_: object) -> tuple[int, Job]:
        (place.path / job.target.name).write_text("video")
        return 0, job

    monkeypatch.setattr("pagereel.render.run.render_stock", stock)
    assert studio.make('tell("stock", why="it rains")').code == 0
    assert capfd.readouterr().out == (
        "SomeScene: manim renders this scene: it rains\nSomeScene: rendering 480p15 ...\n"
    )


def test_manim_itself_gets_no_second_chance(
    studio: Studio, monkeypatch: Patch, capfd: Output
) -> None:
    monkeypatch.setattr("pagereel.render.run.render_stock", lambda job, *_, **__: (-9, job))
    assert studio.make("tell('stock', why='')").code == 137
    assert "SIGKILL ended the rendering; if memory ran out" in capfd.readouterr().err


def test_a_scene_that_is_killed_takes_no_others_with_it(studio: Studio) -> None:
    """Its worker ends, with all that the scene has forked; another one makes the next scenes."""
    lines = f"if scene == 0: tell('killed', signal=11); sys.exit(0)\n{MAKE}"
    outcomes = studio.make_all(lines, *studio.two())
    assert [outcome.code for outcome in outcomes] == [139, 139], "each was killed in its turn"
    once = (
        "if not Path('once').exists(): Path('once').touch(); tell('killed', signal=11); sys.exit(0)"
    )
    outcomes = studio.make_all(f"{once}\n{MAKE}", *studio.two())
    assert [outcome.code for outcome in outcomes] == [139, 0]


def test_when_we_are_killed_all_that_draws_is_killed_at_once() -> None:
    """Even what reports nothing, and what it has forked."""
    silent = "import os, time; os.fork(); os.write(1, b'%d\\n' % os.getpid()); time.sleep(60)"
    lines = f"""
import os, signal, sys
from pagereel.render.process import started
with started((sys.executable, "-c", {silent!r}), os.environ) as worker:
    input()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    with subprocess.Popen(
        (sys.executable, "-c", lines), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as us:
        assert us.stdout is not None
        found = [int(us.stdout.readline()) for _ in range(2)]
        us.communicate("\n", timeout=30)  # until the last has let go of standard output
    assert us.returncode == -signal.SIGKILL
    assert [ended(process) for process in found] == [True, True]


def test_children_do_not_outlive_a_worker(studio: Studio) -> None:
    """Nor do they keep us waiting, though they hold its pipes."""
    began = time.monotonic()
    lines = f"child = os.fork()\nif not child: time.sleep(60)\n{MAKE}\nprint(child)"
    assert studio.make(f"{lines}\nPath('id').write_text(str(child))").code == 0
    assert ended(int(Path("id").read_text()))
    assert time.monotonic() - began < 30


SLOW = "time.sleep(0.5); video.write_text(str(os.getpid())); time.sleep(0.5)"
SLOW = f"{SLOW}; subtitles.write_text(str(os.getpid())); tell('done', images=1)"
WAITS = "SomeScene: another process renders it; waiting for that to end"


def test_of_two_at_the_same_time_one_waits_for_the_other(studio: Studio, capfd: Output) -> None:
    with ThreadPoolExecutor() as pool:
        outcomes = [*pool.map(studio.make, [SLOW, SLOW])]
    assert [outcome.code for outcome in outcomes] == [0, 0]
    assert {outcome.fresh for outcome in outcomes} == {False, True}
    assert len(studio.calls()) == 1
    assert capfd.readouterr().out.splitlines().count(WAITS) == 1
    there = studio.there()
    assert len(there) == 2
    assert there["SomeScene.mp4"] == there["SomeScene.srt"]


@pytest.mark.slow
def test_with_force_each_makes_it(studio: Studio) -> None:
    with ThreadPoolExecutor() as pool:
        outcomes = [*pool.map(lambda lines: studio.make(lines, force=True), [SLOW, SLOW])]
    assert [(outcome.code, outcome.fresh) for outcome in outcomes] == [(0, False)] * 2
    assert len(studio.calls()) == 2
    there = studio.there()
    assert there["SomeScene.mp4"] == there["SomeScene.srt"]


@pytest.mark.slow
def test_two_with_the_same_jobs_in_another_order_do_not_wait_for_each_other(
    studio: Studio,
) -> None:
    both = studio.two()
    with ThreadPoolExecutor() as pool:
        outcomes = [*pool.map(lambda jobs: studio.make_all(SLOW, *jobs), [both, both[::-1]])]
    assert [outcome.code for each in outcomes for outcome in each] == [0] * 4
    assert [outcomes[1][0].job, outcomes[1][1].job] == both[::-1]
    assert len(studio.calls()) == 2


def test_what_a_killed_process_left_is_taken_over(studio: Studio) -> None:
    for left in (".SomeScene.mp4.partial", ".SomeScene.mp4.partial/sections"):
        (studio.folder / left).mkdir(parents=True)
        (studio.folder / left / "SomeScene.mp4").write_text("half")
    look = "Path('seen').write_text(' '.join(os.listdir(video.parent)))"
    studio.make(f"{look}\n{MAKE}")
    assert Path("seen").read_text() == ""
    assert studio.there() == WHOLE


def test_whoever_waits_takes_over_when_the_other_dies(studio: Studio, capfd: Output) -> None:
    """The processes that draw hold the place, too: it is free when the last one is dead."""
    place = workplace.Workplace.claim(video_job(studio.scene, chosen_video("l")))
    assert place is not None
    drawing = os.fork()
    if not drawing:
        time.sleep(60)
    os.close(place.fileno())  # as if the process were killed that has forked
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(studio.make)
        while WAITS not in (said := capfd.readouterr().out):
            assert not waiting.done(), said
            time.sleep(0.01)
        os.kill(drawing, signal.SIGKILL)
        os.waitpid(drawing, 0)
        assert waiting.result().code == 0
    assert studio.there() == WHOLE
    assert len(studio.calls()) == 1


def test_the_worker_holds_the_place(studio: Studio) -> None:
    studio.make(f"os.fstat(int(sys.argv[2])); import fcntl\n{MAKE}")
    same = "os.path.samestat(os.fstat(int(sys.argv[2])), os.stat(video.parent))"
    assert studio.make(f"assert {same}\n{MAKE}", force=True).code == 0


@pytest.mark.parametrize(
    "name", ["SomeScene.mp4", "SomeScene.gif", "SomeScene.srt", "SomeScene.vtt"]
)
def test_a_folder_in_the_place_of_a_file_is_seen_before_anything_is_drawn(
    studio: Studio, name: str
) -> None:
    (studio.folder / name).mkdir(parents=True)
    with pytest.raises(RenderError, match=rf"{name}: this is a folder; move it out of the way"):
        studio.make_all(MAKE, *studio.two()[::-1], studio.formats())
    assert not studio.calls()
    assert [path.name for path in studio.folder.iterdir()] == [name]
    assert not [*Path("media/previews").iterdir()], "places that were claimed are given back"


def test_a_file_in_the_place_of_the_sections(studio: Studio) -> None:
    studio.folder.mkdir(parents=True)
    (studio.folder / "sections").touch()
    with pytest.raises(RenderError, match="sections: this is a file; move it out of the way"):
        studio.make_all(MAKE, studio.formats(sections=("*",)))
    assert not studio.calls()


@pytest.mark.parametrize(
    ("what", "ending"),
    [
        ("video.parent", MAKE),
        ("video.parent", "fail('raised', 'FileNotFoundError', traceback='long')"),
        ("'media'", "sys.exit(1)"),
    ],
)
def test_a_folder_that_is_removed_meanwhile(
    studio: Studio, what: str, ending: str, capfd: Output
) -> None:
    """By `make clean`, or by the scene itself; and made again, as manim makes its folders."""
    remove = f"import shutil; shutil.rmtree({what}); video.parent.mkdir(parents=True)"
    assert studio.make(f"{remove}\n{ending}").code == 2
    assert capfd.readouterr().err == (
        f"pagereel: {studio.folder}: was removed while SomeScene was rendered; render it again, "
        "and leave the folder alone until it is done\n"
    )
    assert not [*studio.folder.glob(".*")], "nor is anything left that was made since"
    assert studio.make().code == 0
    assert studio.there() == WHOLE


@pytest.mark.slow
def test_subtitles_that_are_not_made_again_are_removed(studio: Studio) -> None:
    studio.make()
    studio.make("video.write_text('silent'); tell('done', images=1)", force=True)
    assert studio.there() == {"SomeScene.mp4": "silent"}
    assert studio.make().fresh


def test_a_worker_that_makes_nothing(studio: Studio, capfd: Output) -> None:
    studio.make()
    assert studio.make("tell('done', images=1)", force=True).code == 2
    said = capfd.readouterr().err
    assert said.startswith("pagereel: SomeScene: no SomeScene.mp4 was made; does it")
    assert studio.there() == WHOLE


@pytest.mark.parametrize("name", ["media", "media/videos/some_file"])
def test_a_file_in_the_place_of_a_folder(studio: Studio, name: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text("")
    with pytest.raises(RenderError, match=r"480p15: cannot be written: .*; make it writable, or"):
        studio.make()
    assert not studio.calls()


def test_a_folder_that_cannot_be_written(studio: Studio, monkeypatch: Patch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Scratch, "claim", refuse)  # whoever runs this may be root
    with pytest.raises(RenderError, match="480p15: cannot be written: Permission denied; make it"):
        studio.make()
    assert not studio.calls()


STILL = Path("media/images/some_file/SomeScene.png")
ALL = f"""\
for end in request.formats: video.with_suffix("." + end).write_text(end)
{MAKE}"""


def test_all_formats_appear(studio: Studio) -> None:
    (outcome,) = studio.make_all(ALL, studio.formats())
    assert outcome.files == studio.formats().outputs
    assert studio.there() == {**WHOLE, "SomeScene.gif": "gif"}
    assert STILL.read_text() == "png"
    assert [*STILL.parent.iterdir()] == [STILL]
    assert studio.make_all(ALL, studio.formats())[0].fresh
    assert studio.make().fresh, "the video alone"


@pytest.mark.parametrize(
    "end", ["mp4", *(pytest.param(end, marks=pytest.mark.slow) for end in ("gif", "png"))]
)
def test_all_formats_are_made_again_where_one_is_damaged(studio: Studio, end: str) -> None:
    studio.make_all(ALL, studio.formats())
    file = STILL if end == "png" else studio.folder / f"SomeScene.{end}"
    file.write_text("damaged")
    assert not studio.make_all(ALL, studio.formats())[0].fresh
    assert file.read_text() in {end, "video"}
    file.unlink()
    assert not studio.make_all(ALL, studio.formats())[0].fresh


@pytest.mark.slow
def test_one_more_format_is_not_there_yet(studio: Studio) -> None:
    studio.make()
    assert not studio.make_all(ALL, studio.formats())[0].fresh


@pytest.mark.slow
def test_all_formats_or_none(studio: Studio, capfd: Output) -> None:
    studio.make_all(ALL, studio.formats())
    before = studio.there()
    lines = "video.write_text('new'); tell('done', images=1)"
    assert studio.make_all(lines, studio.formats(), force=True)[0].code == 2
    assert "no SomeScene.gif was made" in capfd.readouterr().err
    assert studio.there() == before
    assert studio.make_all(ALL, studio.formats())[0].fresh


def test_a_still_that_finds_no_place_keeps_the_others_from_theirs(
    studio: Studio, capfd: Output
) -> None:
    studio.make()
    STILL.parent.parent.mkdir(parents=True)
    STILL.parent.write_text("a file where the folder should be")
    lines = ALL.replace('"video"', '"new"')
    assert studio.make_all(lines, studio.formats(), force=True)[0].code == 2
    assert f"{STILL.parent}: cannot be written" in capfd.readouterr().err
    assert studio.there() == WHOLE
    assert studio.make().fresh


SECTIONS = """\
(video.parent / "sections").mkdir()
for name in Path("names").read_text().split():
    (video.parent / "sections" / name).write_text(name)
"""


@pytest.mark.slow
def test_sections_alone(studio: Studio) -> None:
    """The others stay; what they are is only known when they are made."""
    job = video_job(studio.scene, chosen_video("l"), sections=("a*",))
    folder = studio.folder / "sections"
    folder.mkdir(parents=True)
    (folder / "SomeScene_0000_b.mp4").write_text("another")
    Path("names").write_text("SomeScene_0001_a.mp4 SomeScene_0001_a.srt")
    done = f"{SECTIONS}tell('done', images=30)"
    (outcome,) = studio.make_all(done, job)
    assert outcome.files == (folder / "SomeScene_0001_a.mp4",)
    assert len([*folder.iterdir()]) == 3
    (outcome,) = studio.make_all(done, job)
    assert (outcome.fresh, len(outcome.files)) == (True, 1)
    (file,) = outcome.files
    file.unlink()
    assert not studio.make_all(done, job)[0].fresh
    Path("names").write_text("SomeScene_0002_c.mp4")
    assert not studio.make_all(done, replace(job, request=replace(job.request, sections=("c",))))[
        0
    ].fresh
    assert file.exists(), "what was made before stays"


@pytest.mark.slow
def test_sections_that_are_no_more_are_removed(studio: Studio) -> None:
    job = video_job(studio.scene, chosen_video("l"), sections=("*",))
    (studio.folder / "sections").mkdir(parents=True)
    (studio.folder / "sections" / "mine").touch()
    for names in ("a.mp4 b.mp4 SomeScene.json", "b.mp4 SomeScene.json"):
        Path("names").write_text(names)
        (outcome,) = studio.make_all(SECTIONS + MAKE, job, force=True)
    assert [file.name for file in outcome.files] == ["SomeScene.mp4", "b.mp4"]
    there = {file.name for file in (studio.folder / "sections").iterdir()}
    assert there == {"mine", "b.mp4", "SomeScene.json"}
