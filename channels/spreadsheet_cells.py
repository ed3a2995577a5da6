"""Cells of a CSV that a spreadsheet shows as text, and never takes for a formula."""

from typing import Final

_MARK: Final = "'"
_FIRST_OF_FORMULAS: Final = frozenset("=+-@\t\r\n＝＋－＠")
_MARKED: Final = _FIRST_OF_FORMULAS | {_MARK}


def harmless(text: str) -> str:
    """Return what to write into a cell for a text: with a ``'`` before what could be a formula.

    A text that begins with ``'`` itself gets another one, so that ``original`` gives each back.
    """
    return _MARK + text if text[:1] in _MARKED else text


def original(cell: str) -> str:
    """Return the text that ``harmless`` made a cell of."""
    return cell.removeprefix(_MARK)
