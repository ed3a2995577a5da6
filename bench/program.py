"""The program that is measured, as a person starts it."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def numberone() -> str:
    """Return the command that was installed beside this Python."""
    return str(Path(sys.executable).with_name("numberone"))


def environment(database: Path) -> dict[str, str]:
    """Return the environment in which the program works on ``database``, and with no settings."""
    home = str(database.parent)
    return {
        **plain_environment(),
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "XDG_STATE_HOME": home,
        "NUMBERONE_DB": str(database),
        "TERM": "xterm-256color",
    }


def plain_environment() -> Mapping[str, str]:
    """Return this process's environment without our settings, and with bytecode kept.

    Where Python may not keep what it compiled, a checkout compiles itself at every start.
    """
    return {
        name: text
        for name, text in os.environ.items()
        if not name.startswith("NUMBERONE_") and name != "PYTHONDONTWRITEBYTECODE"
    }
