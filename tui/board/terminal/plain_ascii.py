"""What is shown where there is no UTF-8: every sign as one of ASCII, as wide as it was."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

from tui.phrasing.text import width

_UNKNOWN: Final = "?"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def speaks_utf8(environment: Mapping[str, str], encoding: str | None) -> bool:
    """Return whether a terminal shows UTF-8, by the locale and the ``encoding`` of the output.

    The first of ``LC_ALL``, ``LC_CTYPE`` and ``LANG`` that is not empty says so. Where none does,
    as in a container, it is believed of the terminal.
    """
    if encoding is not None and not _is_utf8(encoding):
        return False
    said = (environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next(filter(None, said), None)
    return locale is None or _is_utf8(locale.partition(".")[2].partition("@")[0])


def in_ascii(output: str) -> str:
    """Return what is sent to a terminal with every other sign as one of ASCII, as wide as it was.

    A letter with a mark becomes the letter; what has no likeness becomes ``?``.
    """
    return output if output.isascii() else _NOT_ASCII.sub(_in_its_width, output)


def _in_its_width(found: re.Match[str]) -> str:
    return "".join(map(_likeness, found.group()))


@lru_cache(maxsize=4096)
def _likeness(sign: str) -> str:
    cells = width(sign)
    if sign in _LIKENESSES:
        return _LIKENESSES[sign]
    plain = "".join(each for each in normalize("NFKD", sign) if not combining(each))
    if plain.isascii() and plain.isprintable() and len(plain) == cells:
        return plain
    return _UNKNOWN * cells


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


_DRAWN: Final = {
    "-": "─╌╍┄┅┈┉╴╶‐‑‒–—−⎯",
    "=": "━═╸╺▬‖",
    "|": "│┃║╎╏┆┇┊┋╵╷╹╻▐▏▎▍▕▋▊▉⎸",
    "+": "┌┐└┘├┤┬┴┼╭╮╯╰┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬┍┎┑┒┕┖┙┚",
    "_": "▁",
    ".": "▂·•⋅⁃‧",
    ":": "▃⁝⋮",
    "o": "øœ▄○◇◌◦◯",
    "#": "▅▆▇█▀■▪▓▒░▔",
    "^": "⇧▲△↑⬆",
    "v": "▼▽↓⬇✓✔",
    ">": "▌▶▷→›»⟩❯⮕",
    "<": "◀◁←‹«⟨❮",
    "*": "●◆★☆⚑⚐✱×✎",
    "@": "↻◷◴◵◶⏱⏲",
    "~": "⌂…≈",
    "x": "✗✘✕",
    "'": "‘’‚′",
    '"': "“”„″",
    "!": "⚠",
    "/": "⏎↵⁄",
    "&": "⊕",
    "i": "ı",
    "l": "ł",
    "L": "Ł",
    "O": "Ø",
    "s": "ß",
    "d": "đ",
    "a": "æ",
}
"""What is drawn with each sign of ASCII: frames, bars, signs, arrows and marks of writing."""

_LIKENESSES: Final = {sign: plain for plain, signs in _DRAWN.items() for sign in signs}
