"""The process that draws scenes: it imports manim once, and forks for each scene."""
