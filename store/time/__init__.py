"""Recorded time in the database."""
