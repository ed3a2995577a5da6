"""Says of colours and weights only what changes: a slow line carries little else.

Rich ends each piece of text with a reset and begins the next with all of its style, some forty
bytes a piece; most of that the terminal knows already.
"""

import re
from functools import lru_cache
from typing import Final

_PIECES: Final = re.compile(
    r"(?P<style>\x1b\[[0-9;]*m)"
    r"|(?P<move>(?:\x1b\[[0-9;]*H|\x1b\[\?[0-9]+[hl]|[\r\n])+)"  # no style is seen in these
    r"|(?P<text>(?:(?!\x1b\[[0-9;?]*[mHhl])[^\r\n])+)"
)
_MODES: Final = re.compile(r"\x1b\[\?[0-9]+[hl]")
_WEIGHTS: Final = frozenset(("1", "2", "3"))
"""What makes text bold, dim or italic."""

_RESET: Final = frozenset(("", "0"))
_COLOUR_OF: Final = {"38": "foreground", "48": "background"}
_PARTS_OF_COLOUR: Final = {"2": 5, "5": 3}
_END_OF: Final = {
    "1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29",
    "21": "24", "53": "55", "foreground": "39", "background": "49",
}  # fmt: skip


class TerseStyles:
    """Follows the style that a terminal is in, over all that is written to it."""

    def __init__(self) -> None:
        self._known: str | None = None
        self._wanted = ""

    def forget(self) -> None:
        """Take nothing for known: somebody else has written to the terminal."""
        self._known = None
        self._wanted = ""

    def terse(self, output: str) -> str:
        """Return what shows the same in the terminal as ``output``."""
        written: list[str] = []
        for piece in _PIECES.finditer(output):
            kind, text = piece.lastgroup, piece.group()
            if kind == "style":
                self._want(text[2:-1])
            elif kind == "move":
                written.append(_where_it_ends(text))
            else:
                if self._known != self._wanted and not self._looks_right(text):
                    written.append(_change(self._known, self._wanted))
                    self._known = self._wanted
                written.append(text)
        return "".join(written)

    def _looks_right(self, text: str) -> bool:
        """Return whether a text looks the same in the known style: spaces show their ground."""
        return (
            not text.strip(" ")
            and self._known is not None
            and _seen_behind_spaces(self._known) == _seen_behind_spaces(self._wanted)
        )

    def _want(self, style: str) -> None:
        if style in _RESET:
            self._wanted = ""
        else:
            self._wanted = f"{self._wanted};{style}" if self._wanted else style


def _where_it_ends(moves: str) -> str:
    """Return what brings the cursor where some moves bring it: the last place counts."""
    last = moves.rfind("\x1b[")
    if last <= 0 or not moves.endswith("H"):
        return moves
    return "".join(_MODES.findall(moves[:last])) + moves[last:]


@lru_cache(maxsize=4096)
def _seen_behind_spaces(style: str) -> frozenset[tuple[str, str]]:
    """Return of a style what is seen where nothing is written: its ground, and any line."""
    parsed = _parsed(style)
    seen = parsed.keys() - {"foreground", *_WEIGHTS}
    if "7" in parsed:  # reversed, the text's colour is the ground
        seen |= parsed.keys() & {"foreground"}
    return frozenset((name, parsed[name]) for name in seen)


@lru_cache(maxsize=4096)
def behind_spaces(style: str) -> str:
    """Return as a style what is seen of one behind spaces."""
    return ";".join(sorted(value for _, value in _seen_behind_spaces(style)))


@lru_cache(maxsize=4096)
def _change(before: str | None, after: str) -> str:
    """Return what brings a terminal from one style to another; None is one that is not known."""
    whole = f"\x1b[0;{after}m" if after else "\x1b[0m"
    if before is None:
        return whole
    was, becomes = _parsed(before), _parsed(after)
    ends = dict.fromkeys(_END_OF.get(name, "0") for name in was if name not in becomes)
    ended = {name for name in becomes if _END_OF.get(name) in ends and name in was}
    begins = [value for name, value in becomes.items() if was.get(name) != value or name in ended]
    if not ends and not begins:
        return ""
    steps = f"\x1b[{';'.join([*ends, *begins])}m"
    return whole if "0" in ends or len(whole) < len(steps) else steps


def _parsed(style: str) -> dict[str, str]:
    """Return what a style sets by what it sets: a colour of the text or its ground, or a weight."""
    found: dict[str, str] = {}
    parts = iter(style.split(";") if style else [])
    for part in parts:
        name = _COLOUR_OF.get(part)
        if name is not None:
            kind = next(parts, "5")
            rest = [next(parts, "0") for _ in range(_PARTS_OF_COLOUR.get(kind, 3) - 2)]
            found[name] = ";".join([part, kind, *rest])
        elif part in _RESET:
            found.clear()
        elif len(part) > 1 and part[:-1] in ("3", "9"):
            found["foreground"] = part
        elif len(part) > 1 and part[:-1] in ("4", "10"):
            found["background"] = part
        else:
            found[part] = part
    return found
