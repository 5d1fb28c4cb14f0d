"""What a paged KV cache does: events, states, replay and placement policies."""

from pagereel.cache.checks import Checks
from pagereel.cache.events import (
    HOLE,
    Abort,
    Arrive,
    Copy,
    Defer,
    Discard,
    Drop,
    Event,
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
)
from pagereel.cache.ledger import Ledger
from pagereel.cache.policies import POLICIES, Policy, make_policy
from pagereel.cache.replay import Playback, Step, place, placed
from pagereel.cache.rules import present
from pagereel.cache.state import CacheState

__all__ = [
    "HOLE",
    "POLICIES",
    "Abort",
    "Arrive",
    "CacheState",
    "Checks",
    "Copy",
    "Defer",
    "Discard",
    "Drop",
    "Event",
    "Evict",
    "Expand",
    "Finish",
    "Leave",
    "Ledger",
    "LetGo",
    "Load",
    "Offload",
    "Playback",
    "Policy",
    "Preempt",
    "Release",
    "Share",
    "Shrink",
    "Step",
    "Submit",
    "make_policy",
    "place",
    "placed",
    "present",
]
