"""`pagereel check`: can the pictures of a manim scene be read? For any scene, not only ours."""
