"""The engineer's view, and what support does with engineering."""
