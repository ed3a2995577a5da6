"""The conversation on the board: read, answered, and what becomes of an answer."""
