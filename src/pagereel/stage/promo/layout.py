"""Where a promo's wide pictures stand: the memory, the requests that wait, and the captions."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from pagereel.stage.layout.cards import COLUMNS
from pagereel.stage.layout.places import Area, CaptionPlace, Region, px

MOST_FRAMES = 1152
"""Of a pool: more are too small to be seen one by one."""
_MOST_ROWS = 12
_BLADE = px(16)  # the knife reaches over the memory
CHIP_GAP = px(14)  # between requests that wait
_AIR = px(36)  # between memory, requests and rule


@dataclass(frozen=True, slots=True)
class WidePlaces:
    """The places of a picture that shows a whole pool.

    Attributes
    ----------
    memory
        All of it.
    chips
        The requests that wait.
    """

    memory: Region
    chips: Region

    @classmethod
    def of(cls, area: Area, caption: CaptionPlace) -> WidePlaces:
        """Share out what is above the captions.

        The requests stand in one line, or in two where the picture is narrow.
        """
        lines = 1 if area.wide else 2
        chip = px(58) if area.wide else area.tall(58, 76)
        height = lines * chip + (lines - 1) * CHIP_GAP
        bottom = caption.rule + (_AIR if area.wide else area.tall(32, 60))
        top = area.top - _BLADE
        chips = Region(area.left, bottom + height, area.right, bottom)
        memory = Region(
            area.left, top, area.right, chips.top + (_AIR if area.wide else area.tall(28, 60))
        )
        return cls(memory, chips)


def pool_columns(frames: int) -> int:
    """Return how many frames stand side by side where a whole pool is in the picture.

    There are two rows at least, which can part.
    """
    return max(min(COLUMNS, ceil(frames / 2)), ceil(frames / _MOST_ROWS))
