"""Puts the table into the page that says what was done and why."""

from pathlib import Path
from typing import Final

_PAGE: Final = Path(__file__).parent.parent / "docs" / "performance.md"
_BEGINS: Final = "<!-- The figures: python -m bench --write -->"


def write(figures: str) -> None:
    """Put figures in the place of those that stand at the end of docs/performance.md."""
    before, found, _ = _PAGE.read_text("utf-8").partition(_BEGINS)
    if not found:
        raise ValueError(f"{_PAGE}: expected a line {_BEGINS}")
    _PAGE.write_text(f"{before}{_BEGINS}\n\n{figures}\n", encoding="utf-8")
