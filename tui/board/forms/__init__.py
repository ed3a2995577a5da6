"""What the board asks before it does something: one small form a question."""
