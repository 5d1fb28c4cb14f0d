"""Pages with their token slots, what flies between them, and the texture of what is set aside."""
