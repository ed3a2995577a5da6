"""Who may do what on a server: the groups, what they may change, and what their readers see."""
