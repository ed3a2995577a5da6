"""The team and its time off in the database."""
