"""Keeping a desk and its help desks in step: what is read, what is written, and by whose login."""
