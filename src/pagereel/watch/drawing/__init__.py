"""What the warm process does: it runs through a scene, and draws and checks it beat by beat."""
