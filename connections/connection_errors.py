"""How a connection ended or never began, in words for people."""

import socket
import ssl

CLOSED = "closed the connection"

_ENDINGS = (
    ((ssl.SSLEOFError, ConnectionResetError, BrokenPipeError), CLOSED),
    (TimeoutError, "does not answer in time"),
    (socket.gaierror, "is not known by that name"),
)


def how_it_ended(cause: BaseException | None) -> str:
    """Return what the other side did, to be put after its name; None is a silent close."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"shows a certificate that is not trusted: {cause.verify_message}"
    for kinds, words in _ENDINGS:
        if isinstance(cause, kinds):
            return words
    if isinstance(cause, ssl.SSLError):
        return f"does not speak TLS as it should: {cause.reason}"
    if isinstance(cause, OSError):
        return f"cannot be reached: {cause.strerror or type(cause).__name__}"
    return CLOSED
