"""Where something outside is: which hosts are this machine, and how an address is named."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from policy.refusal import Refusal
from policy.sentences import expected


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
    parts = urlsplit(written.strip())
    port = f":{parts.port}" if parts.port else ""
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"
