"""Whose a file is: its owner's alone, or a group's where its folder is one.

A folder is a group's where the group may write in it and what is made there becomes the group's
(the set-group-ID bit), and where nobody else may write: ``chmod g+rwxs`` makes it so.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

PRIVATE_UMASK: Final = 0o077
"""What a process that writes customers' data lets others do with new files: nothing."""

OWNERS_ALONE: Final = 0o600
OWNERS_FOLDER: Final = 0o700
_GROUPS: Final = 0o660
_OTHERS: Final = stat.S_IROTH | stat.S_IWOTH
_A_GROUPS_FOLDER: Final = stat.S_ISGID | stat.S_IWGRP | stat.S_IXGRP


def is_a_groups(folder: Path) -> bool:
    """Return whether what lies in a folder is a group's."""
    mode = _mode(folder)
    return mode & _A_GROUPS_FOLDER == _A_GROUPS_FOLDER and not mode & stat.S_IWOTH


def mode_in(folder: Path) -> int:
    """Return the mode of a file in a folder: the owner's alone, or the group's, too."""
    return _GROUPS if is_a_groups(folder) else OWNERS_ALONE


def make_file(path: Path) -> None:
    """Make an empty file with the mode that its folder asks for; one that is there stays.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNERS_ALONE))
        settle_mode(path)


def settle_mode(path: Path) -> None:
    """Give a file that was written just now the mode that its folder asks for."""
    path.chmod(mode_in(path.absolute().parent))


def who_else(path: Path) -> str | None:
    """Return whose a file is beside its owner though it should not be; None where it is right.

    One that is not there is nobody's.
    """
    mode = _mode(path)
    if mode & _OTHERS:
        return "everybody on this machine"
    if mode & (stat.S_IRGRP | stat.S_IWGRP) and not is_a_groups(path.absolute().parent):
        return "its group"
    return None


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0
