"""Fixtures for tests of scenes."""
