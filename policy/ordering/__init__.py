"""The order of the queue, why one ticket stands before another, and what a person puts first."""
