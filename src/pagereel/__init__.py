"""Promo videos of an LLM engine's paged KV cache, drawn from the cache's own events."""
