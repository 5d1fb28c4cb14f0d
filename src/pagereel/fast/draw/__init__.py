"""What is drawn of a scene, image by image: only what changes."""
