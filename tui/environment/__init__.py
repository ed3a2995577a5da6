"""What belongs to this person and machine: config, keys, terminal, editor, fault log."""
