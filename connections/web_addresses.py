"""Where something outside is: which hosts are this machine, and how an address is named."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import idna

from connections.attempts import on_one_line
from policy.refusal import Refusal, expected

_A_HOST = "the name of a host such as mail.example.com"
_ASCII_NAME = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\Z")


def name_in_ascii(name: str) -> str:
    """Return the name of a host or a domain as machines write it; raises ValueError for none."""
    if not name.isascii() or "xn--" in name.lower():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise ValueError(expected(_A_HOST, name)) from None
    if not _ASCII_NAME.match(name):
        raise ValueError(expected(_A_HOST, name))
    return name


def host_in_ascii(host: str) -> str:
    """Return a host, by name or by address, as machines write it; raises ValueError for none."""
    try:
        return str(ip_address(host))
    except ValueError:
        return name_in_ascii(host.removesuffix("."))


def is_loopback(host: str) -> bool:
    """Return whether ``host`` is this very machine, so that nothing travels over a network."""
    if host.casefold().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def web_address(written: str, schemes: tuple[str, ...]) -> SplitResult:
    """Return the parts of an address; raises Refusal that repeats none of its secret parts."""
    what = f"an address that starts with {schemes[0]}:// and names a host"
    try:
        parts = urlsplit(written.strip())
        port = parts.port
        host_in_ascii(parts.hostname or "")
    except ValueError:
        raise Refusal(f"expected {what}, and this is none") from None
    if any(not each.isprintable() or each.isspace() for each in written.strip()):
        raise Refusal(f"expected {what}, without white space or control characters")
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        raise Refusal(expected(what, f"{parts.scheme}://{parts.hostname or ''}"))
    return parts


def named(written: str) -> str:
    """Return an address by its scheme and host alone.

    The rest of it is often a secret: whoever knows a private calendar's or a chat hook's whole
    address may use it.
    """
    try:
        parts = urlsplit(written.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "the address"
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return on_one_line(f"{parts.scheme}://{host or ''}{port}")
