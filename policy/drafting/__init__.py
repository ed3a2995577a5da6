"""Writing a policy of one's own: what is asked, what the answers say, and the file they make."""
