"""What people can do and how it is told: one module for each subject."""
