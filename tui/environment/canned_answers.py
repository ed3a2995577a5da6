"""The folder of text files that a person answers with again and again.

The config file says where it is, ``[answers] folder = "…"``; otherwise it is ``answers`` beside
that file. A file that cannot be used says so where it would be, and takes nothing else with it.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from policy.conversation.canned import CannedAnswer
from policy.conversation.messages import LONGEST_MESSAGE
from policy.refusal import Refusal, shown
from tui.environment.config import config_file, read_config

ENDINGS: Final = (".txt", ".md")
"""Which files of the folder are canned answers."""

_TABLE: Final = "answers"
_FOLDER: Final = "folder"
_FILES_AT_MOST: Final = 500


def answers_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the canned answers, whether it is there or not.

    Raises:
        Refusal: the config file is wrong.
    """
    file = config_file(environment)
    table = read_config(file).get(_TABLE, {})
    for name in table:
        if name != _FOLDER:
            raise Refusal(f"{file}: {_TABLE}.{shown(name)}: unknown; expected {_FOLDER}")
    folder = table.get(_FOLDER)
    if folder is None:
        return file.parent / _TABLE
    if not isinstance(folder, str) or not folder or "\0" in folder:
        raise Refusal(f"{file}: {_TABLE}.{_FOLDER} = {shown(folder)}; expected a folder's path")
    return file.parent / Path(folder).expanduser()


def canned_answers(folder: Path) -> tuple[CannedAnswer, ...]:
    """Return what is in the folder by name; none where there is no folder."""
    try:
        files = sorted(
            (each for each in folder.iterdir() if each.suffix.lower() in ENDINGS),
            key=lambda each: each.stem.casefold(),
        )
    except OSError:
        return ()
    return tuple(_canned(file) for file in files[:_FILES_AT_MOST])


def canned_answer(folder: Path, name: str) -> CannedAnswer:
    """Return the canned answer of a name.

    Raises:
        Refusal: there is none; the line says which there are.
    """
    known = {each.name: each for each in canned_answers(folder)}
    if name in known:
        return known[name]
    there = f"; expected {', '.join(known)}" if known else ""
    raise Refusal(f"{shown(name)}: there is no such canned answer in {folder}{there}")


def _canned(file: Path) -> CannedAnswer:
    try:
        with file.open("rb") as opened:
            content = opened.read(4 * LONGEST_MESSAGE + 1)
        text = content.decode("utf-8-sig").replace("\r\n", "\n").rstrip()
    except OSError as error:
        return CannedAnswer(file.stem, "", f"cannot be read: {error.strerror or error}")
    except UnicodeDecodeError:
        return CannedAnswer(file.stem, "", "is not UTF-8 text")
    if len(text) > LONGEST_MESSAGE:
        return CannedAnswer(file.stem, "", f"has more than {LONGEST_MESSAGE:,} characters")
    return CannedAnswer(file.stem, text, None if text.strip() else "is empty")
