"""The command line: the board's commands for people in a hurry, and for scripts."""

from tui.command_line.running import main

__all__ = ["main"]
