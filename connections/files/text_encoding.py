"""How the bytes of a file are text: told where that is certain, else assumed and said."""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Final

ASSUMED: Final = "cp1252"
"""What a table is read as that is not UTF-8: Windows-1252, which holds Latin-1 as people use it."""

ASSUMED_NOTE: Final = (
    "it is not UTF-8, and was read as Windows-1252; if that is wrong, say "
    '[file] encoding = "…" in a mapping'
)

_MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_MARK: Final = "\ufeff"
_ASCII = re.compile(r"[\x00-\x7f]+")
_UNDECODED = re.compile(r"[^\udc80-\udcff]+")


def certain_encoding(head: bytes) -> str | None:
    """Give the encoding that a file shows by its first bytes, or None where it shows none."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if head[0:4:2] == b"\0\0" and b"\0" not in head[1:4:2]:
        return "utf-16-be"
    if head[1:4:2] == b"\0\0" and b"\0" not in head[0:4:2]:
        return "utf-16-le"
    return None


def as_utf_8(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Give pieces of a text in another encoding as UTF-8; what it has not becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    at_start = True
    for piece in pieces:
        text = decoder.decode(piece)
        if at_start and text:
            text, at_start = text.removeprefix(_MARK), False
        yield text.encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def is_foreign(pieces: Iterable[bytes]) -> bool:
    """Say whether a text is in an encoding of one byte a sign rather than in UTF-8.

    One line that is damaged does not make it that: where more signs beyond ASCII are UTF-8 than
    not, all of it is meant so.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    good = bad = 0
    for piece in pieces:
        if piece.isascii() and decoder.getstate()[0] == b"":
            continue
        beyond = _ASCII.sub("", decoder.decode(piece))
        wrong = len(_UNDECODED.sub("", beyond))
        bad += wrong
        good += len(beyond) - wrong
    return bad > good
