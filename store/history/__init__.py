"""What happened: written, read, taken back, done again, and gone back to."""
