"""What the shift looked like: figures over a span of time, reckoned from values alone."""
