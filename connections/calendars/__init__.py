"""Calendars in and out: time off that is kept elsewhere, and the roster for others."""
