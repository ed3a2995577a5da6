"""What commands print: JSON with the keys that are documented, and lines for people."""
