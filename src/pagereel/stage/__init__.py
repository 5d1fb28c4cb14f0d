"""What is drawn: theme, timing, layout, mobjects and the scene that tells a story."""
