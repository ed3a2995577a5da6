"""The team: who works when, who is out, who covers what, and who may do what."""
