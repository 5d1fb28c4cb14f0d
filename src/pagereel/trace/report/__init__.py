"""What a trace says, for people: numbers, a chart, a picture of the state."""
