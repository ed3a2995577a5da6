"""Is it ours, and what priority: what comes from outside, checked, and the rules that decide."""
