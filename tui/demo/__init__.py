"""The demonstration: a lively, made-up desk in a throwaway database, relative to now."""
