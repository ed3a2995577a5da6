"""Tickets in the database: read, changed by people, taken in from files."""
