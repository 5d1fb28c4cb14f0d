"""What a paged KV cache does: events, states, replay and placement policies."""

from pagereel.cache.checks import Checks
from pagereel.cache.events import Arrive, Event, Expand, Finish
from pagereel.cache.policies import POLICIES, Policy, make_policy
from pagereel.cache.replay import Replay, Step, place, placed
from pagereel.cache.state import CacheState

__all__ = [
    "POLICIES",
    "Arrive",
    "CacheState",
    "Checks",
    "Event",
    "Expand",
    "Finish",
    "Policy",
    "Replay",
    "Step",
    "make_policy",
    "place",
    "placed",
]
