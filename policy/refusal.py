"""How a rule says no, and how a wrong value and what was expected of it are put into one line."""

from collections.abc import Iterable


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A thing that may not or cannot be done, with one line that says why and what would do.

    Raised by the policy and by the store alike; whoever talks to a person shows ``reason``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


LONGEST_QUOTATION = 60
"""How many characters of a wrong value are repeated to the person who wrote it."""


def quoted(value: object) -> str:
    """Return ``value`` as a policy file would write it, on one line, short and printable."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple | set | frozenset):
        return "a list" if value else "an empty list"
    if value is None:
        return "nothing"
    return _quoted_text(value) if isinstance(value, str) else _shortened(_digits(value))


def expected(what: str, value: object) -> str:
    """Return "expected X, not Y", the form in which every wrong value is named."""
    return f"expected {what}, not {quoted(value)}"


def one_of(words: Iterable[object], conjunction: str = "or") -> str:
    """Return the words as people list them: "a", "a or b", "a, b or c"."""
    listed = [str(word) for word in words]
    if len(listed) < 2:  # noqa: PLR2004 - one word stands alone
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {conjunction} {listed[-1]}"


def _quoted_text(text: str) -> str:
    beginning = text[: LONGEST_QUOTATION + 1]
    return f'"{_shortened("".join(map(_printable, beginning)))}"'


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTATION else f"{text[:LONGEST_QUOTATION]}…"


def _digits(value: object) -> str:
    # Python refuses to write out integers of several thousand digits.
    if isinstance(value, int) and value.bit_length() > LONGEST_QUOTATION * 4:
        return "a number of more than seventy digits"
    return str(value)


def shown(value: object) -> str:
    """Return ``value`` as JSON would name it, on one line, short and printable."""
    if value is None:
        return "null"
    return "an object" if isinstance(value, dict) else quoted(value)
