"""The board: the screen a support team keeps open on shift, always with one number one."""
