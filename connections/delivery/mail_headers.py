"""How words become header lines of a mail, such that nothing in them can become a line itself.

The standard library's own folding of headers tears some long names and Message-IDs apart, and
which ones differs between its versions; so the few headers that hold words from outside are
written here.
"""

import re
from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import quote
from typing import Final

from connections.web_addresses import name_in_ascii
from policy.refusal import Refusal, expected

ADDRESS_AT_MOST: Final = 254
"""The longest address that the standard for mail servers allows."""

_LOCAL_AT_MOST = 64
_ROOM = 75
"""How long a line of a header may become, a little less than mail's 78."""

_BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_NOT_IN_LOCAL = re.compile(r'[\s"(),:;<>@\[\\\]\x00-\x1f\x7f-\x9f]')
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,400}@[!-;=?-~]{1,400}>")
_PLAIN_WORDS = re.compile(r"[!-~]{1,60}(?: [!-~]{1,60})*")


def one_line(text: str) -> str:
    """Return ``text`` without line breaks and other control characters, each run one space."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _BREAKS.sub(" ", text).strip())


def mail_address(written: str) -> Address:
    """Return an address as mail writes it, its domain in ASCII.

    Raises Refusal naming it when it is none, or one that a server could read as two.
    """
    local, _, domain = written.strip().rpartition("@")
    if (
        not local
        or not local.isprintable()
        or _NOT_IN_LOCAL.search(local)
        or len(local.encode()) > _LOCAL_AT_MOST
    ):
        raise _no_address(written)
    try:
        address = Address(username=local, domain=name_in_ascii(domain))
    except ValueError:
        raise _no_address(written) from None
    if len(address.addr_spec.encode()) > ADDRESS_AT_MOST:
        raise _no_address(written)
    return address


def message_ids(written: str) -> tuple[str, ...]:
    """Return the Message-IDs in ``written``, in order; what is none is passed over."""
    return tuple(_MESSAGE_ID.findall(written))


class MailPolicy(EmailPolicy):
    """Writes headers that hold words from outside; the others as the standard library does.

    A subject is kept as it is given: it is never read as an encoded one.
    """

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        """Keep a subject literally, and anything else as the standard library does."""
        if name.lower() == "subject":
            return name, one_line(value)
        return super().header_store_parse(name, value)

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Give a subject back literally."""
        return value if name.lower() == "subject" else super().header_fetch_parse(name, value)

    def fold(self, name: str, value: str) -> str:
        """Return the whole header with its line breaks."""
        write = _WRITERS.get(name.lower())
        return super().fold(name, value) if write is None else f"{name}: {write(name, value)}\r\n"

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return the whole header as bytes: ASCII, but for an address that cannot be."""
        return self.fold(name, value).encode()


MAIL_POLICY: Final = MailPolicy(linesep="\r\n", cte_type="7bit", utf8=False)
"""What mail is written under: CRLF, and bodies in 7 bits, which every server takes unchanged."""


def _no_address(written: str) -> Refusal:
    return Refusal(expected("a mail address such as ada@example.com", written))


def _encoded(name: str, text: str) -> str:
    """Return words for a header as ASCII: as they are where that is safe, else encoded."""
    if "=?" not in text and _PLAIN_WORDS.fullmatch(text):
        return Header(text, "us-ascii", maxlinelen=_ROOM, header_name=name).encode(linesep="\r\n")
    return _in_words(name, text)


def _in_words(name: str, text: str) -> str:
    """Return any text as the encoded words of RFC 2047, which are ASCII and hold nothing else."""
    return Header(text, "utf-8", maxlinelen=_ROOM, header_name=name).encode(linesep="\r\n")


def _subject(name: str, value: str) -> str:
    return _encoded(name, one_line(str(value)))


def _mailbox(name: str, value: str) -> str:
    """Return the one address of a header with its name, which may hold any characters."""
    address = value.addresses[0]  # type: ignore[attr-defined] # what the library makes of a str
    display = one_line(address.display_name)
    if not display:
        return f"<{address.addr_spec}>"
    phrase = f'"{quote(display)}"'
    if not display.isascii() or "=?" in display or len(f"{name}: {phrase}") > _ROOM:
        phrase = _in_words(name, display)
    return f"{phrase}\r\n <{address.addr_spec}>"


def _mailboxes(_name: str, value: str) -> str:
    """Return bare addresses one a line."""
    each = value.addresses  # type: ignore[attr-defined] # what the library makes of a str
    return ",\r\n ".join(f"<{address.addr_spec}>" for address in each)


def _identifiers(_name: str, value: str) -> str:
    """Return Message-IDs one a line, for a torn one is another one."""
    return "\r\n ".join(message_ids(str(value)))


_WRITERS: Final = {
    "subject": _subject,
    "from": _mailbox,
    "to": _mailbox,
    "cc": _mailboxes,
    "message-id": _identifiers,
    "in-reply-to": _identifiers,
    "references": _identifiers,
}
