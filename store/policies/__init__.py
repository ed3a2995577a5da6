"""The policy and the mode that a desk keeps, and what another policy does to its tickets."""
