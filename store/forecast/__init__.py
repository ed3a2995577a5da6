"""What the forecast learns from, and what it says: kept as tickets change, read when asked."""
