"""Shows and asks: the board in the terminal, and the command line beside it."""
