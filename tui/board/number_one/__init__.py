"""The number one: the block that says which ticket comes first, and what to do about it."""
