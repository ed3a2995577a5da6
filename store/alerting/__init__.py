"""What the team was told where they are, so that nobody is told the same thing twice."""
