"""What support hands over to engineering, and what engineering decides."""
