"""Scenes in, media files out. manim is imported by worker processes only."""
