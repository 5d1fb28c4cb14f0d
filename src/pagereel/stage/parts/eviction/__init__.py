"""A pool whose cached frames stand in line, in the order in which they are evicted."""
