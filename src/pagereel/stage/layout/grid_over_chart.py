"""Where everything stands in the picture of a trace, computed from the picture's size."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from pagereel.stage.layout.arrangement import arrange_foot
from pagereel.stage.layout.places import MIN_CAP, Area, CaptionPlace, Region, Spot, px

_GAP = px(44)  # between the parts


@dataclass(frozen=True, slots=True)
class ReplayLayout:
    """Every place in the picture.

    Attributes
    ----------
    clock
        Right end of the clock, on the title's baseline.
    pace
        Right end of what is said of the time-lapse.
    counters, strip
        Regions of rows, `counter_rows` and `strip_rows` of them.
    """

    area: Area
    title: Spot
    note: Spot
    clock: Spot
    grid: Region
    counters: Region
    counter_rows: int
    strip: Region
    strip_rows: int
    chart: Region
    chart_label: Spot
    pace: Spot
    caption: CaptionPlace
    cap: float  # of counters and names


def arrange_replay(size: tuple[float, float], counter_rows: int) -> ReplayLayout:
    """Return the layout of a picture.

    Parameters
    ----------
    size
        Width and height in scene units, from `picture_size`.
    counter_rows
        How many counters stand below each other.
    """
    area = Area(*size)
    wide = area.wide
    across = area.right - area.left
    cap = px(54) if wide else area.tall(48, 58)
    clock_cap = px(40) if wide else px(36)
    clock_width = across * (0.3 if wide else 0.36)
    title_y = area.top - cap / 2 - (px(18) if wide else area.tall(6, 30))
    note_cap = px(27)
    note_y = title_y - cap / 2 - area.tall(42, 66) - note_cap / 2
    top = note_y - note_cap / 2 - area.tall(36, 60)
    caption = arrange_foot(area)
    rule = caption.rule
    chart_bottom = rule + area.tall(24, 40)
    chart_top = chart_bottom + (px(104) if wide else area.tall(84, 170))
    label_y = chart_top + px(14) + px(24) / 2
    bottom = label_y + px(24) / 2 + area.tall(26, 46)
    small = px(24)
    if wide:
        split = area.left + across * 0.655
        right = Region(split + _GAP, top, area.right, rule + area.tall(24, 40))
        grid = Region(area.left, top, split, bottom)
        middle = top - counter_rows * px(43) - px(26)
        counters = Region(right.left, top, right.right, middle + px(26))
        strip = Region(right.left, middle, right.right, right.bottom)
        chart_right = split
    else:
        info = max(counter_rows, 5) * area.tall(40, 62)
        grid = Region(area.left, top, area.right, bottom + info + area.tall(30, 60))
        split = area.left + across * 0.56
        counters = Region(area.left, bottom + info, split, bottom)
        strip = Region(split + _GAP, bottom + info, area.right, bottom)
        chart_right = area.right
    pitch = px(44) if wide else area.tall(38, 46)
    chart_width = chart_right - area.left
    return ReplayLayout(
        area=area,
        title=Spot.at(area.left, title_y, cap, width=across - clock_width - _GAP, align=-1),
        note=Spot.at(area.left, note_y, note_cap, width=across, align=-1),
        clock=Spot.at(
            area.right, title_y + (clock_cap - cap) / 2, clock_cap, width=clock_width, align=1
        ),
        grid=grid,
        counters=counters,
        counter_rows=counter_rows,
        strip=strip,
        strip_rows=max(3, floor(strip.height / pitch + 1e-6)),
        chart=Region(area.left, chart_top, chart_right, chart_bottom),
        chart_label=Spot.at(area.left, label_y, px(24), width=chart_width * 0.5, align=-1),
        pace=Spot.at(chart_right, label_y, px(24), width=chart_width * 0.5, align=1),
        caption=caption,
        cap=max(MIN_CAP, small),
    )
