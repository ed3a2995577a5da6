"""The filters that a person saved under a name, kept beside what else the board remembers.

The board's list of filters and ``numberone list @name`` read the same file.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from policy.refusal import Refusal, one_of, quoted
from tui.phrasing.text import plain_line

SIGN: Final = "@"
"""What stands before the name of a saved filter in a query."""

LONGEST_NAME: Final = 30
_FILE: Final = "filters.json"
_NAMED_AT_MOST: Final = 12


def saved_filters(folder: Path) -> dict[str, str]:
    """Return the saved filters as they were typed, by their names in the names' order.

    Raises:
        Refusal: they cannot be read.
    """
    path = folder / _FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise Refusal(f"{path}: {plain_line(str(error))}; expected saved filters") from None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise Refusal(f"{path}: expected saved filters, a name and what was typed each")
    return dict(sorted(found.items()))


def save_filter(folder: Path, name: str, typed: str) -> None:
    """Save a filter as it was typed under a name; another one of that name is replaced.

    Raises:
        Refusal: the name is no word, the filter is empty, or it cannot be written.
    """
    word = name.strip().removeprefix(SIGN)
    if not _is_name(word):
        raise Refusal(
            f"name: {quoted(word)}; expected one word of at most {LONGEST_NAME} letters,"
            " digits, - and _"
        )
    if not typed.strip():
        raise Refusal("there is no filter to save; / begins one")
    _write(folder, {**saved_filters(folder), word: typed.strip()})


def remove_filter(folder: Path, name: str) -> None:
    """Forget a saved filter; one that is not there is let be.

    Raises:
        Refusal: it cannot be written.
    """
    kept = {each: typed for each, typed in saved_filters(folder).items() if each != name}
    _write(folder, kept)


def expanded(words: Sequence[str], filters: Mapping[str, str]) -> str:
    """Return a query in which every ``@name`` stands for what was saved under that name.

    Raises:
        Refusal: there is no filter of that name.
    """
    return " ".join(
        known_filter(word.removeprefix(SIGN), filters) if word.startswith(SIGN) else word
        for word in words
    )


def known_filter(name: str, filters: Mapping[str, str]) -> str:
    """Return what was saved under a name.

    Raises:
        Refusal: there is no filter of that name.
    """
    if name in filters:
        return filters[name]
    known = one_of([f"{SIGN}{each}" for each in filters][:_NAMED_AT_MOST])
    expected = (
        f"expected {known}" if known else "one is saved by: numberone filters save NAME QUERY"
    )
    raise Refusal(f"query: {SIGN}{plain_line(name)}: no filter is saved as this; {expected}")


def _is_name(word: str) -> bool:
    return 0 < len(word) <= LONGEST_NAME and word.replace("-", "").replace("_", "").isalnum()


def _write(folder: Path, filters: Mapping[str, str]) -> None:
    """Write all of them at once: a reader sees the old file or the new one, never half of one."""
    path = folder / _FILE
    unfinished = path.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps(filters, indent=2) + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise Refusal(f"{path}: cannot be written: {error.strerror or error}") from None
