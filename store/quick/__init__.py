"""The first look at a desk, without what is heavy: its statements made ready, the drivers bare."""
