"""What a paged KV cache does: events, states, replay and placement policies."""

from pagereel.cache.checks import Checks
from pagereel.cache.events import (
    Abort,
    Arrive,
    Copy,
    Defer,
    Event,
    Evict,
    Expand,
    Finish,
    Leave,
    Preempt,
    Submit,
)
from pagereel.cache.ledger import Ledger
from pagereel.cache.policies import POLICIES, Policy, make_policy
from pagereel.cache.replay import Playback, Step, place, placed
from pagereel.cache.state import CacheState

__all__ = [
    "POLICIES",
    "Abort",
    "Arrive",
    "CacheState",
    "Checks",
    "Copy",
    "Defer",
    "Event",
    "Evict",
    "Expand",
    "Finish",
    "Leave",
    "Ledger",
    "Playback",
    "Policy",
    "Preempt",
    "Step",
    "Submit",
    "make_policy",
    "place",
    "placed",
]
