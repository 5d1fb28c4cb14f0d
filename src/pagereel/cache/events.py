"""What can happen to a task, and to the frames, in a paged KV cache: the registry of events.

An event kind is a class that `Event` names. All else about it follows from the class: how a trace
spells it, which fields it has and what they hold, the schema of its line. The words about a field
stand in its annotation, since the schema repeats them. CONTRIBUTING.md says how to add a kind.
"""

# It has more than 400 lines, since the registry is all event kinds, each a class of its own.
# Without `from __future__ import annotations`: annotations as text would have to be evaluated again
# for the registry, which takes longer than all else that a command needs of this package.

from collections.abc import Collection
from dataclasses import MISSING, dataclass, fields
from enum import Enum
from typing import Annotated, Any, ClassVar, NamedTuple, TypeAlias, get_args

from pagereel.wording import counted

HOLE = -1
"""In a page table: a page that has no frame, since its task no longer needs what was there."""


class Holds(Enum):
    """What a field of an event holds."""

    TASK = "a task's name"
    COUNT = "how many, at least 1"
    INDEX = "which, from 0: a page, a token position"
    FRAME = "a page frame"
    FRAMES = "page frames, in page order unless said otherwise"
    EMPTY = "page frames that are kept, though nothing is in them"
    PAGES = "page frames in page order, or a `HOLE`, which traces write as null"
    GROUP = "the name of a group of page tables"
    ONE_PAGE = "a page frame or a `HOLE`, which traces write as a list of one"
    TIER = "the name of a tier, such as host memory or a disk"
    SLOTS = "slots of a tier; each has room for what is in a frame"
    KEYS = "what the engine calls the contents, such as their hashes"


_Freed: TypeAlias = Annotated[tuple[int, ...] | None, Holds.FRAMES, "Frames that are free now."]
_Cached: TypeAlias = Annotated[
    tuple[int, ...], Holds.FRAMES, "Frames that are kept for reuse, the first to be evicted first."
]
_Uncomputed: TypeAlias = Annotated[
    tuple[int, ...], Holds.EMPTY, "Those of its frames, not freed, that were never computed.", 2
]


_Group: TypeAlias = Annotated[
    str | None, Holds.GROUP, "Which of the task's page tables, in a trace with groups.", 2
]


_Keys: TypeAlias = Annotated[
    tuple[str, ...], Holds.KEYS, "A name for what is in each slot, if the engine has one."
]


def table_name(task: str, group: str | None) -> str:
    """Return what a page table is called: as its task, and by its group, if there are groups."""
    return task if group is None else f"{task} {group}"


def tier_words(tier: str) -> str:
    """Return what a tier is called in a sentence."""
    return {"host": "host memory", "cpu": "CPU memory"}.get(tier, tier)


def task_of(table: str) -> str:
    """Return the task that a page table belongs to: no name of a task has a space."""
    return table.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """Something that happens to one task, the base of the kinds that do."""

    verb: ClassVar[str]
    since: ClassVar[int] = 1  # the version of the format that has it

    task: Annotated[str, Holds.TASK, ""]

    @property
    def label(self) -> str:
        """The event in two words: ``submit A``; in three, if it names a group."""
        return f"{self.verb} {self.table}"

    @property
    def table(self) -> str:
        """What the page table is called that it is about, if it is about one."""
        return table_name(self.task, getattr(self, "group", None))


@dataclass(frozen=True, slots=True)
class Submit(TaskEvent):
    """A task is queued."""

    verb = "submit"

    tokens: Annotated[int | None, Holds.COUNT, "Length of the prompt."] = None


@dataclass(frozen=True, slots=True)
class Defer(TaskEvent):
    """A queued task is not admitted, because there are too few frames; it stays queued."""

    verb = "defer"

    need: Annotated[int | None, Holds.COUNT, "How many frames it needs."] = None


@dataclass(frozen=True, slots=True)
class Arrive(TaskEvent):
    """A task is admitted and gets the frames for its prompt, at least one, if it shares none.

    Its page table is ``shared + frames``, in page order.
    """

    verb = "arrive"

    frames: Annotated[
        tuple[int, ...], Holds.PAGES, "New frames. The page table is shared + frames."
    ]
    tokens: Annotated[int | None, Holds.COUNT, "Length of the prompt."] = None
    shared: Annotated[
        tuple[int, ...], Holds.PAGES, "Frames that are taken over from the prefix index."
    ] = ()
    group: _Group = None


