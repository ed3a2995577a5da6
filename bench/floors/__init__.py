"""The least that the same could cost: what the program's figures stand beside."""
