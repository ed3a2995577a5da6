"""A report in words and figures, for the terminal, a wiki, a spreadsheet and other programs."""
