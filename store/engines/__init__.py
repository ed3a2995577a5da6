"""What only one database engine has: how to open it, its write lock, its full-text search."""
