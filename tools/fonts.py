"""Cuts from Noto Serif CJK the letters that our own stories, languages and READMEs have.

Call it by `make fonts`: it needs fonttools, which is not among pagereel's libraries. Usage:
fonts.py FOLDER, where FOLDER has NotoSerifCJK-Regular.ttc and NotoSerifCJK-Bold.ttc.

The same letters from the same files give the same bytes.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from pagereel.assets import LANGUAGE_FILES, STORIES  # noqa: E402
from pagereel.languages import wide_letters  # noqa: E402

FAMILY = "Pagereel CJK"  # another name, so that it never stands in for the whole font
SIGNS = "“”‘’—…"
SIMPLIFIED = 2  # the font of the collection for Chinese; `locl` has the forms of the others
_NAMES = {1: FAMILY, 16: FAMILY, 3: "Pagereel CJK {}", 4: "Pagereel CJK {}", 6: "PagereelCJK-{}"}


def main(folder: Path) -> None:
    """Write both weights into `assets/fonts`."""
    brands = (STORIES.parent / "brands").glob("*.toml")
    files = [*STORIES.glob("*.toml"), *brands, *LANGUAGE_FILES, *ROOT.glob("README-*.md")]
    letters = {each for file in files for each in wide_letters(file.read_text(encoding="utf-8"))}
    for weight in ("Regular", "Bold"):
        font = TTCollection(folder / f"NotoSerifCJK-{weight}.ttc").fonts[SIMPLIFIED]
        font.recalcTimestamp = False
        options = Options()
        options.layout_features = ["locl"]
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
        options.hinting = False
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted({*letters, *SIGNS})))
        subsetter.subset(font)
        for record in font["name"].names:
            if record.nameID in _NAMES:
                record.string = _NAMES[record.nameID].format(weight)
        font["CFF "].cff.fontNames[0] = f"PagereelCJK-{weight}"
        target = ROOT / "assets" / "fonts" / f"PagereelCJK-{weight}.otf"
        font.save(target)
        print(f"{target.relative_to(ROOT)}: {len(letters)} letters, {target.stat().st_size} bytes")


main(Path(sys.argv[1]))
