"""A report as Markdown that a wiki takes as it is, and written to a file whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from policy.refusal import Refusal
from policy.report.report import Report
from tui.phrasing.text import escaped
from tui.report.sections import (
    EMPTY,
    Section,
    sections,
    title_of,
)

_RULES = {True: "---:", False: "---"}
"""The line under a heading of numbers, which stand right, and of words."""


def markdown(report: Report) -> str:
    """Return the whole report, ending in a line break."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {escaped(title_of(report))}"
    if report.is_empty:
        yield from ("", EMPTY)
        return
    for section in sections(report):
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"## {section.title}")
    if section.facts:
        yield ""
        yield from (f"- {label}: **{escaped(value)}**" for label, value in section.facts)
    if section.rows:
        rules = [
            "---:" if each in section.numbers else "---" for each in range(len(section.header))
        ]
        yield from ("", _row(section.header), _row(rules))
        yield from (_row([escaped(cell) for cell in row]) for row in section.rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def save(path: Path, text: str, *, overwrite: bool = False) -> None:
    """Write a file; it gets its name only when it is whole.

    Raises:
        Refusal: there is a file already and not ``overwrite``, or it cannot be written.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        if path.exists() and not overwrite:
            raise Refusal(f"{path}: exists already; name a new file, or say --force")
        unfinished.write_text(text, encoding="utf-8", newline="")
        unfinished.replace(path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        with suppress(OSError, ValueError):
            unfinished.unlink()
        reason = getattr(error, "strerror", None) or error
        raise Refusal(f"{path}: cannot be written: {reason}") from None
