"""How much of the team is there for how much work: levels, modes, and what is said of them."""
