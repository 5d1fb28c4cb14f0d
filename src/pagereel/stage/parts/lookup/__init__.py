"""The parts of PageLookup: a position, the page table, the frames, and the path through them."""
