"""How the board and the command line say a thing, in the same words."""
