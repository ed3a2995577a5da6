"""What programs of others are given: tools to look, and drafts that a person then sends."""
