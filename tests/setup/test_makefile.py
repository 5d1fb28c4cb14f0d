"""What the Makefile's targets call, and when they set up first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.setup.conftest import System


@pytest.fixture
def ready(system: System) -> System:
    """Return a checkout that is set up; its tools write down their arguments one by one."""
    code, said = system.call("make", ".venv/dev.stamp")
    assert code == 0, said
    for name in ("pagereel", "pytest", "coverage", "ruff", "mypy"):
        system.command(name, f'for word in {name} "$@"; do note "$word"; done')
        (system.bin / name).rename(system.checkout / ".venv/bin" / name)
    return system


def words(said: str) -> list[str]:
    return re.findall(r"^\$ (.*)$", said, flags=re.MULTILINE)


def test_make_alone_lists_all_targets_and_variables(system: System) -> None:
    makefile = (system.checkout / "Makefile").read_text()
    code, said = system.call("make")
    assert code == 0
    for target in re.findall(r"^\.PHONY: (.*) moved$", makefile, flags=re.MULTILINE)[0].split():
        assert f"make {target} " in said
    for variable in ("SCENE", "QUALITY", "STORY", "THEME", "BRAND", "SLOW", "COVERAGE", "PYTHON"):
        assert f"{variable}= " in said


def test_a_target_sets_up_once(system: System) -> None:
    system.command("pagereel")
    _, first = system.call("make", "render", f"bin={system.bin}")
    _, second = system.call("make", "render", f"bin={system.bin}")
    assert "tools/setup.sh render" in first
    assert "setup" not in second
    assert words(second) == ["pagereel render"]


def test_dry_run_shows_the_values(ready: System) -> None:
    wishes = ("STORY=my story.toml", "SCENE=PagedCache", "QUALITY=l")
    _, said = ready.call("make", "-n", "render", *wishes)
    command = ".venv/bin/pagereel render PagedCache --story 'my story.toml' --quality 'l'"
    assert " ".join(said.split()) == command


def test_render_passes_only_what_is_given(ready: System) -> None:
    assert words(ready.call("make", "render")[1]) == ["pagereel", "render"]
    wishes = ("SCENE=A B", "STORY=it's $$x.toml", "THEME=light", "QUALITY=h")
    more = ("FORMAT=mp4,gif", "SECTION=a b*", "BRAND=my brand.toml")
    _, said = ready.call("make", "render", *wishes, *more)
    assert words(said) == [
        *("pagereel", "render", "A", "B"),
        *("--story", "it's $x.toml", "--theme", "light"),
        *("--brand", "my brand.toml", "--quality", "h"),
        *("--format", "mp4,gif", "--section", "a b*"),
    ]


def test_a_browser_is_asked_for(ready: System) -> None:
    ready.command("chromium")
    _, said = ready.call("make", "test", "BROWSER=1")
    assert "tools/setup.sh browser" in said
    assert "--browser" in words(said)
    # What others call BROWSER names a program.
    for wish in ((), ("BROWSER=firefox",)):
        assert "--browser" not in words(ready.call("make", "test", *wish)[1])


def test_previews(ready: System) -> None:
    _, said = ready.call("make", "previews", "SCENE=A")
    assert words(said) == ["pagereel", "preview", "A"]
    _, said = ready.call("make", "previews")
    assert "not found" not in said  # the shell would write so into lines of the commands
    short = ["pagereel", "render", "PromoShort", "--format", "gif", "-r", "800,450", "--fps", "20"]
    chinese = [
        "--story",
        "assets/stories/promo_short_zh.toml",
        "--brand",
        "assets/brands/astrai_zh.toml",
    ]
    assert words(said) == [
        *("pagereel", "list", "pagereel", "preview"),
        *(*short, "-o", "media/previews/PromoShort.gif"),
        *(*short, *chinese, "-o", "media/previews/PromoShort-promo_short_zh.gif"),
        *("pagereel", "preview", "--story", "assets/stories/paged_cache_zh.toml"),
    ]


def test_slow_tests_only_on_demand(ready: System) -> None:
    _, quick = ready.call("make", "test")
    _, all_of_them = ready.call("make", "test", "SLOW=1")
    assert words(quick)[-2:] == ["-m", "not slow"]
    assert words(all_of_them) == [*words(quick)[:-1], "slow or not slow"]
    _, others = ready.call("make", "test", "SLOW=only")
    assert words(others) == [*words(quick)[:-1], "slow"]


def test_tests_share_the_cores(ready: System) -> None:
    assert words(ready.call("make", "test")[1])[:3] == ["pytest", "-n", "auto"]


def test_coverage_only_on_demand(ready: System) -> None:
    """Processes that tests start in other folders put what they find beside the others'."""
    _, plain = ready.call("make", "test")
    _, said = ready.call("make", "test", "COVERAGE=1")
    _, *arguments = words(plain)
    data = f"--data-file={ready.checkout}/.coverage"
    assert words(said) == [
        *("coverage", "erase", "coverage", "run", data, "-m", "pytest", *arguments),
        *("coverage", "combine", "--quiet", "coverage", "report"),
    ]


def test_lint_checks_all_three(ready: System) -> None:
    _, said = ready.call("make", "lint")
    assert words(said) == ["ruff", "format", "--check", "ruff", "check", "mypy"]


def test_a_moved_checkout_is_set_up_anew(ready: System) -> None:
    moved = type(ready)(ready.checkout.with_name("moved"), ready.bin, ready.log)
    ready.checkout.rename(moved.checkout)
    _, said = moved.call("make", "-n", "render")
    assert "tools/setup.sh render" in said


@pytest.mark.parametrize("name", ["requirements/render.lock", "pyproject.toml"])
def test_a_change_is_noticed(ready: System, name: str) -> None:
    _, said = ready.call("make", "-n", "-W", name, "render")
    assert "tools/setup.sh render" in said


def test_clean_spares_previews_and_venv(ready: System) -> None:
    media = ready.checkout / "media"
    for name in ("previews/A.gif", "previews/A.png", "previews/A.tmp", "videos/A/A.mp4"):
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).touch()
    code, said = ready.call("make", "clean")
    assert code == 0, said
    kept = {path.name for path in media.rglob("*") if path.is_file()}
    assert kept == {"A.gif", "A.png"}
    assert (ready.checkout / ".venv").is_dir()
    ready.call("make", "distclean")
    assert not (ready.checkout / ".venv").exists()
