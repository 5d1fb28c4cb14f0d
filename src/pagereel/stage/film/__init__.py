"""What is drawn of a trace: a grid of frames, counters, tasks and their pages, and a chart."""
