from __future__ import annotations

from pagereel.cache import Arrive, Evict, Finish, Ledger, Submit
from pagereel.trace.report.show import picture


def test_every_frame_has_its_character() -> None:
    ledger = Ledger(20, None, (19,))
    for event in (
        Arrive("req", (0, 1, 2)),
        Arrive("other", (3,), shared=(0,)),
        Arrive("x", (4, 5, 6)),
        Finish("x", (), (5, 4, 6)),
        Submit("late"),
        Evict((4,)),
    ):
        ledger.apply(event)
    assert picture(ledger) == (
        "20 frames: 4 held, 2 cached, 13 free, 1 reserved\n"
        ". free  ~ cached  # reserved  2-9, + shared by so many\n"
        " 0  2aab.~~.........\n"
        "16  ...#\n"
        "a  req: 3 pages: 0, 1, 2\n"
        "b  other: 2 pages: 0, 3\n"
        "next to be evicted: 5, 6\n"
        "evicted for the next event: 4\n"
        "queued: late\n"
    )


def test_many_tasks_and_many_sharers_have_a_character_too() -> None:
    ledger = Ledger(64)
    for number in range(54):
        ledger.apply(
            Arrive(f"t{number}", (number + 1,), shared=(0,) * bool(number))
            if number
            else Arrive("t0", (0, 1))
        )
    lines = picture(ledger).splitlines()
    assert lines[2] == " 0  +abcdefghijklmno"
    assert lines[5] == "48  VWXYZ??........."[: len(lines[5])]
    assert lines[-1] == "?  2 tasks more"


def test_a_large_pool_is_drawn_by_shares() -> None:
    ledger = Ledger(65536)
    assert "65,536 frames: 0 held, 0 cached, 65536 free" in picture(ledger)
    ledger.apply(Arrive("a", (*range(16), 16, *range(32, 47))))
    lines = picture(ledger).splitlines()
    assert lines[1] == "16 frames a character, from ' ' (none held) to '@' (all)"
    assert len(lines) == 2 + 64 + 1
    assert lines[2] == "    0  @.%"
    assert lines[3] == " 1024"
