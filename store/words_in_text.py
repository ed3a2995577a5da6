"""Text made ready for search: the same folding for what is stored and for what is looked up."""

import re
import unicodedata

LONGEST_DOCUMENT = 200_000
"""How many characters of a ticket are searched; a log file pasted whole is cut there."""

_TOKEN = re.compile(r"\w+")
_WRITTEN_WITHOUT_SPACES = re.compile("([\u2e80-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff])")


def folded(text: str) -> str:
    """Return the tokens of a text, apart by single spaces, without case and accents.

    Chinese and Japanese are written without spaces: every sign is a token there, so that a
    word is found inside a sentence.
    """
    plain = text[:LONGEST_DOCUMENT].casefold()
    if plain.isascii():
        return " ".join(_TOKEN.findall(plain))
    plain = unicodedata.normalize("NFKD", plain)
    base = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(_TOKEN.findall(_WRITTEN_WITHOUT_SPACES.sub(r" \1 ", base)))
