"""What a check looks for."""
