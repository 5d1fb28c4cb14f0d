"""Parts that show a running batch: who runs in which step, who waits, and for which frames."""
