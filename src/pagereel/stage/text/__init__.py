"""Text as shapes."""
