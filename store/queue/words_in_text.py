"""The words and signs of a text as they are searched: of a ticket, and of what is looked up.

Words stand in their order. Behind them come compounds written as one word, so that "email" finds
"E-Mail", and every stretch of text with signs in it, sign by sign, so that "C++" finds "C++" alone.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

LONGEST_DOCUMENT = 200_000
"""How many characters of a ticket are searched; a log file pasted whole is cut there."""

_MOST_JOINED = 40_000
"""How many characters the compounds of a ticket add."""

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_WITHOUT_SPACES = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u2e80-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # and Han
)
_WORD = re.compile(rf"[^\W_{_WITHOUT_SPACES}]+|(?![\W_])[{_WITHOUT_SPACES}]")
_ASCII_APART = {place: " " for place in range(128) if not chr(place).isalnum()}
"""Puts the words of a text in ASCII apart, for the half of the time."""

_PIECE = re.compile(rf"[{_WITHOUT_SPACES}]|[^\W_{_WITHOUT_SPACES}]+|[^\w\s]|_")

_JOINING = frozenset("-‐‑‒–'’ʼ_&.")
"""What stands inside a compound, which is as often written without it."""

_PARTS_AT_MOST = 6
_PARTS_OF_A_QUERY = 4
"""Of how many parts a compound may be, and of how many it is looked up joined in every way."""

_EDGES = frozenset(".,;:!?¡¿…\"'’‘“”„«»‹›()[]{}<>`^*_/\\|-‐‑‒–—")
"""What stands around a word without belonging to it."""

_RUNES = tuple(map(chr, range(0x16A0, 0x16B0)))
"""A sign is written in these sixteen letters, which no ticket is: engines find only words."""

_APART = "\u16dc"
"""Stands between stretches, so that what ends one and begins the next is not side by side."""

_RUNES_OF_A_TEXT = {ord(rune): 0xE000 + place for place, rune in enumerate([*_RUNES, _APART])}
"""What these letters become in a text that has them itself: signs of their own."""

Phrases = Sequence[str]
"""What is looked up for one thing: phrases, tokens apart by spaces, any of which will do."""


def plain(text: str) -> str:
    """Return a text without case, accents and what nobody sees; its punctuation as it is."""
    if text.isascii():
        return text.lower()
    return _BEYOND_ASCII.sub(_piece_without_accents, text).casefold()


def _piece_without_accents(found: re.Match[str]) -> str:
    piece = found[0]
    return _often_accented(piece) if len(piece) <= _FEW_SIGNS else _without_accents(piece)


def _without_accents(piece: str) -> str:
    decomposed = unicodedata.normalize("NFKD", piece.casefold()).replace("ı", "i")
    return "".join(filter(_is_seen, decomposed)).translate(_RUNES_OF_A_TEXT)


_FEW_SIGNS = 4
"""How many signs in a row may well come again: a letter or two with an accent in a word."""

_often_accented = lru_cache(maxsize=4096)(_without_accents)


@lru_cache(maxsize=4096)
def _is_seen(sign: str) -> bool:
    """Return whether a sign stands for itself: no accent, style or mark for writing direction."""
    chooses_style = "\ufe00" <= sign <= "\ufe0f"
    return not (unicodedata.combining(sign) or chooses_style or unicodedata.category(sign) == "Cf")


def folded(text: str) -> str:
    """Return the words of a text, apart by single spaces, without case and accents.

    Chinese, Japanese, Thai and their neighbours are written without spaces: every sign is a
    word there, so that one is found inside a sentence.
    """
    return _words(plain(text[:LONGEST_DOCUMENT]))


def searchable(text: str) -> str:
    """Return the text in which an engine finds a ticket by its words, compounds and signs."""
    text = plain(text[:LONGEST_DOCUMENT])
    stretches = text.split()
    joined: list[str] = []
    signed: list[str] = []
    left = _MOST_JOINED
    for place, stretch in enumerate(stretches):
        if stretch.isalnum():
            continue
        told = _often_told if len(stretch) <= _OFTEN else _behind_the_words
        written, compounds = told(stretch)
        signed += written
        if compounds and left > 0:
            beside = _first_word_of(stretches[place + 1 : place + 2])
            joined += [f"{each} {beside}" for each in compounds]
            left -= sum(map(len, joined[-len(compounds) :]))
    return f" {_APART} ".join([_words(text), *joined, *signed]).strip()


def sought(text: str) -> Sequence[Phrases]:
    """Return what is all to be found for a text that is looked up; nothing when it says nothing.

    A text of signs is these signs side by side. Around words, only signs that belong to one count,
    as in ``C++``, ``#4127`` or ``100%``; what stops a sentence or encloses does not.
    """
    stretches = [_pieces(stretch) for stretch in plain(text[:LONGEST_DOCUMENT]).split()]
    signed = [pieces for pieces in map(_with_their_signs, stretches) if pieces]
    exact = [(" ".join(piece.written for piece in pieces),) for pieces in signed]
    if len(stretches) == 1 and signed:
        return exact
    words = [piece.text for pieces in stretches for piece in pieces if not piece.sign]
    if not words:
        return exact
    either = [" ".join(words)]
    if len(stretches) == 1:
        either += [each for each in _joined_in_every_way(stretches[0]) if each not in either]
    return [tuple(either), *exact]


def _behind_the_words(stretch: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return a stretch sign by sign, if it has any, and the compounds in it as one word each."""
    pieces = _pieces(stretch)
    written = (
        [" ".join(piece.written for piece in pieces)] if any(each.sign for each in pieces) else []
    )
    return written, [one for parts in _compounds(pieces) for one in _endings_joined(parts)]


