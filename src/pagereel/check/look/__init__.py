"""Look at the pictures of a scene that plays: what is in them, and which rules they break."""
