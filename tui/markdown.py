"""Text from outside, made harmless once more for where Markdown is read."""

import re
from typing import Final

from tui.text import plain_line

_MEANS_SOMETHING: Final = re.compile(r"[\\`*_\[\]<>&~|#$@]|:(?=//)|(?<=www)\.|:(?=\w+:)")


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
