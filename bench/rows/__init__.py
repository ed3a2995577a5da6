"""The rows of the table, a module for each thing that a person feels."""
