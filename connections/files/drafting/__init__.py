"""Drafts of mappings: what a file's headings and values tell of what is which."""
