"""Looking a token up: from its position to page and offset, to the page's frame, to the slot."""

from __future__ import annotations

from dataclasses import dataclass

from pagereel.errors import CacheError


@dataclass(frozen=True, slots=True)
class Address:
    """Where a token is.

    Attributes
    ----------
    position
        Its place in the task's tokens, from 0: ``page * size + offset``.
    page, offset
        Which page of the task, and which token of the page; both from 0.
    frame
        The page frame that the page table has for this page.
    slot
        Its place in memory: ``frame * size + offset``.
    size
        Tokens a page.
    """

    position: int
    page: int
    offset: int
    frame: int
    slot: int
    size: int


@dataclass(frozen=True, slots=True)
class Context:
    """The tokens of a task, and the page table that leads to them.

    Parameters
    ----------
    task
        Its name.
    tokens
        What stands for each token on screen, in order; at least one.
    table
        ``table[page]`` is a page frame.
    size
        Tokens a page.

    Raises
    ------
    CacheError
        If the table has more or fewer pages than the tokens fill.
    """

    task: str
    tokens: tuple[str, ...]
    table: tuple[int, ...]
    size: int

    def __post_init__(self) -> None:
        pages = -(-len(self.tokens) // self.size)
        if pages != len(self.table):
            have = f"{len(self.tokens)} tokens fill {pages} pages of {self.size}"
            raise CacheError(f"{have}, but the page table of {self.task} has {len(self.table)}")

    def address(self, position: int) -> Address:
        """Return where the token at a position is.

        Raises
        ------
        CacheError
            If there is no token at this position.
        """
        if not 0 <= position < len(self.tokens):
            last = len(self.tokens) - 1
            raise CacheError(f"there is no token {position}; the last one of {self.task} is {last}")
        page, offset = divmod(position, self.size)
        frame = self.table[page]
        return Address(position, page, offset, frame, frame * self.size + offset, self.size)

    def positions(self, page: int) -> range:
        """Return the positions of a page's tokens."""
        return range(page * self.size, min((page + 1) * self.size, len(self.tokens)))
