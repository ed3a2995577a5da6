"""Text made ready for search: the same folding for what is stored and for what is looked up."""

import re
import unicodedata

LONGEST_DOCUMENT = 200_000
"""How many characters of a ticket are searched; a log file pasted whole is cut there."""

_TOKEN = re.compile(r"\w+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_WRITTEN_WITHOUT_SPACES = re.compile(
    "([\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u2e80-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"  # and Han
)


def folded(text: str) -> str:
    """Return the tokens of a text, apart by single spaces, without case and accents.

    Chinese, Japanese, Thai and their neighbours are written without spaces: every sign is a
    token there, so that a word is found inside a sentence.
    """
    spaced = _WRITTEN_WITHOUT_SPACES.sub(r" \1 ", plain(text[:LONGEST_DOCUMENT]))
    return " ".join(_TOKEN.findall(spaced))


def plain(text: str) -> str:
    """Return a text without case and accents, its punctuation as it is."""
    return _BEYOND_ASCII.sub(_without_accents, text).casefold()


def _without_accents(piece: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFKD", piece[0].casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
