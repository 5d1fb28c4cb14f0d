"""Says whether a trace is valid, from the format's rules alone: slow, plain, and not pagereel's."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

WHOLE, WHOLES, PAGES, NAME = "whole", "wholes", "pages", "name"
TEXTS, TIER = "texts", "tier"
CHECKS = {
    "mask": "mask",
    "refcounts": WHOLES,
    "evictable": WHOLES,
    "tables": "tables",
    "tiers": "tiers",
}
RELEASE = {"task": NAME, "freed?": WHOLES, "cached?": WHOLES}
FIELDS: dict[str, dict[str, str]] = {
    "submit": {"task": NAME, "tokens?": WHOLE},
    "defer": {"task": NAME, "need?": WHOLE},
    "arrive": {"task": NAME, "tokens?": WHOLE, "shared?": PAGES, "frames": PAGES},
    "expand": {"task": NAME, "pos?": WHOLE, "frames": PAGES},
    "copy": {"task": NAME, "page": WHOLE, "src": WHOLE, "dst": WHOLE},
    "evict": {"frames": WHOLES},
    **dict.fromkeys(("finish", "abort", "preempt"), RELEASE),
}
GROUPED = {"arrive", "expand", "copy", "share", "release", "shrink"}
LATER: dict[str, dict[str, str]] = {  # from version 2 on
    "share": {"page": WHOLE, "shared": WHOLES, **RELEASE},
    "release": {"frames": WHOLES, **RELEASE},
    "shrink": {"frames": PAGES, **RELEASE},
    "drop": {"frames": WHOLES},
    "offload": {"tier": TIER, "slots": WHOLES, "frames": WHOLES, "keys?": TEXTS},
    "load": {"tier": TIER, "slots": WHOLES, "frames": WHOLES, "keys?": TEXTS},
    "discard": {"tier": TIER, "slots": WHOLES},
    **{verb: {**RELEASE, "uncomputed?": WHOLES} for verb in ("finish", "abort", "preempt")},
}


class WrongError(Exception):
    """The trace breaks a rule."""


def hold(rule: object) -> None:
    if not rule:
        raise WrongError


def is_valid(text: str) -> bool:
    try:
        judged(text)
    except WrongError:
        return False
    return True


def judged(text: str) -> Judge:
    first, *rest = [json.loads(line) for line in text.split("\n") if line]
    judge = Judge(first)
    for number, line in enumerate(rest, 1):
        judge.event(number, line)
    return judge


def whole(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**53


def wholes(value: object) -> bool:
    return isinstance(value, list) and all(type(entry) is int for entry in value)


def pages(value: object, *, holes: bool) -> bool:
    """Say whether this is a list of frames, or null for a page that has none."""
    listed = isinstance(value, list) and [
        entry for entry in value if not holes or entry is not None
    ]
    return isinstance(value, list) and all(whole(entry) for entry in listed or [])


def texts(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(text, str) and text.isprintable() and 1 <= len(text) <= 128 for text in value
    )


def there(table: list[int]) -> list[int]:
    """Return the frames of a page table, without its holes."""
    return [frame for frame in table if frame is not None]


def name(value: object) -> bool:
    plain = isinstance(value, str) and re.fullmatch(
        "[A-Za-z0-9_][A-Za-z0-9_.:@#+=/-]{0,255}", value
    )
    return bool(plain) and ".." not in str(value)


class Judge:
    """The state of the cache: which frame stands where."""

    def __init__(self, init: Any) -> None:
        hold(isinstance(init, dict))
        known = {"ev", "format", "version", "engine", "frames", "page_size", "note", "reserved"}
        known |= {"groups", "tiers"}
        hold(init.keys() <= known)
        hold(init.get("ev") == "init" and init.get("format") == "pagereel-trace")
        hold(type(init.get("version")) is int and init["version"] in {1, 2})
        self.holes = init["version"] == 2
        self.fields = {**FIELDS, **LATER} if self.holes else FIELDS
        hold(whole(init.get("frames")) and 1 <= init["frames"] <= 2**24)
        hold("page_size" not in init or (whole(init["page_size"]) and init["page_size"]))
        for text in ("engine", "note"):
            said = init.get(text, "none" if text == "note" else None)
            hold(isinstance(said, str) and said.isprintable() and len(said) <= 1000)
        hold(init["engine"].strip())
        reserved = init.get("reserved", [])
        hold(wholes(reserved) and set(reserved) <= set(range(init["frames"])))
        hold(len(set(reserved)) == len(reserved))
        self.groups = init.get("groups", {"": init.get("page_size")})
        hold("groups" not in init or self.holes)
        hold(isinstance(self.groups, dict) and self.groups)
        for group, size in self.groups.items():
            hold(re.fullmatch("[A-Za-z0-9_-]{1,32}", group) or "groups" not in init)
            hold(size is None or (whole(size) and size))
        tiers = init.get("tiers", {})
        hold("tiers" not in init or self.holes)
        hold(isinstance(tiers, dict) and (tiers or "tiers" not in init))
        for tier, size in tiers.items():
            hold(re.fullmatch("[A-Za-z0-9_-]{1,32}", tier) and whole(size) and size)
        self.sizes = tiers
        self.tiers: dict[str, dict[int, str | None]] = {tier: {} for tier in tiers}
        self.pool = init["frames"]
        self.reserved = set(reserved)
        # By group, then by task.
        self.by_group: dict[str, dict[str, list[int]]] = {group: {} for group in self.groups}
        self.group = next(iter(self.groups))  # of the last event that names one
        self.cached: list[int] = []
        self.queued: set[str] = set()
        self.just_evicted: set[int] = set()
        self.empty: set[int] = set()  # frames without content, though they may be found
        self.uses = 0  # events that use what is in these
        self.step = 0

    def event(self, number: int, line: Any) -> None:
        hold(isinstance(line, dict))
        self._written(number, line)
        self.line = line
        self.group = line.get("group", "")
        if line["ev"] in GROUPED:
            hold(isinstance(self.group, str) and self.group in self.by_group)
        self.taken: set[int] = set()
        getattr(self, f"_{line['ev']}")(line.get("task"))
        if line["ev"] == "evict":
            self.just_evicted |= set(line["frames"])
        elif line["ev"] != "submit":
            hold(self.just_evicted <= self.taken)
            self.just_evicted = set()
        self._note_empty(line)
        self._checks(line)

    def _note_empty(self, line: dict[str, Any]) -> None:
        used = line["frames"] if line["ev"] == "offload" else line.get("shared", [])
        self.uses += not self.empty.isdisjoint(used)
        self.empty |= set(line.get("uncomputed", []))
        if line["ev"] == "copy" and line["src"] in self.empty:
            self.empty.add(line["dst"])
        if line["ev"] == "load":
            self.empty -= set(line["frames"])
        self.empty -= self.free()

    def _written(self, number: int, line: dict[str, Any]) -> None:
        hold(type(line.get("seq")) is int and line["seq"] == number)
        hold(isinstance(line.get("ev"), str) and line["ev"] in self.fields)
        fields = self.fields[line["ev"]]
        types = {"seq": WHOLE, "step": WHOLE, "ev": "ev", **CHECKS}
        if "" not in self.groups and line["ev"] in GROUPED:
            types["group"] = "group"
        types |= {field.rstrip("?"): kind for field, kind in fields.items()}
        hold(line.keys() <= types.keys())
        hold(all(field in line for field in fields if not field.endswith("?")))
        for key, value in line.items():
            kind = types[key]
            hold(kind != WHOLE or whole(value))
            hold(kind != WHOLES or wholes(value))
            hold(kind != PAGES or pages(value, holes=self.holes))
            hold(kind != NAME or name(value))
            hold(kind != TIER or (isinstance(value, str) and value in self.tiers))
            hold(kind != TEXTS or texts(value))
        hold(line.get("tokens", 1) >= 1 and line.get("need", 1) >= 1)
        hold(line.get("step", self.step) >= self.step)
        self.step = line.get("step", self.step)

    def held(self) -> Counter[int]:
        every = [table for tables in self.by_group.values() for table in tables.values()]
        return Counter(frame for table in every for frame in there(table))

    @property
    def tables(self) -> dict[str, list[int]]:
        """The page tables of the event's group."""
        return self.by_group[self.group]

    @property
    def size(self) -> int | None:
        """Tokens a page in the event's group."""
        size: int | None = self.groups[self.group]
        return size

    def present(self, task: str) -> bool:
        return any(task in tables for tables in self.by_group.values())

    def others(self, task: str) -> set[int]:
        """Return the frames that the task has in other groups."""
        groups = [tables for group, tables in self.by_group.items() if group != self.group]
        return {frame for tables in groups for frame in there(tables.get(task, []))}

    def free(self) -> set[int]:
        return set(range(self.pool)) - self.held().keys() - set(self.cached) - self.reserved

    def _take(self, frames: list[int]) -> None:
        hold(len(set(frames)) == len(frames) and set(frames) <= self.free())
        self.taken = set(frames)

    def _submit(self, task: str) -> None:
        hold(not self.present(task) and task not in self.queued)
        self.queued.add(task)

    def _defer(self, task: str) -> None:
        hold(task in self.queued)

    def _arrive(self, task: str) -> None:
        hold(task not in self.tables)
        shared, frames = self.line.get("shared", []), self.line["frames"]
        known = there(shared)
        hold(len(set(known)) == len(known))
        hold(set(known) <= (self.held().keys() | set(self.cached)) - self.others(task))
        self._take(there(frames))
        table = [*shared, *frames]
        hold(table)
        if self.size and "tokens" in self.line:
            hold(len(table) == (self.line["tokens"] + self.size - 1) // self.size)
        self.cached = [frame for frame in self.cached if frame not in shared]
        self.tables[task] = table
        self.queued.discard(task)

    def _expand(self, task: str) -> None:
        hold(task in self.tables and len(self.line["frames"]) == 1)
        self._take(there(self.line["frames"]))
        self.tables[task] += self.line["frames"]
        if self.size and "pos" in self.line:
            hold(self.line["pos"] // self.size + 1 == len(self.tables[task]))

    def _copy(self, task: str) -> None:
        page, src, dst = (self.line[key] for key in ("page", "src", "dst"))
        hold(task in self.tables and page < len(self.tables[task]))
        hold(self.tables[task][page] == src and self.held()[src] > 1)
        self._take([dst])
        self.tables[task][page] = dst

    def _evict(self, _: None) -> None:
        frames = self.line["frames"]
        hold(frames and len(set(frames)) == len(frames) and set(frames) <= set(self.cached))
        self.cached = [frame for frame in self.cached if frame not in frames]

    def _drop(self, _: None) -> None:
        hold(not self.just_evicted)
        self._evict(None)

    def _slots(self) -> dict[int, str | None]:
        """Return what is in the event's tier, if its slots and frames can be what they are."""
        slots, tier = self.line["slots"], self.line["tier"]
        hold(slots and len(set(slots)) == len(slots))
        hold(set(slots) <= set(range(self.sizes[tier])))
        if "frames" in self.line:
            frames = self.line["frames"]
            hold(len(set(frames)) == len(frames) == len(slots))
            hold(set(frames) <= set(range(self.pool)) - self.reserved)
            hold(len(self.line.get("keys", [])) in {0, len(slots)})
        return self.tiers[tier]

    def _offload(self, _: None) -> None:
        stored = self._slots()
        hold(not set(self.line["frames"]) & self.free())
        keys = self.line.get("keys") or [None] * len(self.line["slots"])
        stored.update(dict(zip(self.line["slots"], keys, strict=True)))

    def _load(self, _: None) -> None:
        stored, frames = self._slots(), self.line["frames"]
        hold(set(self.line["slots"]) <= stored.keys())
        for slot, key in zip(self.line["slots"], self.line.get("keys", []), strict=False):
            hold(stored[slot] in {None, key})
        held, free = self.held(), self.free()
        hold(all(held[frame] == 1 or frame in free for frame in frames))
        self.taken = set(frames) & free
        self.cached += [frame for frame in frames if frame in free]

    def _discard(self, _: None) -> None:
        stored = self._slots()
        hold(set(self.line["slots"]) <= stored.keys())
        for slot in self.line["slots"]:
            del stored[slot]

    def _release(self, task: str) -> None:
        frames = self.line["frames"]
        hold(task in self.tables and frames and len(set(frames)) == len(frames))
        table = self.tables[task]
        hold(set(frames) <= set(there(table)))
        self.tables[task] = [None if frame in frames else frame for frame in table]  # type: ignore[misc]
        self._let_go(frames)

    def _shrink(self, task: str) -> None:
        frames, table = self.line["frames"], self.tables.get(task, [])
        hold(0 < len(frames) < len(table))
        keep = len(table) - len(frames)
        hold(table[keep:] == frames)
        self.tables[task] = table[:keep]
        self._let_go(there(frames))

    def _share(self, task: str) -> None:
        page, shared, table = self.line["page"], self.line["shared"], self.tables.get(task, [])
        left = table[page : page + len(shared)]
        hold(shared and len(set(shared)) == len(shared) == len(left) == len(there(left)))
        foreign = {*table, *self.others(task)}
        hold(set(shared) <= (self.held().keys() | set(self.cached)) - foreign)
        self.cached = [frame for frame in self.cached if frame not in shared]
        self.tables[task] = [*table[:page], *shared, *table[page + len(shared) :]]
        self._let_go(left)

    def _finish(self, task: str) -> None:
        hold(self.present(task))
        tables = [tables.pop(task, []) for tables in self.by_group.values()]
        self._let_go([frame for table in tables for frame in there(table)])

    def _let_go(self, frames: list[int]) -> None:
        left = set(frames) - self.held().keys()
        cached = self.line.get("cached", [])
        freed = self.line.get("freed", sorted(left - set(cached)))
        hold(sorted([*freed, *cached]) == sorted(left))
        empty = self.line.get("uncomputed", [])
        hold(len(set(empty)) == len(empty) and set(empty) <= set(frames) - set(freed))
        self.cached += cached

    def _abort(self, task: str) -> None:
        if task in self.queued:
            hold(not any(self.line.get(key) for key in ("freed", "cached", "uncomputed")))
            self.queued.discard(task)
        else:
            self._finish(task)

    def _preempt(self, task: str) -> None:
        self._finish(task)
        self.queued.add(task)

    def _checks(self, line: dict[str, Any]) -> None:
        held, free = self.held(), self.free()
        if "mask" in line:
            self._check_mask(line["mask"], free)
        if "refcounts" in line:
            hold(line["refcounts"] == [held[frame] for frame in range(self.pool)])
        if "evictable" in line:
            hold(line["evictable"] == self.cached)
        if "tiers" in line:
            hold(isinstance(line["tiers"], dict) and line["tiers"].keys() <= self.tiers.keys())
            hold(all(map(wholes, line["tiers"].values())))
            for tier, stored in self.tiers.items():
                hold(sorted(line["tiers"].get(tier, [])) == sorted(stored))
        if "tables" in line:
            hold(isinstance(line["tables"], dict))
            by_task: dict[str, Any] = {}
            for group, tables in self.by_group.items():
                for task, table in tables.items():
                    if group:
                        by_task.setdefault(task, {})[group] = table
                    else:
                        by_task[task] = table
            hold(line["tables"] == by_task)
            leaves = [
                leaf
                for table in line["tables"].values()
                for leaf in (table.values() if isinstance(table, dict) else [table])
            ]
            hold(all(pages(leaf, holes=self.holes) for leaf in leaves))

    def _check_mask(self, mask: object, free: set[int]) -> None:
        hold(isinstance(mask, str))
        digits = str(mask)
        if digits.startswith("0x"):
            hold(re.fullmatch("0x[0-9a-fA-F]+", digits) and len(digits) - 2 <= -(-self.pool // 4))
            hold(int(digits, 16) == sum(2**frame for frame in free))
        else:
            bits = ["1" if frame in free else "0" for frame in range(self.pool)]
            hold(digits == "".join(reversed(bits)))
