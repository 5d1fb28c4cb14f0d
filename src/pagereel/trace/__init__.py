"""Traces: what an engine's allocator did, recorded event by event."""

from pagereel.trace.follow import follow
from pagereel.trace.reader import Trace, open_trace
from pagereel.trace.records import Header, Record

__all__ = ["Header", "Record", "Trace", "follow", "open_trace"]
