"""The words of a mail in lines that every mail program shows well.

Lines longer than mail's 78 characters are broken at a space and marked as flowing (RFC 3676): who
knows that shows them as wide as the window, and anybody else as they are.
"""

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Final

_ROOM: Final = 78
"""How long a line of a mail should be at most, without what ends it."""

_STUFFED: Final = (" ", ">", "From ")
"""How a flowing line may not begin, but with one space more, which is taken away again."""

_SIGNATURE: Final = "-- "


def put_text(mail: EmailMessage, text: str) -> None:
    """Make ``text`` the body of a mail, of which every line is short enough to be read."""
    lines = _lines(text)
    flowing = [piece for line in lines for piece in _broken(line)]
    is_broken = len(flowing) > len(lines)
    mail.set_content("\n".join((*(flowing if is_broken else lines), "")))
    if is_broken:
        mail.set_param("format", "flowed", replace=True)


def _lines(text: str) -> list[str]:
    """Return the lines of a text, without control characters but tabs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(each for each in text if each in "\n\t" or not _is_control(each))
    return kept.encode("utf-8", "replace").decode().rstrip("\n").split("\n")


def _is_control(character: str) -> bool:
    return ord(character) < 32 or 127 <= ord(character) < 160  # noqa: PLR2004 - C0, DEL and C1


def _broken(line: str) -> Iterator[str]:
    """Yield a line in pieces, of which each but the last ends with the space it is broken at."""
    rest = line if line == _SIGNATURE else line.rstrip(" ")
    while True:
        stuffed = f" {rest}" if rest.startswith(_STUFFED) else rest
        if len(stuffed) <= _ROOM:
            break
        at = stuffed.rfind(" ", 2, _ROOM)
        if at < 0:
            at = stuffed.find(" ", _ROOM)
        if at < 0 or not stuffed[: at + 1].strip():
            break
        yield stuffed[: at + 1]
        rest = stuffed[at + 1 :]
    yield stuffed
