"""The ticket under the cursor: its pane, its forms, and what is done to it."""
