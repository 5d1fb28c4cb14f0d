"""The pool whose cached frames stand in line: who is next to go, and who left the line in time."""
