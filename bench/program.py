"""The program that is measured, as a person starts it."""

import os
import sys
from pathlib import Path


def numberone() -> str:
    """Return the command that was installed beside this Python."""
    return str(Path(sys.executable).with_name("numberone"))


def environment(database: Path) -> dict[str, str]:
    """Return the environment in which the program works on ``database``, and with no settings."""
    home = str(database.parent)
    given = {name: text for name, text in os.environ.items() if not name.startswith("NUMBERONE_")}
    return {
        **given,
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "XDG_STATE_HOME": home,
        "NUMBERONE_DB": str(database),
        "TERM": "xterm-256color",
    }
