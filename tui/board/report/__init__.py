"""The report screen, and the note at the end of a shift."""
