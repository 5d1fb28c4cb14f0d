"""A reference engine: a workload in, a trace out."""
