"""The history screen: what happened, and the way back."""
