"""Decides: the written policy as pure functions of values and a given now."""
