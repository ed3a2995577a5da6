"""Contracts: which row decides for each target of a ticket, and until when each is due."""
