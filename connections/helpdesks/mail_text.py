"""Bytes of a mail as text: whatever charset they claim, and whatever control codes they hold."""

import base64
import binascii
import codecs
import quopri
import re
from typing import Final

_ENCODED_WORD: Final = re.compile(r"=\?([^?\s]{1,80})\?([bqBQ])\?([^?\n]{0,4000})\?=")
_BETWEEN_WORDS: Final = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,80}\?[bqBQ]\?)")
_WHITE_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\x0b|\x0c|\x85|\u2028|\u2029")

_MEANT: Final = {
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "windows-874": "cp874",
    "unicode-1-1-utf-7": "utf-7",
}
"""What a charset means in mail, where senders say one and write a larger one."""

_NO_CHARSETS: Final = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
"""What Python can decode and no mail is written in; some of it takes for ever."""

_CUT: Final = "[The rest of this mail, {} characters, was left out.]"


def decoded(content: bytes, charset: str | None) -> str:
    """Return bytes as text: as the charset that is claimed, else UTF-8, else western European.

    Never fails and never gives nothing for something: what fits nowhere is a replacement character.
    """
    for name in (charset, "utf-8"):
        codec = _codec(name)
        if codec is not None:
            try:
                return codec.decode(content)[0]
            except (ValueError, LookupError):
                continue
    return content.decode("cp1252", "replace")


def _codec(charset: str | None) -> codecs.CodecInfo | None:
    name = (charset or "").strip().strip("\"'").lower()
    try:
        codec = codecs.lookup(_MEANT.get(name, name))
    except (LookupError, ValueError):
        return None
    is_text = getattr(codec, "_is_text_encoding", True)
    return codec if is_text and codec.name.replace("-", "_") not in _NO_CHARSETS else None


def header_text(raw: str) -> str:
    """Return a header's value as one line of text, its encoded words read.

    ``raw`` is what the standard library keeps of it, with bytes outside ASCII as surrogates.
    """
    written = raw
    if not raw.isascii():
        written = decoded(raw.encode("utf-8", "surrogateescape"), "utf-8")
    joined = _BETWEEN_WORDS.sub(r"\1", written)
    return on_a_line(_ENCODED_WORD.sub(_word, joined))


def _word(found: re.Match[str]) -> str:
    charset, how, text = found.group(1).partition("*")[0], found.group(2), found.group(3)
    try:
        if how in "bB":
            padded = text.strip() + "=" * (-len(text.strip()) % 4)
            content = base64.b64decode(padded.encode("ascii", "replace"))
        else:
            content = quopri.decodestring(text.encode("ascii", "replace"), header=True)
    except (binascii.Error, ValueError):
        return found.group()
    return decoded(content, charset)


def on_a_line(text: str) -> str:
    """Return text on one line, each run of white space and control characters one space."""
    return _printable(_WHITE_SPACE.sub(" ", text)).strip()


def in_lines(text: str, at_most: int) -> str:
    """Return text with one kind of line break, without control characters but tabs.

    What goes beyond ``at_most`` characters is left out, which the last line says.
    """
    plain = _printable(_LINE_BREAK.sub("\n", text))
    lines = "\n".join(line.rstrip() for line in plain.split("\n")).strip("\n")
    if len(lines) <= at_most:
        return lines
    kept = at_most - len(_CUT) - 20
    return f"{lines[:kept].rstrip()}\n\n{_CUT.format(f'{len(lines) - kept:,}')}"


def _printable(text: str) -> str:
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
