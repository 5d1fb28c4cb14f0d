"""What a brand is: the names, colours, files and beats that make a film somebody's own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pagereel.errors import BrandError
from pagereel.stage.theme import theme_named
from pagereel.wording import listed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pagereel.stage.theme import Theme


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand as its file says it. What the file leaves out is empty or None.

    Attributes
    ----------
    path
        The file.
    name, accent
        The project's name, and the part of it that takes the first colour.
    line
        What the project is, in a line.
    command, address, licence
        How a viewer gets it, where it is, under which licence.
    logo
        An SVG file that can be drawn.
    font
        The font file in which the name is set on cards.
    colors
        Theme -> the two colours (hex), what the project does first, and what was done before.
        Empty: the theme's own.
    theme
        The theme where none is asked for.
    before, after, close
        Traces: of what was done before, of what the project does, and of the few frames that
        explain it.
    names
        What the runs of `before` and `after` are called.
    beats
        What the project's engine does, in the order of the file.
    lines
        Key -> its line in the file, from 1; of keys that are written.
    """

    path: Path
    name: str
    theme: str
    accent: str = ""
    line: str = ""
    command: str = ""
    address: str = ""
    licence: str = ""
    logo: Path | None = None
    font: Path | None = None
    colors: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    before: Path | None = None
    after: Path | None = None
    close: Path | None = None
    names: tuple[str, ...] = ()
    beats: tuple[str, ...] = ()
    lines: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def name_parts(self) -> tuple[str, str, str]:
        """The name up to its accent, the accent, and the rest."""
        head, accent, tail = self.name.rpartition(self.accent) if self.accent else ("", "", "")
        return (head, accent, tail) if accent else (self.name, "", "")

    def themed(self, chosen: str | None = None) -> Theme:
        """Return a theme with the brand's colours where those mean the project.

        Tasks keep the theme's colours: these can be told apart.

        Parameters
        ----------
        chosen
            The name of the theme; the brand's own if None.

        Raises
        ------
        BrandError
            If the brand has no colours for that theme.
        """
        theme = theme_named(chosen or self.theme)
        if not self.colors:
            return theme
        if theme.name not in self.colors:
            raise self.error(
                f"colors are for the theme {listed(self.colors)}, not for {theme.name}; "
                f"write colors = {{ {', '.join([*self.colors, theme.name])} }}, two for each",
                "colors",
            )
        after, before = self.colors[theme.name]
        return replace(theme, title=after, tagline=after, after=after, before=before)

    def error(self, message: str, key: str) -> BrandError:
        """Make an error about a key of the file."""
        return BrandError(self.path, message, line=self.lines.get(key))
