"""What several rooms of the board draw with: lists, forms, styles, the footer."""
