"""What attaches a recorder to an engine that runs, without a change to the engine."""
