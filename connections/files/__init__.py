"""Files that hold tickets: read in any of their shapes, mapped, imported, exported."""
