"""Why something can be done in one place only: at the command line, or on the board."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OnlyHere:
    """Why the board, or the command line, alone has a command, in a sentence."""

    because: str
