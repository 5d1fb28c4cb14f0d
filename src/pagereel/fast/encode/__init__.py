"""Shards of images become files."""
