"""How a value from a file of tickets is shown inside a line of ours: short and harmless."""

from policy.sentences import quoted


def shown(value: object) -> str:
    """Return ``value`` as JSON would name it, on one line, short and printable."""
    if value is None:
        return "null"
    return "an object" if isinstance(value, dict) else quoted(value)