@dataclass(frozen=True, slots=True)
class Expand(TaskEvent):
    """A task gets one page more."""

    verb = "expand"

    frame: Annotated[int, Holds.ONE_PAGE, "The frame of the new page."]
    pos: Annotated[int | None, Holds.INDEX, "The token position that the page is needed for."] = (
        None
    )
    group: _Group = None


@dataclass(frozen=True, slots=True)
class Copy(TaskEvent):
    """Copy on write: a task's page moves from a shared frame to one of its own."""

    verb = "copy"

    page: Annotated[int, Holds.INDEX, "Which of the task's pages, from 0."]
    src: Annotated[int, Holds.FRAME, "The shared frame that the page leaves to others."]
    dst: Annotated[int, Holds.FRAME, "The free frame that it takes."]
    group: _Group = None


@dataclass(frozen=True, slots=True)
class Evict:
    """Cached frames, at least one, lose their content; the next event takes them."""

    verb: ClassVar[str] = "evict"
    since: ClassVar[int] = 1

    frames: Annotated[tuple[int, ...], Holds.FRAMES, "Cached frames, which the next event takes."]

    @property
    def label(self) -> str:
        """The event in a few words: ``evict 1 frame``."""
        return f"{self.verb} {counted(len(self.frames), 'frame')}"


@dataclass(frozen=True, slots=True)
class Drop:
    """Cached frames, at least one, lose their content and are free: nothing takes them."""

    verb: ClassVar[str] = "drop"
    since: ClassVar[int] = 2

    frames: Annotated[tuple[int, ...], Holds.FRAMES, "Cached frames, which are free now."]

    @property
    def label(self) -> str:
        """The event in a few words: ``drop 1 frame``."""
        return f"{self.verb} {counted(len(self.frames), 'frame')}"


@dataclass(frozen=True, slots=True)
class TierEvent:
    """Something that happens to slots of a tier, the base of the kinds that do."""

    verb: ClassVar[str]
    since: ClassVar[int] = 2

    tier: Annotated[str, Holds.TIER, ""]
    slots: Annotated[tuple[int, ...], Holds.SLOTS, "Slots of the tier."]

    @property
    def label(self) -> str:
        """The event in a few words: ``offload 1 page``."""
        return f"{self.verb} {counted(len(self.slots), 'page')}"


@dataclass(frozen=True, slots=True)
class Offload(TierEvent):
    """What is in frames, at least one, is copied to slots of a tier; the frames keep it.

    What was in the slots before is lost.
    """

    verb = "offload"

    frames: Annotated[tuple[int, ...], Holds.FRAMES, "A held or cached frame for each slot."]
    keys: _Keys = ()


@dataclass(frozen=True, slots=True)
class Load(TierEvent):
    """What is in slots of a tier, at least one, is copied to frames; the slots keep it.

    A frame that a task has got for it stays held. A free one is cached then, as the last to be
    evicted.
    """

    verb = "load"

    frames: Annotated[
        tuple[int, ...], Holds.FRAMES, "A frame for each slot: free, or held by one task."
    ]
    keys: _Keys = ()


@dataclass(frozen=True, slots=True)
class Discard(TierEvent):
    """Slots of a tier, at least one, lose their content."""

    verb = "discard"


@dataclass(frozen=True, slots=True)
class Release(TaskEvent):
    """A task gives back some of its pages, which become holes: a window has moved past them.

    What is said of `freed` and `cached` in `Leave` holds here, too.
    """

    verb = "release"
    since = 2

    frames: Annotated[
        tuple[int, ...], Holds.FRAMES, "Frames of the page table; their pages become holes."
    ]
    freed: _Freed = None
    cached: _Cached = ()
    group: _Group = None


@dataclass(frozen=True, slots=True)
class Shrink(TaskEvent):
    """A task gives back its last pages: tokens were rolled back, or speculated in vain.

    What is said of `freed` and `cached` in `Leave` holds here, too.
    """

    verb = "shrink"
    since = 2

    frames: Annotated[
        tuple[int, ...], Holds.PAGES, "The frames of its last pages; the page table ends before."
    ]
    freed: _Freed = None
    cached: _Cached = ()
    group: _Group = None


@dataclass(frozen=True, slots=True)
class Share(TaskEvent):
    """A running task's pages move to frames of the prefix index, which hold the same.

    What is said of `freed` and `cached` in `Leave` holds for the frames that they were in.
    """

    verb = "share"
    since = 2

    page: Annotated[int, Holds.INDEX, "The first of these pages, from 0."]
    shared: Annotated[
        tuple[int, ...], Holds.FRAMES, "Frames of the prefix index, one for each page."
    ]
    freed: _Freed = None
    cached: _Cached = ()
    group: _Group = None


