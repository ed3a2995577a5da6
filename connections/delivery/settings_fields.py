"""The kinds of value in the config file about delivery, each with a sentence for a wrong one."""

import ssl
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError

from connections.wrong_tables import problems_in
from policy.refusal import expected, one_of

_LONGEST_TIMEOUT = 300


def one_line_of_text(value: object) -> str:
    """Return text that says something; raises ValueError."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(expected("text in quotes that says something", value))
    if not value.isprintable():
        raise ValueError(expected("one line of text without control characters", value))
    return value.strip()


def one_of_words(words: Iterable[str]) -> Callable[[object], object]:
    """Return a check that raises ValueError for anything but one of ``words``."""
    known = tuple(words)

    def check(value: object) -> object:
        if not isinstance(value, str) or value not in known:
            raise ValueError(expected(one_of(f'"{word}"' for word in known), value))
        return value

    return check


def _seconds(value: object) -> float:
    what = f"seconds, more than 0 and at most {_LONGEST_TIMEOUT}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(expected(what, value))
    if not 0 < value <= _LONGEST_TIMEOUT:
        raise ValueError(expected(what, value))
    return float(value)


def _certificate_file(path: Path) -> Path:
    try:
        ssl.create_default_context(cafile=path)
    except OSError:
        raise ValueError(expected("a file of certificates", str(path))) from None
    return path


Text = Annotated[str, BeforeValidator(one_line_of_text)]
"""One line of text that says something."""

Seconds = Annotated[float, BeforeValidator(_seconds)]
"""How long to wait, in seconds."""

CertificateFile = Annotated[Path, AfterValidator(_certificate_file)]
"""A file of certificates to trust, which exists and has some."""


def settings_problem(error: ValidationError, model: type[BaseModel], source: str) -> str:
    """Return one line that names ``source`` and then every key, what was expected, what it is."""
    problems = problems_in(error, model, source)
    # What is wrong with several keys together names them itself.
    keys = (line.removeprefix(f"{source}: ").removeprefix(": ") for line in problems)
    return f"{source}: {'; '.join(keys)}"
