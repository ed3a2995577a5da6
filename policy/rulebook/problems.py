"""What is wrong with a policy file, in one line each: source, key, what was expected, value."""

import re
from collections.abc import Sequence

from policy.checked_table import Mistake, MistakeKind, WrongTableError
from policy.refusal import quoted
from policy.toml_text import LISTS_OF_RULES

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_TABLES_OF_ROWS = frozenset((name,) for name in LISTS_OF_RULES)


def problems_of(error: WrongTableError, source: str) -> list[str]:
    """Return a line for each mistake, in the order of the keys."""
    return [f"{source}: {key_in_words(each.place)}: {_sentence(each)}" for each in error.mistakes]


def _sentence(mistake: Mistake) -> str:
    place, said, kind = mistake
    if kind is MistakeKind.MISSING:
        return _missing(place)
    if kind is MistakeKind.NO_LIST and place in _TABLES_OF_ROWS:
        return said.replace("a list", f"a list of tables, each under [[{place[0]}]]", 1)
    return said


def _missing(location: Sequence[int | str]) -> str:
    if location == ("intake",):
        return (
            "expected rules of its own, as the handbook's name tiers, severities or priorities"
            " that are not there any more"
        )
    if location[0] == "response":
        return "expected a time, or rows of [[contract]] for all tickets, and it is missing"
    return "expected this key, and it is missing"


def key_in_words(location: Sequence[int | str]) -> str:
    """Return the key as a person says it: "intake rule 2, assign", "response.p0"."""
    place = ""
    for part in location:
        if isinstance(part, int):
            place += f" {'rule' if place in LISTS_OF_RULES else 'entry'} {part + 1}"
        elif place[-1:].isdigit() and " " in place:
            place += f", {_key(part)}"
        else:
            place += f".{_key(part)}" if place else _key(part)
    return place


def _key(part: str) -> str:
    return part if _BARE_KEY.fullmatch(part) else quoted(part)
