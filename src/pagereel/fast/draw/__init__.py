"""Drawing a scene, image by image, where it changes."""
