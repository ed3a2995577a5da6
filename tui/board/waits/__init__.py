"""The waits screen: who is to be told that they will wait, and what became of it."""
