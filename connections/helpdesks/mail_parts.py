"""The parts of one mail: what it says as text, and the files that came with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Final

from connections.helpdesks.html_text import html_text
from connections.helpdesks.mail_text import decoded, header_text, in_lines, on_a_line

LONGEST_TEXT: Final = 200_000
"""How many characters of a mail's text are kept; more is a log, and comes as a file, too."""

_DEEPEST: Final = 20
_MOST_PARTS: Final = 200
_LONGEST_NAME: Final = 200
_FOLDER_IN_NAME: Final = re.compile(r".*[/\\]")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_SPACE_STUFFED: Final = re.compile(r"^(>*) ?")
_STUB_WORDS: Final = 12
_ENDINGS: Final = {
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
}
_UNREADABLE: Final = {
    "multipart/encrypted": "This mail is encrypted, and cannot be read here.",
    "application/pkcs7-mime": "This mail is encrypted or sealed, and cannot be read here.",
    "application/x-pkcs7-mime": "This mail is encrypted or sealed, and cannot be read here.",
}


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that came with a mail; ``number`` is its part's place in it, ``size`` in bytes."""

    number: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class MailContent:
    """What a mail says, as text, and its files in the order in which they stand there."""

    text: str
    files: tuple[MailFile, ...]


def content_of(mail: Message) -> MailContent:
    """Return what a mail says; where it cannot be read the text says so. Never fails."""
    parts = tuple(_parts(mail))
    shown = tuple(_chosen(mail, 0))
    texts = [_text(part) for part in shown]
    said = "\n\n".join(filter(None, texts))
    unreadable = next(
        (_UNREADABLE[kind] for part in parts if (kind := media_type(part)) in _UNREADABLE), ""
    )
    is_report = media_type(mail) == "multipart/report"
    files = tuple(
        _file(number, part)
        for number, part in enumerate(parts)
        if not is_report and not any(part is each for each in shown) and _is_a_file(part)
    )
    return MailContent(in_lines(said, LONGEST_TEXT) or unreadable, files)


def file_content(mail: Message, number: int) -> bytes | None:
    """Return the bytes of the file that is part ``number`` of a mail; None where there is none."""
    part = next((part for place, part in enumerate(_parts(mail)) if place == number), None)
    return None if part is None else content_bytes(part)


def media_type(part: Message) -> str:
    """Return what kind of thing a part says it is, in small letters."""
    try:
        return on_a_line(part.get_content_type().lower())
    except (ValueError, LookupError, AttributeError, TypeError):
        return "application/octet-stream"


def content_bytes(part: Message) -> bytes:
    """Return the bytes of a part, its transfer encoding undone as far as it goes."""
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"".join(_as_bytes(each) for each in inner if isinstance(each, Message))
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AttributeError, TypeError):
        content = None
    if isinstance(content, bytes):
        return content
    return inner.encode("utf-8", "surrogateescape") if isinstance(inner, str) else b""


def _as_bytes(part: Message) -> bytes:
    try:
        return part.as_bytes()
    except (ValueError, LookupError, AttributeError, TypeError, KeyError):
        return content_bytes(part) if not part.is_multipart() else b""


def _parts(mail: Message, depth: int = 0) -> Iterator[Message]:
    """Give the mail and every part in it, but for what stands inside a mail that came as a file."""
    yield mail
    if depth >= _DEEPEST or (depth and media_type(mail) == "message/rfc822"):
        return
    yield from (each for part in _below(mail) for each in _parts(part, depth + 1))


def _below(part: Message) -> list[Message]:
    inner = part.get_payload()
    within = inner if isinstance(inner, list) else []
    return [each for each in within if isinstance(each, Message)][:_MOST_PARTS]


def _chosen(part: Message, depth: int) -> Iterator[Message]:
    """Give the parts that are the mail's own words."""
    kind = media_type(part)
    if depth >= _DEEPEST or kind.startswith("message/"):
        return
    if not kind.startswith("multipart/"):
        if kind in ("text/plain", "text/html") and not _is_named(part):
            yield part
    elif kind == "multipart/alternative":
        yield from _best(part, depth)
    else:
        within = _below(part)
        related = kind in ("multipart/related", "multipart/signed")
        for each in within[:1] if related else within:
            yield from _chosen(each, depth + 1)


def _best(part: Message, depth: int) -> list[Message]:
    """Return the plain one of several forms, unless it is empty or a stub that points elsewhere."""
    forms = [list(_chosen(each, depth + 1)) for each in _below(part)]
    plain = next((form for form in forms if any(_is_plain(each) for each in form)), [])
    rich = next((form for form in reversed(forms) if form and form is not plain), [])
    words = _WORD.findall(" ".join(map(_text, plain)))
    if plain and (not rich or len(words) > _STUB_WORDS):
        return plain
    more = _WORD.findall(" ".join(map(_text, rich)))
    return rich if len(more) > 2 * len(words) else plain or rich


def _is_plain(part: Message) -> bool:
    return media_type(part) == "text/plain"


def _text(part: Message) -> str:
    text = decoded(content_bytes(part), _parameter(part, "charset"))
    if media_type(part) == "text/html":
        return html_text(text)
    if (_parameter(part, "format") or "").lower() == "flowed":
        return _flowed(text, glued=(_parameter(part, "delsp") or "").lower() == "yes")
    return text


def _flowed(text: str, *, glued: bool) -> str:
    """Return text whose lines were broken for the way, put together again (RFC 3676)."""
    lines, open_depth = list[str](), -1
    for line in text.splitlines():
        quoted, depth = _SPACE_STUFFED.match(line), 0
        if quoted is not None:
            depth = len(quoted.group(1))
        words = line[quoted.end() :] if quoted is not None else line
        goes_on = words.endswith(" ") and words != "-- "
        ends = words[:-1] if goes_on and glued else words
        if depth == open_depth:
            lines[-1] += ends
        else:
            lines.append(f"{'>' * depth} {ends}" if depth else ends)
        open_depth = depth if goes_on else -1
    return "\n".join(lines)


def _parameter(part: Message, name: str, header: str = "content-type") -> str | None:
    try:
        found = part.get_param(name, header=header)
        value = None if found is None else collapse_rfc2231_value(found, errors="replace")
    except (ValueError, LookupError, AttributeError, TypeError):
        return None
    return header_text(value) if value else None


def _disposition(part: Message) -> str:
    try:
        return (part.get_content_disposition() or "").lower()
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""


def _is_named(part: Message) -> bool:
    return _disposition(part) == "attachment" or bool(_name(part))


def _is_a_file(part: Message) -> bool:
    kind = media_type(part)
    if kind.startswith("multipart/"):
        return False
    if kind.startswith("message/"):
        return kind == "message/rfc822"
    return kind not in ("text/plain", "text/html") or _is_named(part)


def _file(number: int, part: Message) -> MailFile:
    kind = media_type(part)
    name = _name(part)
    if not name:
        inner = _below(part)
        subject = header_text(str(inner[0].get("subject", ""))) if inner else ""
        name = subject or f"part-{number}"
        name = f"{_FOLDER_IN_NAME.sub('', name)[:_LONGEST_NAME]}{_ENDINGS.get(kind, '')}"
    return MailFile(number, name, kind, len(content_bytes(part)))


def _name(part: Message) -> str:
    """Return what a file is called, without any folder: it is never to say where it is put."""
    written = _parameter(part, "filename", "content-disposition") or _parameter(part, "name")
    name = _FOLDER_IN_NAME.sub("", written or "").strip(". ")
    return name[-_LONGEST_NAME:]
