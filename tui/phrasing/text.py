"""Text from outside, made harmless for terminals and for Markdown, and cut to its cells."""

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, name

from rich.cells import cell_len, split_graphemes

ELLIPSIS: Final = "…"
LINE_BREAK_SIGN: Final = "⏎"

_LINE_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_UNTYPEABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LOOKED_AT = re.compile(r"[^ -~]")
_VARIATION_SELECTORS = "\ufe0e\ufe0f"
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_JOINER = "\u200d"
_NON_JOINER = "\u200c"
_FIRST_CONTROL_PICTURE = 0x2400
_DELETE, _DELETE_PICTURE = "\x7f", "\u2421"
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINING_LETTERS = frozenset({"Lo", "Mn", "Mc"})
_EMOJI = frozenset({"So", "Sk"})
_COMBINING = frozenset({"Mn", "Me"})
_TAB_WIDTH = 4
_LATIN = frozenset({"LATIN", "FEMININE", "MASCULINE", "MICRO", "?"})
"""How the names of Latin letters begin, and of what stands on Latin keyboards."""


def plain_line(text: str) -> str:
    """Return ``text`` as one harmless line: line breaks become ``⏎``, tabs a space.

    Control characters are shown as their pictures (``␛``), bidirectional and other invisible
    ones by their number (``⟨U+202E⟩``). An emoji built of several is shown as its parts and
    without its skin tone, since terminals disagree about the width of the whole, and one that
    disagrees shifts the line.
    """
    if text.isascii() and text.isprintable():
        return text
    one_line = _LINE_BREAKS.sub(LINE_BREAK_SIGN, text).replace("\t", " ")
    return _anchored(_LOOKED_AT.sub(_shown, one_line))


def plain_block(text: str) -> str:
    r"""Return ``text`` harmless as ``plain_line`` does, its lines kept and divided by ``\n``."""
    lines = _LINE_BREAKS.split(text.expandtabs(_TAB_WIDTH))
    return "\n".join(plain_line(line) for line in lines)


def is_harmless(text: str) -> bool:
    """Return whether nothing in ``text`` is obeyed by a terminal, turns it round or ends a line."""
    return (text.isascii() and text.isprintable()) or not _OBEYED.search(text)


def typeable(text: str) -> str:
    """Return ``text`` as a field may hold it for somebody to go on writing: lines and tabs stay.

    What a terminal would obey and what turns a text round is left out, not shown as a sign: the
    signs would be kept as if they had been written.
    """
    return _UNTYPEABLE.sub("", text)


def other_alphabet(character: str | None) -> str | None:
    """Return the name of a letter's alphabet where it is not Latin: ``Cyrillic``, ``Greek``."""
    if character is None or len(character) != 1 or not character.isalpha():
        return None
    alphabet, *_ = name(character, "?").split()
    return None if alphabet in _LATIN else alphabet.capitalize()


def width(text: str) -> int:
    """Return how many cells a harmless ``text`` takes in a terminal."""
    return cell_len(text)


@lru_cache(maxsize=4096)
def shortened(text: str, cells: int) -> str:
    """Return ``text`` in at most ``cells`` cells, ending in ``…`` when some of it is left out.

    What belongs together (a letter and its marks, an emoji and its parts) is never divided.
    """
    if width(text) <= cells:
        return text
    if cells <= 0:
        return ""
    kept = taken = 0
    for _, end, size in split_graphemes(text)[0]:
        if taken + size > cells - 1:
            break
        kept, taken = end, taken + size
    return text[:kept].rstrip() + ELLIPSIS


def left_aligned(text: str, cells: int) -> str:
    """Return ``text`` in exactly ``cells`` cells, shortened or filled with spaces behind."""
    fitting = shortened(text, cells)
    return fitting + " " * (cells - width(fitting))


def right_aligned(text: str, cells: int) -> str:
    """Return ``text`` in exactly ``cells`` cells, shortened or filled with spaces in front."""
    fitting = shortened(text, cells)
    return " " * (cells - width(fitting)) + fitting


def _shown(found: re.Match[str]) -> str:
    character = found.group()
    if character in _VARIATION_SELECTORS:
        return ""
    if character in (_JOINER, _NON_JOINER):
        return _shown_joiner(character, found.string, found.start())
    return _shown_skin_tone(found) if character in _SKIN_TONES else _sign(character)


def _shown_skin_tone(found: re.Match[str]) -> str:
    """Return nothing for a skin tone: some terminals tint the emoji, others draw a square."""
    return "" if found.start() and category(found.string[found.start() - 1]) in _EMOJI else "▪"


def _shown_joiner(character: str, text: str, place: int) -> str:
    """Return what is left of a joiner: scripts that join need it, elsewhere it only hides."""
    while place and text[place - 1] in _VARIATION_SELECTORS:
        place -= 1
    kind = category(text[place - 1]) if place else ""
    if kind in _JOINING_LETTERS:
        return character if character == _NON_JOINER else ""
    return "" if kind in _EMOJI else _number(character)


@lru_cache(maxsize=4096)
def _sign(character: str) -> str:
    if character < " ":
        return chr(_FIRST_CONTROL_PICTURE + ord(character))
    if character == _DELETE:
        return _DELETE_PICTURE
    if category(character) in _INVISIBLE or _is_noncharacter(ord(character)):
        return _number(character)
    return character


def _is_noncharacter(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 - Unicode's own


def _number(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def _anchored(text: str) -> str:
    """Give a mark that comes first a circle to sit on, so that it stays off its neighbour."""
    return f"◌{text}" if text and category(text[0]) in _COMBINING else text


_MEANS_SOMETHING: Final = re.compile(
    r"[\\`*_\[\]<>&~|#$@]|:(?=//)|(?<=www)\.|(?<=\w)\.(?=[^\W\d])|:(?=\w+:)"
)
"""What readers of Markdown may take for more than text: of a dot between letters, a link."""


def escaped(text: str) -> str:
    r"""Return text on one harmless line that stays text in Markdown: ``*`` becomes ``\*``.

    For text that does not begin a line; neither emphasis, code, links, HTML, headings, tables nor
    mentions come of it.
    """
    line = " ".join(plain_line(text).split())
    return _MEANS_SOMETHING.sub(lambda found: f"\\{found[0]}", line)


def linked(url: str) -> str:
    """Return a link to an address of the web, as it is, in Markdown."""
    safe = "".join(f"%{ord(sign):02X}" if sign in "<>\\ " else sign for sign in plain_line(url))
    return f"<{safe}>"
