"""The team: its pane, who is out, and what that does."""
