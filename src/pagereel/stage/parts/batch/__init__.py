"""Parts that show a running batch: which tasks run in which step, which wait, and for what."""
