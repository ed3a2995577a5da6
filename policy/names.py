"""Names compared: who spells one in another way means the same customer, or the same person."""

import re
import unicodedata
from functools import lru_cache

_DRAWING_ONLY = "Cf"
"""The category of the signs that only guide how others are drawn or broken into lines."""

_VARIANT = re.compile("[\ufe00-\ufe0f]")
"""Says in which style the sign before it is drawn."""

_TURKISH_I = re.compile("i\u0307|\u0131")
"""What small letters are made of the capital with a dot, and the small letter without one."""


def comparable(name: str) -> str:
    """Return a name as it is compared: "by Unicode form, case and spacing".

    Composed and decomposed accents are the same then, as are capitals and small letters, signs of
    another width, any white space for any other, and signs that nobody sees; accents count.
    """
    return name.lower() if _is_one_plain_word(name) else _compared(name)


def same_name(one: str | None, other: str | None) -> bool:
    """Return whether two names mean the same; nobody's is the same as nobody's alone."""
    if one is None or other is None:
        return one is other
    return one == other or comparable(one) == comparable(other)


def _is_one_plain_word(name: str) -> bool:
    return name.isascii() and name.isalnum()


@lru_cache(maxsize=4096)
def _compared(name: str) -> str:
    seen = "".join(sign for sign in name if unicodedata.category(sign) != _DRAWING_ONLY)
    folded = unicodedata.normalize("NFKC", _VARIANT.sub("", seen)).casefold()
    return " ".join(_TURKISH_I.sub("i", unicodedata.normalize("NFKC", folded)).split())
