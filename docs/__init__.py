"""The docs, and the scripts that make their pages and pictures from the real program."""
