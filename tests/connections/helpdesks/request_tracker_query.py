"""The query language of the in-process Request Tracker: as much of it as anybody asks in tests."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

Values = Mapping[str, object]
"""What a ticket or a transaction has, by the names of its fields; several values are a list."""

Condition = Callable[[Values], bool]

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<paren>[()])|(?P<word>AND|OR)\b|(?P<field>[A-Za-z.]+(?:\{[^}]*\})?)\s*
    (?:(?P<set>IS\ NOT\ NULL)
    |(?P<op>!=|>=|<=|=|>|<)\s*(?:'(?P<text>(?:[^'\\]|\\.)*)'|(?P<number>\d+))))""",
    re.VERBOSE,
)
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d))?(Z| UTC)?")
_ACTIVE: Final = ("new", "open", "stalled")


class WrongQuery(Exception):  # noqa: N818 - it says what is so
    """A query that Request Tracker does not understand either."""


def parsed(query: str, zone: ZoneInfo) -> Condition:
    """Return what a query asks; times in it are read in the zone of whoever asks."""
    tokens: list[re.Match[str]] = []
    place = 0
    while query[place:].strip():
        token = _TOKEN.match(query, place)
        if token is None:
            raise WrongQuery(f"Wrong query, expecting something else at {query[place:]!r}")
        tokens.append(token)
        place = token.end()
    condition = _either(tokens, zone)
    if tokens:
        raise WrongQuery("Wrong query, expecting its end")
    return condition


def _either(tokens: list[re.Match[str]], zone: ZoneInfo) -> Condition:
    """Take conditions off the front; nobody mixes AND and OR without parentheses."""
    condition = _single(tokens, zone)
    while tokens and tokens[0]["word"]:
        word = tokens.pop(0)["word"]
        condition = _joined(word, condition, _single(tokens, zone))
    return condition


def _joined(word: str, one: Condition, other: Condition) -> Condition:
    if word == "AND":
        return lambda values: one(values) and other(values)
    return lambda values: one(values) or other(values)


def _single(tokens: list[re.Match[str]], zone: ZoneInfo) -> Condition:
    if not tokens:
        raise WrongQuery("Wrong query, expecting more")
    token = tokens.pop(0)
    if token["paren"] == "(":
        inner = _either(tokens, zone)
        if not tokens or tokens.pop(0)["paren"] != ")":
            raise WrongQuery("Wrong query, expecting a )")
        return inner
    if not token["field"]:
        raise WrongQuery(f"Wrong query, expecting a field, not {token[0]!r}")
    if token["set"]:
        return lambda values: bool(values.get(token["field"]))
    written = token["number"] if token["text"] is None else re.sub(r"\\(.)", r"\1", token["text"])
    return _compared(token["field"], token["op"], written, zone)


def _compared(field: str, sign: str, written: str, zone: ZoneInfo) -> Condition:
    def holds(values: Values) -> bool:
        value = values.get(field)
        if isinstance(value, list):
            found = any(_folded(each) == written.casefold() for each in value)
            return found if sign == "=" else not found
        if field == "Status" and written == "__Active__":
            return value in _ACTIVE
        if isinstance(value, datetime):
            return _in_order(value, sign, moment(written, zone))
        if isinstance(value, int):
            return written.isdigit() and _in_order(value, sign, int(written))
        return _in_order(_folded(value), sign, written.casefold())

    return holds


def moment(written: str, zone: ZoneInfo) -> datetime:
    """Return which time a query means: of one with a T in it the day alone, in the asker's zone."""
    found = _DAY.fullmatch(written)
    if found is None:
        return datetime.fromtimestamp(0, zone)
    of_day = time.fromisoformat(found[2]) if found[2] and "T" not in written else time()
    return datetime.combine(datetime.fromisoformat(found[1]), of_day, zone)


def _folded(value: object) -> str:
    return "" if value is None else str(value).casefold()


def _in_order(one: object, sign: str, other: object) -> bool:
    left, right = (one, other) if isinstance(one, type(other)) else (str(one), str(other))
    equal = left == right
    if sign in ("=", "!="):
        return equal is (sign == "=")
    less = left < right  # type: ignore[operator] # both are of one kind
    return (
        (sign.startswith("<") and less)
        or (sign.startswith(">") and not less and not equal)
        or (equal and sign.endswith("="))
    )