def _first_word_of(stretches: Sequence[str]) -> str:
    """Return the first word of the first of these stretches, if there is one."""
    for stretch in stretches:
        if stretch.isascii() and stretch.isalnum():
            return stretch
        return _words(stretch).partition(" ")[0]
    return ""


_OFTEN = 40
"""How many characters a stretch has at most that may well come again, in this ticket or another."""

_often_told = lru_cache(maxsize=8192)(_behind_the_words)


class _Piece(NamedTuple):
    """A word of a stretch, or one sign."""

    text: str
    sign: bool

    @property
    def written(self) -> str:
        """How an engine is told of it."""
        return _in_runes(self.text) if self.sign else self.text


def _words(plain_text: str) -> str:
    if plain_text.isascii():
        return " ".join(plain_text.translate(_ASCII_APART).split())
    return " ".join(_WORD.findall(plain_text))


def _pieces(stretch: str) -> list[_Piece]:
    """Return the words and the signs of a plain text without white space, in their order."""
    found = ((text, _is_sign(text)) for text in _PIECE.findall(stretch))
    return [_Piece(text, sign) for text, sign in found if sign or text.isalnum()]


@lru_cache(maxsize=4096)
def _is_sign(text: str) -> bool:
    """Return whether it is punctuation or a symbol, one that is newer than Python included."""
    category = unicodedata.category(text) if len(text) == 1 else "L"
    return category[0] in "PS" or category in ("Cn", "Co")


@lru_cache(maxsize=4096)
def _in_runes(sign: str) -> str:
    return "".join(_RUNES[int(digit, 16)] for digit in f"{ord(sign):06x}")


def _with_their_signs(pieces: Sequence[_Piece]) -> Sequence[_Piece]:
    """Return the part of a stretch that is looked up sign by sign; nothing if no sign matters."""
    if all(piece.sign for piece in pieces):
        return pieces
    matters = [place for place, piece in enumerate(pieces) if piece.text not in _EDGES]
    first, last = matters[0], matters[-1]
    belongs = pieces[first].sign or pieces[last].sign or any(map(_is_symbol, pieces[first:last]))
    return pieces[first : last + 1] if belongs else ()


def _is_symbol(piece: _Piece) -> bool:
    """Return whether a sign inside a word changes what the word is: 1+1, a=b."""
    return piece.sign and unicodedata.category(piece.text)[0] == "S" and piece.text not in _EDGES


def _compounds(pieces: Sequence[_Piece]) -> Iterator[list[str]]:
    """Yield the words that only a sign each joins, of those compounds that are not too long."""
    parts: list[str] = []
    for before, piece in pairwise([_Piece("", True), *pieces, _Piece("", True)]):
        if not piece.sign:
            parts.append(piece.text)
        elif before.sign or piece.text not in _JOINING:
            if 1 < len(parts) <= _PARTS_AT_MOST:
                yield parts
            parts = []


def _endings_joined(parts: Sequence[str]) -> Iterator[str]:
    """Yield a compound as one word, and its endings: a word is found by how it begins."""
    for start in range(len(parts) - 1):
        yield "".join(parts[start:])


def _joined_in_every_way(pieces: Sequence[_Piece]) -> Iterator[str]:
    """Yield the ways to write a compound with some or all of its parts as one word."""
    for parts in _compounds(pieces):
        spelled = [parts[0]]
        if len(parts) <= _PARTS_OF_A_QUERY and len(parts) == sum(not each.sign for each in pieces):
            for part in parts[1:]:
                spelled = [f"{each}{gap}{part}" for each in spelled for gap in (" ", "")]
            yield from spelled
