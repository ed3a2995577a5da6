"""Who is told that they will wait, what is promised, and when an answer can be expected."""
