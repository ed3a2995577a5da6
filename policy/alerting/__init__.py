"""What is worth telling the team where they are, when they do not look at the board."""
