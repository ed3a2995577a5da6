"""The board at a past time."""
