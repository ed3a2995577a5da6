"""Conversations and connections as they are kept: messages, what goes out, how far was read."""
