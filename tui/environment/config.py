"""What a person configures, and what the board remembers by itself.

The config file is the person's own and is checked when the board starts; the state folder is
the board's, and not being able to write there is never an error.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from platformdirs import user_config_path

from connections.state_folder import STATE_VARIABLE, state_folder
from policy.refusal import Refusal, one_of
from policy.toml_text import LARGEST_TEXT, tables_in
from tui.phrasing.text import plain_line

__all__ = [
    "CONFIG_VARIABLE",
    "STATE_VARIABLE",
    "config_file",
    "read_config",
    "receipts_folder",
    "remember_theme",
    "remembered_theme",
    "state_folder",
]

CONFIG_VARIABLE: Final = "NUMBERONE_CONFIG"

_APP = "numberone"
_TABLES = ("keys", "mail", "chat", "webhook", "alerts", "answers", "commands")
"""The tables that something reads; what is in them is checked by whoever reads it."""
_THEME_FILE = "theme"


def config_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where the config file is looked for: ``NUMBERONE_CONFIG`` or the person's folder."""
    named = environment.get(CONFIG_VARIABLE)
    return Path(named) if named else user_config_path(_APP, appauthor=False) / "config.toml"


def read_config(path: Path) -> Mapping[str, Mapping[str, object]]:
    """Return the config file's tables; none at all when there is no such file.

    Raises:
        Refusal: it cannot be read, is not TOML, or has a table that nothing reads.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_TEXT + 1)
        text = content.decode()
    except FileNotFoundError:
        return {}
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refusal(f"{path}: cannot be read: {reason}") from None
    except UnicodeDecodeError:
        raise Refusal(f"{path}: is not UTF-8 text") from None
    if len(content) > LARGEST_TEXT:
        raise Refusal(f"{path}: more than {LARGEST_TEXT:,} bytes; expected settings, a TOML file")
    tables = tables_in(text, str(path))
    for name, table in tables.items():
        _check_table(path, name, table)
    return tables


def receipts_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where this machine remembers what was taken, until the database does."""
    return state_folder(environment) / "taken"


def remembered_theme(folder: Path) -> str | None:
    """Return the name of the theme chosen last, None when none is remembered."""
    try:
        return (folder / _THEME_FILE).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def remember_theme(folder: Path, name: str) -> None:
    """Remember a theme for the next start; a folder that cannot be written is let be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _THEME_FILE).write_text(f"{name}\n", encoding="utf-8")
    except OSError:
        return


def _check_table(path: Path, name: str, table: object) -> None:
    if name not in _TABLES:
        known = one_of([f"[{each}]" for each in _TABLES])
        raise Refusal(f"{path}: [{plain_line(name)}] is unknown; expected {known}")
    if not isinstance(table, dict):
        what = "command" if name == "keys" else "setting"
        raise Refusal(f"{path}: {name} is not a table; expected [{name}] with a line a {what}")
