"""Formulas are kept if they are complete, and brought if they are undamaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.formulas import bring_formulas, keep_formulas

if TYPE_CHECKING:
    from pathlib import Path

SVG = "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0L1 1'/></svg>"


def files(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()} if folder.is_dir() else {}


def test_what_is_complete_is_kept(tmp_path: Path) -> None:
    laid_out, kept, again = (tmp_path / name for name in ("laid out", "kept", "again"))
    keep_formulas(laid_out, kept)
    bring_formulas(kept, again)
    bring_formulas(None, again)
    assert [*tmp_path.iterdir()] == [], "where there are none, nothing is made"
    laid_out.mkdir()
    for name, text in {"a.svg": SVG, "b.svg": "", "c.svg": SVG[:-1], "d.tex": "x"}.items():
        (laid_out / name).write_text(text)
    for _ in range(2):
        keep_formulas(laid_out, kept)
        assert len(files(kept)) == 1
    bring_formulas(kept, again)
    assert files(again) == {"a.svg": SVG}


def test_what_is_damaged_is_removed(tmp_path: Path) -> None:
    laid_out, kept, again = (tmp_path / name for name in ("laid out", "kept", "again"))
    laid_out.mkdir()
    (laid_out / "a.svg").write_text(SVG)
    keep_formulas(laid_out, kept)
    (file,) = kept.iterdir()
    for damage in ("", SVG.replace("L1", "L2")):
        file.write_text(damage)
        bring_formulas(kept, again)
        assert files(again) == files(kept) == {}
        keep_formulas(laid_out, kept)
        assert files(kept) == {file.name: SVG}
