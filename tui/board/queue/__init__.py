"""The queue: its list, what is looked at in it, and its filters."""
