"""What a person can send to whoever mends the program: the faults, and where it runs."""

import json
import os
import platform
import shutil
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from tui.environment.fault_log import faults_noted

_PARTS: Final = ("numberone", "textual", "sqlalchemy", "sqlmodel", "pydantic", "psycopg")


def fault_report(folder: Path, desk: Mapping[str, object], wrong: list[str]) -> str:
    """Return the report as JSON, ended by a line break; ``folder`` has the log of faults.

    ``desk`` says what is known of the database, and ``wrong`` which parts have something wrong,
    both without any text of a customer, a name or an address.
    """
    report = {
        "python": platform.python_version(),
        "versions": {part: _version(part) for part in _PARTS},
        "system": platform.platform(),
        "terminal": {
            "kind": os.environ.get("TERM", ""),
            "colours": os.environ.get("COLORTERM", ""),
            "size": list(shutil.get_terminal_size()),
        },
        "database": dict(desk),
        "wrong": wrong,
        "faults": list(faults_noted(folder)),
    }
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _version(part: str) -> str | None:
    try:
        return version(part)
    except PackageNotFoundError:
        return None
