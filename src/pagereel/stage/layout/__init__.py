"""Where things stand, computed from the picture's size."""