@dataclass(frozen=True, slots=True)
class Leave(TaskEvent):
    """A task's page table is gone, the base of the kinds in which it is.

    `freed` may be in any order, and is None where the source of the event does not name them. What
    is neither freed nor cached is still held by others. `uncomputed` are frames of which the engine
    keeps the content, though there is none: the task lost them before a step computed it.
    """

    freed: _Freed = None
    cached: _Cached = ()
    uncomputed: _Uncomputed = ()


@dataclass(frozen=True, slots=True)
class Finish(Leave):
    """A task is done."""

    verb = "finish"


@dataclass(frozen=True, slots=True)
class Abort(Leave):
    """A task is given up: its page table is gone, or it is queued no more."""

    verb = "abort"


@dataclass(frozen=True, slots=True)
class Preempt(Leave):
    """A task makes room for others: its page table is gone, and it is queued again."""

    verb = "preempt"


Event: TypeAlias = (
    Submit
    | Defer
    | Arrive
    | Expand
    | Copy
    | Share
    | Release
    | Shrink
    | Evict
    | Drop
    | Offload
    | Load
    | Discard
    | Finish
    | Abort
    | Preempt
)
LetGo: TypeAlias = Leave | Release | Shrink | Share
"""What lets frames of a page table go, and says which of them are free and which are cached."""


TableEvent: TypeAlias = Arrive | Expand | Copy | Share | Release | Shrink
"""What changes one page table of a task, and names its group if there are groups."""


def tables_of(event: TaskEvent, groups: Collection[str]) -> list[str]:
    """Return what the page tables are called that an event is about: all of a task that leaves."""
    if groups and isinstance(event, Leave):
        return [table_name(event.task, group) for group in groups]
    return [event.table]


class EventField(NamedTuple):
    """A field of an event kind.

    Parameters
    ----------
    name
        What the class calls it.
    holds
        What it holds.
    about
        A sentence about it, for the schema.
    default
        Its value where a trace leaves it out; `MISSING` where it must be there.
    since
        The version of the format that has it first. Later ones come last.
    """

    name: str
    holds: Holds
    about: str
    default: object
    since: int = 1

    @property
    def key(self) -> str:
        """What traces call it."""
        return "frames" if self.holds is Holds.ONE_PAGE else self.name

    @property
    def needed(self) -> bool:
        """Whether it must be there."""
        return self.default is MISSING


class EventKind(NamedTuple):
    """What the registry says of an event kind.

    Parameters
    ----------
    make
        Its class.
    fields
        Its fields, in the order in which the class takes them.
    """

    make: type[Event]
    fields: tuple[EventField, ...]

    @property
    def about(self) -> str:
        """What happens, in a sentence."""
        return (self.make.__doc__ or "").partition("\n")[0]

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of a trace's line of this kind."""
        values: dict[str, Any] = {"ev": {"const": self.make.verb}}
        for field in self.fields:
            about = {"description": field.about} if field.about else {}
            values[field.key] = {**_SCHEMAS[field.holds], **about}
        return {
            "description": self.about,
            "$ref": "#/$defs/common",
            "required": [field.key for field in self.fields if field.needed],
            "properties": values,
            "unevaluatedProperties": False,
        }


_SCHEMAS: dict[Holds, dict[str, Any]] = {
    Holds.TASK: {"$ref": "#/$defs/task"},
    Holds.GROUP: {"$ref": "#/$defs/group"},
    Holds.COUNT: {"$ref": "#/$defs/positive"},
    Holds.INDEX: {"$ref": "#/$defs/whole"},
    Holds.FRAME: {"$ref": "#/$defs/whole"},
    Holds.FRAMES: {"$ref": "#/$defs/frames"},
    Holds.EMPTY: {"$ref": "#/$defs/frames"},
    Holds.PAGES: {"$ref": "#/$defs/pages"},
    Holds.ONE_PAGE: {"$ref": "#/$defs/pages", "minItems": 1, "maxItems": 1},
    Holds.TIER: {"$ref": "#/$defs/group"},
    Holds.SLOTS: {"$ref": "#/$defs/frames"},
    Holds.KEYS: {"$ref": "#/$defs/keys"},
}


def _fields(make: type[Event]) -> tuple[EventField, ...]:
    annotated = [(field, get_args(field.type)) for field in fields(make)]
    return tuple(
        EventField(field.name, holds, about, field.default, *since)
        for field, (_, holds, about, *since) in annotated
    )


# Verb -> kind, in the order in which `Event` names them.
KINDS = {make.verb: EventKind(make, _fields(make)) for make in get_args(Event)}
