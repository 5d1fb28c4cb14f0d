"""The paths of files that travel with pagereel: fonts, stories, traces, scenes and so on.

In a wheel they are inside the package, in a checkout at the top of the repository.
"""

from __future__ import annotations

from pathlib import Path

from pagereel.errors import StageError

_PACKAGED = Path(__file__).parent / "assets"
ROOT = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[2] / "assets"

FONTS = tuple(
    ROOT / "fonts" / name
    for name in (
        "LiberationSerif-Regular.ttf",
        "LiberationSerif-Bold.ttf",
        "PagereelCJK-Regular.otf",
        "PagereelCJK-Bold.otf",
        "LiberationMono-Regular.ttf",
    )
)
LANGUAGE_FILES = tuple(sorted((ROOT / "languages").glob("*.toml")))
STORIES = ROOT / "stories"
SCHEMAS = ROOT / "schemas"
TRACES = ROOT / "traces"
SCENES = (ROOT if _PACKAGED.is_dir() else ROOT.parent) / "scenes"
# The scene of films of one's own.
OWN_FILM = Path(__file__).parent / "stage" / "own_film.py"
# The scene that `pagereel replay` renders, wherever it is called.
REPLAY = SCENES / "replay.py"
COMPARE = SCENES / "compare.py"


def require_fonts() -> tuple[Path, ...]:
    """Return the paths of all fonts.

    Raises
    ------
    StageError
        If one is missing: Pango would silently draw another font in its place.
    """
    for font in FONTS:
        if not font.is_file():
            raise StageError(
                f"{font}: this font is missing; restore it with `git checkout -- assets/fonts` "
                "or install pagereel again"
            )
    return FONTS
