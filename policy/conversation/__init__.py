"""Conversations: what was written by whom, what goes out, and both sides' changes brought together."""
