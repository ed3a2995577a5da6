"""Made-up and broken input for everything that reads what others wrote; run by hand."""
