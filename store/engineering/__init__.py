"""What rests with engineering, as the database has it."""
