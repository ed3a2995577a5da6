"""Talks to the outside: today the files that other help desks write."""
