"""The board in a browser, behind a login."""
