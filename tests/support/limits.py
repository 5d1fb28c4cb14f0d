"""Inputs within limits: what reads one takes little time and memory, and refuses it in one line.

``python tests/support/limits.py 2 1000 0`` mutates the shipped inputs a thousand times with seed 0,
reads each of them, which may take 2 s of CPU time, and says how many held. ``… 2 FILE…`` reads
files, each as what its name's ending says.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from pagereel.check.settings import read_settings
from pagereel.discovery import storytellers
from pagereel.discovery.source import read_source
from pagereel.discovery.stories import chosen_files
from pagereel.errors import PagereelError, one_line
from pagereel.film.tape import read_tape
from pagereel.request import SceneOptions
from pagereel.stage.brand.load import load_brand
from pagereel.story import load_story
from pagereel.story.takes import load_takes
from pagereel.trace import follow, open_trace
from pagereel.trace.simulate.engine import simulated
from pagereel.trace.simulate.workload import load_workload

MEMORY = 200 * 2**20  # bytes, besides what the interpreter has already
ROOT = Path(__file__).parents[2]
FILM = Path("film.toml")  # there is none in assets/
FILM_TEXT = b"""length = 20
[[scenes]]
scene = "PagedCache"
beats = ["a-arrives"]
captions = {opening = "Pages.", a-arrives = "A comes."}
[[scenes]]
scene = "PageLookup"
"""


def main(arguments: list[str]) -> int:
    """Read inputs, print what did not hold, and return how many did not."""
    seconds, *inputs = arguments
    if inputs[0].isdigit():
        count, seed = map(int, inputs)
        return _report(_mutants(count, random.Random(seed)), int(seconds))  # noqa: S311 (not for secrets)
    return _report(((READERS[path.suffix], path) for path in map(Path, inputs)), int(seconds))


def _report(inputs: Iterator[tuple[tuple[Reader, ...], Path]], seconds: int) -> int:
    _limit_memory()
    tried = wrong = 0
    slowest = 0.0
    for readers, path in inputs:
        for read in readers:
            began = time.process_time()
            fault = _fault(read, path)
            took = time.process_time() - began
            slowest = max(slowest, took)
            tried += 1
            if fault or took > seconds:
                wrong += 1
                kept = Path(tempfile.mkdtemp()) / path.name
                kept.write_bytes(path.read_bytes()[: 2**20])
                print(f"{kept}: {took:.1f} s: {fault}")
    print(f"{tried} tried, {tried - wrong} held; the slowest took {slowest:.2f} s of CPU time")
    return wrong


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _fault(read: Reader, path: Path) -> str:
    """Return what is wrong with how an input is read; nothing, if it is read or refused."""
    try:
        read(path)
    except PagereelError as error:
        said = one_line(f"pagereel: {error}", 300)
        is_good = said == f"pagereel: {error}" and str(path.name)[-9:] in said
        return "" if is_good else f"a bad message: {error}"
    except Exception as error:  # noqa: BLE001 (anything else is what is looked for)
        return repr(error)[:200]
    return ""


Reader = Callable[[Path], object]


def _follow(path: Path) -> None:
    with open_trace(path) as trace:
        for _ in follow(trace):
            pass


def _simulate(path: Path) -> None:
    for _ in islice(simulated(load_workload(path)), 200):
        pass


def _settings(path: Path) -> object:
    return read_settings(path.parent)


def _film(path: Path) -> object:
    return load_takes(path, TELLERS)


def _found(path: Path) -> object:
    return chosen_files(SceneOptions(path))


TELLERS = storytellers()
READERS: dict[str, tuple[Reader, ...]] = {
    ".toml": (load_story, _simulate, _settings, _film, _found, load_brand),
    ".jsonl": (_follow, load_story, read_tape),
    ".py": (read_source,),
}


def _mutants(count: int, chance: random.Random) -> Iterator[tuple[tuple[Reader, ...], Path]]:
    originals: list[tuple[Reader, Path]] = [
        *((load_story, path) for path in sorted((ROOT / "assets/stories").glob("*.toml"))),
        *((_simulate, path) for path in sorted((ROOT / "assets/workloads").glob("*.toml"))),
        *((load_brand, path) for path in sorted((ROOT / "assets").rglob("brand*/*.toml"))),
        *((read, FILM) for read in (_film, _found)),
        *((_follow, path) for path in sorted((ROOT / "assets/traces").glob("*.jsonl"))),
        *((load_story, path) for path in sorted((ROOT / "assets/traces").glob("*.jsonl"))),
        *((read_tape, path) for path in sorted((ROOT / "assets/traces").glob("*.jsonl"))),
        (_settings, ROOT / "pyproject.toml"),
        (read_source, ROOT / "scenes/paged_cache.py"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            read, original = originals[number % len(originals)]
            path = Path(folder) / original.name
            content = _content(original)[: chance.choice((2_000, 20_000, 2**18))]
            for _ in range(chance.randint(1, 3)):
                content = chance.choice(MUTATIONS)(content, chance)[: 2**20 - 1]
            path.write_bytes(content)
            yield (read,), path
            path.unlink()


def _content(original: Path) -> bytes:
    return original.read_bytes() if original != FILM else FILM_TEXT


def _anywhere(content: bytes, chance: random.Random, what: bytes) -> bytes:
    place = chance.randint(0, len(content))
    return content[:place] + what + content[place:]


def _cut(content: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randint(0, len(content)) for _ in range(2))
    return content[:first] + content[last:]


def _flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content or b" ")
    changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _insert(content: bytes, chance: random.Random) -> bytes:
    return _anywhere(content, chance, chance.choice(PIECES) * chance.choice((1, 30, 3_000, 90_000)))


def _replace(
    content: bytes, chance: random.Random, *, old: Callable[[bytes], bool], new: list[bytes]
) -> bytes:
    """Replace one word for which `old` holds."""
    words = content.replace(b"=", b" = ").replace(b",", b" , ").replace(b"]", b" ]").split(b" ")
    places = [place for place, word in enumerate(words) if old(word)] or [0]
    words[chance.choice(places)] = chance.choice(new)
    return b" ".join(words)


def _repeat(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True) or [b"\n"]
    place = chance.randrange(len(lines))
    times = chance.choice((2, 100, 5_000))
    lines[place] *= min(times, 2**20 // len(lines[place]))
    return b"".join(lines)


def _name(content: bytes, chance: random.Random) -> bytes:
    """Rename what is in quotes, wherever it stands."""
    names = content.split(b'"')[1::2] or [b"A"]
    length = chance.choice((0, 7, 200, 256, 5_000))
    return content.replace(b'"%s"' % chance.choice(names), b'"%s"' % (b"n" * length), 200)


PIECES = [
    *(b"a.", b"a = {", b"[", b"[[", b"{", b'"', b"'''", b'"""', b"\\", b"\n", b" ", b"\0", b"#"),
    *(
        b"[a]\n",
        b"[[events]]\n",
        b'"".',
        b"\xff",
        b"9",
        b"-",
        b"(",
        b"0x",
        b"1,",
        b"\r\n",
        b'\\"""',
    ),
    *(b'{"ev": 1}\n', b'{"a":', "\N{BYTE ORDER MARK}".encode(), b"class S(S): 0\n", b"lambda:"),
]
NUMBERS = [b"0", b"-1", b"16777216", b"65536", b"4096", b"1e400", b"9" * 5_000, b"0x" + b"f" * 900]
MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [
    *(_cut, _flip, _insert, _repeat, _name),
    partial(_replace, old=bytes.isdigit, new=NUMBERS),
    partial(_replace, old=bool, new=[b"x" * 9_000, b'"' + b"x" * 90_000 + b'"', b"[[]]", b"true"]),
]

if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
