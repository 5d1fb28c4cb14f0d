"""Captions for beats that have none in the file: short, and true in every story."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from pagereel.cache.events import (
    HOLE,
    Abort,
    Arrive,
    Copy,
    Defer,
    Discard,
    Drop,
    Evict,
    Expand,
    Finish,
    Leave,
    LetGo,
    Load,
    Offload,
    Preempt,
    Release,
    Share,
    Shrink,
    Submit,
    tables_of,
    task_of,
    tier_words,
)
from pagereel.cache.rules import present
from pagereel.story.story import LONGEST_CAPTION
from pagereel.wording import counted, listed, named_frames, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pagereel.cache import CacheState, Step

# How many frames a caption names; fewer, if it would become longer than is good.
_MOST_NAMED = (5, 2, 0)
_GOOD_LENGTH = 90
_LONGEST_NAME = 24  # of a task, where its short name is explained


class Narrator:
    """Words a caption for each beat of a story, from its start to its end.

    It remembers which task gave a frame back, so that a caption can say what is reused.
    """

    def __init__(self) -> None:
        self._given_back: dict[int, str] = {}  # frame -> the task that had it last

    def caption(self, steps: Sequence[Step]) -> str:
        """Word the caption of a beat that was not noted yet.

        Parameters
        ----------
        steps
            At least one. The beat is about the last; those before it may evict frames for it.

        Returns
        -------
        str
            A sentence of at most 100 characters.
        """
        *earlier, step = steps
        evicted = tuple(
            frame for one in earlier if isinstance(one.event, Evict) for frame in one.event.frames
        )
        match step.event:
            case Arrive() as arrive:
                return _fitting(lambda most: _arrival(arrive, step.before, evicted, most=most))
            case Expand() as event:
                page = len(step.after.tables[event.table]) - 1
                giver = self._given_back.get(event.frame)
                return _expansion(event, page, giver=giver, evicted=bool(evicted))
            case Finish() | Abort() | Preempt() | Release() | Shrink() | Share() as gives:
                return _fitting(lambda most: _letting_go(gives, step, most))
            case Offload() | Load() | Discard() as copied:
                return _fitting(lambda most: _copied(copied, step.before, most))
            case _:
                return _other(step.event, step.after, evicted=bool(evicted))

    def note(self, steps: Iterable[Step]) -> None:
        """Note who gave the free frames back; a frame that is taken again is forgotten."""
        for step in steps:
            for frame in step.taken:
                self._given_back.pop(frame, None)
            if isinstance(step.event, LetGo):
                self._given_back.update(dict.fromkeys(step.freed, step.event.task))


def _other(event: Submit | Defer | Copy | Evict | Drop, after: CacheState, *, evicted: bool) -> str:
    match event:
        case Submit(task=task):
            return f"{task} is queued."
        case Defer(task=task, need=need):
            return f"{task} has to wait: {_lack(need, after)}."
        case Copy(table=task, page=page, src=src, dst=dst):
            room = f"frame {dst}, evicted for it" if evicted else f"frame {dst}"
            return f"{task} writes to its page {page}: shared frame {src} is copied to {room}."
        case Evict(frames=frames):
            verb = "loses its" if len(frames) == 1 else "lose their"
            return f"{_frames(frames, _MOST_NAMED[0]).capitalize()} {verb} cached content."
        case Drop(frames=frames):
            named = _frames(frames, _MOST_NAMED[0]).capitalize()
            verb = "loses its" if len(frames) == 1 else "lose their"
            return f"{named} {verb} cached content: {_are(frames)} free."
        case _:
            assert_never(event)


def _copied(event: Offload | Load | Discard, before: CacheState, most: int) -> str:
    tier, pages = tier_words(event.tier), counted(len(event.slots), "page")
    if isinstance(event, Discard):
        return f"{tier[0].upper()}{tier[1:]} loses {pages}."
    frames = event.frames
    named, are = _frames(frames, most).capitalize(), "is" if len(frames) == 1 else "are"
    if isinstance(event, Offload):
        return f"{named} {are} copied to {tier}."
    # By frame: the page table that has it, and the page; a frame that is loaded has one at most.
    own = {
        frame: (table, frames_of.index(frame))
        for table, frames_of in before.tables.items()
        for frame in frames
        if frame in frames_of
    }
    if not own:
        return f"{named} {are} loaded from {tier}, and {are} cached now."
    names = {table for table, _ in own.values()}
    if len(names) > 1 or len(own) < len(frames):
        return f"{pages} {are} loaded from {tier}, not computed again."
    at = [page for _, page in own.values()]
    return f"{names.pop()} loads its {_pages(at)} from {tier}: {_are(frames)} not computed again."


def _fitting(write: Callable[[int], str]) -> str:
    """Return the caption that names the most frames without becoming too long."""
    captions = [write(most) for most in _MOST_NAMED]
    return next((text for text in captions if len(text) <= _GOOD_LENGTH), captions[-1])


def _arrival(event: Arrive, before: CacheState, evicted: Sequence[int], *, most: int) -> str:
    event = replace(event, frames=tuple(present(event.frames)), shared=tuple(present(event.shared)))
    task, own = event.table, _frames(event.frames, most)
    if not event.frames and not event.shared:
        return f"{task} arrives, and has no page in a frame yet."
    if not event.frames:
        return f"{task} arrives: its prompt is in {_frames(event.shared, most)} already."
    if not event.shared and not evicted:
        return f"{task} arrives: its prompt fills {own}."
    does = [f"{_taking_over(event, before)} {_frames(event.shared, most)}"] if event.shared else []
    if set(evicted) == set(event.frames):
        does.append(f"evicts {own} to be filled")
    elif evicted:
        does += [f"evicts {_frames(evicted, most)}", f"fills {own}"]
    else:
        does.append(f"fills {_more(event.frames, most)}")
    return f"{task} arrives: it {listed(does, last=', and ')}."


def _taking_over(event: Arrive, before: CacheState) -> str:
    cached = set(before.cached)
    if cached.issuperset(event.shared):
        return "reuses cached"
    return "takes over" if cached.intersection(event.shared) else "shares"


def _expansion(event: Expand, page: int, *, giver: str | None, evicted: bool) -> str:
    task, frame = event.table, event.frame
    if frame == HOLE:
        return f"{task} expands: its page {page} needs no frame."
    if evicted:
        return f"{task} expands: cached frame {frame} is evicted for its page {page}."
    if giver is None:
        return f"{task} expands: its page {page} takes frame {frame}."
    return f"{task} expands: its page {page} reuses frame {frame}, which {giver} gave back."


def _lack(need: int | None, state: CacheState) -> str:
    if need is None:
        return "too few frames are free"
    needs, free, cached = counted(need, "frame"), len(state.free_frames), len(state.cached)
    if need <= free + cached:  # the engine has a reason of its own
        return f"it needs {needs}"
    have = f"only {free} {'is' if free == 1 else 'are'} free" if free else "none is free"
    return f"it needs {needs}, {have}" + (f" and {cached} cached" if cached else "")


_ENDS: dict[type[Leave], str] = {
    Finish: "finishes",
    Abort: "is aborted",
    Preempt: "is preempted and queued again",
}


def _letting_go(event: LetGo, step: Step, most: int) -> str:
    task, table = event.table, _pages_before(event, step.before)
    if not table:
        return f"{task} is aborted while it is queued."
    left: Sequence[int]
    match event:
        case Release(frames=left):
            does = f"no longer needs its {_pages([table.index(frame) for frame in left])}"
        case Shrink(frames=frames):
            left = present(frames)
            last = "page" if len(frames) == 1 else counted(len(frames), "page")
            does = f"gives back its last {last}"
        case Share(page=page, shared=shared):
            pages = range(page, page + len(shared))
            left = table[pages.start : pages.stop]
            does = f"finds its {_pages(pages)} in {_frames(shared, most)}"
        case Leave():
            left, does = present(table), _ENDS[type(event)]
    return f"{task} {does}: {_becoming(event, step, left, most)}."


def _pages_before(event: LetGo, state: CacheState) -> Sequence[int]:
    """Return the page table that an event is about: all of a task, if it leaves."""
    names = tables_of(event, state.groups)
    return [frame for name in names for frame in state.tables.get(name, ())]


def _pages(pages: Sequence[int]) -> str:
    """Name pages of a task: ``page 1``, ``pages 1 to 4``, ``3 pages``."""
    first, last = min(pages), max(pages)
    if first == last:
        return f"page {first}"
    if len(pages) == 2:
        return f"pages {first} and {last}"
    is_run = last - first + 1 == len(pages)
    return f"pages {first} to {last}" if is_run else counted(len(pages), "page")


def _are(frames: Sequence[int]) -> str:
    return "it is" if len(frames) == 1 else "they are"


def _becoming(event: LetGo, step: Step, table: Sequence[int], most: int) -> str:
    """Say what becomes of the frames that a task lets go."""
    freed, cached = step.freed, event.cached
    left = []
    if freed:
        again = "" if cached else " again"
        left.append(f"{_frames(freed, most)} {'is' if len(freed) == 1 else 'are'} free{again}")
    if cached:
        named = _more(cached, most) if freed else _frames(cached, most)
        left.append(f"{named} {'stays' if len(cached) == 1 else 'stay'} cached")
    gone = {*freed, *cached}
    rest = tuple(frame for frame in table if frame not in gone)
    if rest:
        hold = _holding(rest, step.after)
        whole = "all its frames" if isinstance(event, Leave) else _frames(rest, most)
        left.append(f"{hold} {_more(rest, most)}" if left else f"{hold} {whole}")
    return listed(left, last=", and " if freed and cached else ", ")


def _holding(frames: Sequence[int], state: CacheState) -> str:
    tables = state.tables.items()
    holders = [task_of(name) for name, table in tables if not set(table).isdisjoint(frames)]
    others = [*dict.fromkeys(holders)]
    return f"{others[0]} holds" if len(others) == 1 else "others hold"


def _frames(frames: Sequence[int], most: int) -> str:
    return counted(len(frames), "frame") if len(frames) > most else named_frames(frames)


def _more(frames: Sequence[int], most: int) -> str:
    """Name frames where others were named just before."""
    return str(len(frames)) if len(frames) > most else listed(frames)


def explained(lead: str, names: Mapping[str, str]) -> Iterator[str]:
    """Say what short names stand for, in as few captions as hold all of them.

    Parameters
    ----------
    lead
        What has become of the names; it begins the first caption.
    names
        Short name -> whole name.
    """
    said = ""
    for short, name in names.items():
        explains = f"{short} is {shortened(name, _LONGEST_NAME)}"
        if not said:
            said = f"{lead}: {explains}"
        elif len(f"{said}, {explains}.") <= LONGEST_CAPTION:
            said = f"{said}, {explains}"
        else:
            yield f"{said}."
            said = explains
    if said:
        yield f"{said}."
