"""What a film of a trace shows, and when: pure facts, nothing is drawn here."""
