"""Media files, one module a format."""
