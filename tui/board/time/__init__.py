"""The time screen: what was recorded, and how it is split."""
