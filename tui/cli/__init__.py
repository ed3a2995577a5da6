"""The command line: the board's commands for people in a hurry, and for scripts."""

import gc
import os
import sys
from typing import NoReturn

from store.file_access import PRIVATE_UMASK
from tui.cli.exit_codes import INTERRUPTED


def main() -> NoReturn:
    """Run the program with the process's own arguments, and exit.

    Nothing that is imported becomes garbage, so that none is looked for until a desk is open, or
    the board has shown all of its first frame.
    """
    gc.disable()
    os.umask(PRIVATE_UMASK)  # what it writes is the owner's alone, unless a folder is a group's
    # Plugins for pydantic are other programs' own; to look for them is a look at each package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from tui.cli.run import run  # noqa: PLC0415 - may be interrupted already

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    gc.freeze()  # at the end Python would look once more at all there is
    sys.exit(code)
