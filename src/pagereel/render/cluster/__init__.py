"""Rendering on a Dask cluster. Empty, as workers import it without manim."""
