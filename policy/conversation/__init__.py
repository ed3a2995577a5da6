"""Conversations: who wrote what, what goes out, and both sides' changes brought together."""
