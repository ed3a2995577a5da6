"""The exit codes; click itself ends with 2 when a command is used wrongly."""

from typing import Final

DONE: Final = 0
REFUSED: Final = 1
INTERRUPTED: Final = 130
