"""The terminal that the board is in: what it sends, what it is given back, and how it is lent."""
