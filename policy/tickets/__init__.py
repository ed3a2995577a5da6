"""What people do to a ticket, and what the policy says about one."""
