"""The database as a whole: copied, checked, restored, taken out and in."""
