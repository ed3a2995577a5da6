"""The command line: the board's commands for people in a hurry, and for scripts."""

import gc
import sys
from typing import NoReturn

from tui.cli.exit_codes import INTERRUPTED


def main() -> NoReturn:
    """Run the program with the process's own arguments, and exit.

    Nothing that is imported becomes garbage, so that none is looked for until a desk is open, or
    the board has shown all of its first frame.
    """
    gc.disable()
    try:
        from tui.cli.run import run  # noqa: PLC0415 - may be interrupted already

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)
