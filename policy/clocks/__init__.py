"""Time: calendars, deadlines in open hours, zones, and times as people type them."""
