"""The tables, and what is kept for the whole desk."""
