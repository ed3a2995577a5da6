"""What a file from outside is called here, and whether it may be opened: never what it wants."""

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 120
"""How many characters a file's name may have here."""

_UNNAMED: Final = "attachment"
_PARTS: Final = re.compile(r"[/\\]")
_UNWANTED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f:*?\"<>|\u2028-\u202e\u2066-\u2069]")
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_OPENED: Final = frozenset(
    (
        *("txt", "log", "md", "csv", "tsv", "json", "xml", "yaml", "yml", "toml", "ini", "conf"),
        *("png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "heic", "avif"),
        *("pdf", "eml", "ics", "mp4", "mov", "webm", "mkv", "mp3", "wav", "ogg", "m4a"),
        *("docx", "xlsx", "pptx", "odt", "ods", "odp", "rtf"),
    )
)
"""The endings of what is only shown by whatever opens it; none of them is a program."""


def harmless_name(name: str) -> str:
    """Return what a file that came from outside is called here.

    It is one name without a path, a control or an invisible character, does not hide behind a dot,
    and is none that a system takes for a device.
    """
    last = _PARTS.split(unicodedata.normalize("NFC", name))[-1]
    shown = "".join(sign for sign in _UNWANTED.sub("", last) if _is_shown(sign))
    plain = " ".join(shown.split()).strip(". -~")
    if not plain or not any(sign.isalnum() for sign in plain):
        return _UNNAMED
    if _RESERVED.fullmatch(plain):
        plain = f"{_UNNAMED} {plain}"
    return _shortened(plain)


def why_not_opened(name: str) -> str | None:
    """Return why a file is saved but not opened, None where it only shows something.

    Its name's ending decides, as it decides what opens it, and not what the sender said it is.
    """
    ending = _ending(harmless_name(name))
    if ending in _OPENED:
        return None
    what = f"files that end in .{ending}" if ending else "files without an ending"
    return f"{what} may run something, so they are saved and never opened from here"


def _is_shown(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _shortened(name: str) -> str:
    """Return a name that is not too long, with the ending that it had."""
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > LONGEST_NAME // 4:
        return name[:LONGEST_NAME].rstrip(". ")
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip('. ')}.{ending}"
