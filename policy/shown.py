"""How a value from outside is shown inside a line of ours: short and harmless."""

SHOWN_AT_MOST = 60
"""Characters of a foreign text that a line of ours repeats."""


def shown(value: object) -> str:
    """Give a foreign value as a person may safely read it: one short line, nothing to obey.

    Text stands in quotes with control, bidirectional and other invisible characters escaped and
    the rest of a long one left out; lists and objects are named, not repeated.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list | tuple):
        return "a list"
    return "an object" if isinstance(value, dict) else _clipped(str(value))


def _quoted(text: str) -> str:
    escaped = "".join(_visible(character) for character in text[: SHOWN_AT_MOST + 1])
    return f'"{_clipped(escaped)}"'


def _visible(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _clipped(text: str) -> str:
    return text if len(text) <= SHOWN_AT_MOST else f"{text[: SHOWN_AT_MOST - 1]}…"


def _number(value: float) -> str:
    try:
        return _clipped(repr(value))
    except ValueError:  # Python refuses to write out integers of thousands of digits
        return "a number of thousands of digits"
