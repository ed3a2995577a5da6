"""Whether somebody sits at a terminal."""

import sys

from policy.refusal import Refusal


def at_a_terminal() -> bool:
    """Return whether input, output and errors are all a terminal's, as the board needs them."""
    return all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def require_terminal() -> None:
    """Raise a Refusal that says what to type instead, unless the board can be shown."""
    if not at_a_terminal():
        raise Refusal("the board needs a terminal; `numberone next` prints the number one")
