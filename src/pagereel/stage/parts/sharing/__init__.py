"""Tasks that share pages: their lines through a map of pages, the prefix index, and its hits."""
