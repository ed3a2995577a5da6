"""Time that people record, and how it is split."""
