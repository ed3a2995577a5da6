"""Where this person's numberone remembers things on this machine, beside the database."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

STATE_VARIABLE: Final = "NUMBERONE_STATE"

_APP: Final = "numberone"


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where the program remembers: ``NUMBERONE_STATE`` or the person's state folder."""
    named = environment.get(STATE_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_state_path  # noqa: PLC0415 - of each command, few remember

    return user_state_path(_APP, appauthor=False)
