"""Logging in with a browser: it comes back to this machine, or its last address is pasted in."""

import contextlib
import io
import os
import select
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from policy.refusal import Refusal
from tui.environment.desktop import open_link
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from connections.helpdesks.loopback import Loopback
    from connections.helpdesks.oauth import OAuthServer, TokenPair

# Logging in is heavy to import: help and completion do without.
# ruff: noqa: PLC0415

LONGEST_LOGIN: Final = 600
"""How many seconds a person has to log in."""

_AT_ONCE: Final = 65536


def logged_in_with_browser(name: str, server: "OAuthServer") -> "TokenPair":
    """Return the pair of tokens that a person gets by logging in to a connection in a browser.

    Raises:
        Refusal: they were refused, or did not come back in time.
    """
    from connections.helpdesks.help_desk import Unreachable
    from connections.helpdesks.oauth import begin, exchanged

    authorization = begin(server)
    try:
        with contextlib.ExitStack() as to_the_end:
            loopback = _listening(to_the_end, server.redirect, authorization.state)
            _tell(name, authorization.address, has_loopback=loopback is not None)
            answered = _answer(loopback)
        return exchanged(server, authorization, answered)
    except Unreachable as error:
        raise Refusal(f"connection {name}: {error.why}") from None


def _listening(to_the_end: contextlib.ExitStack, redirect: str, state: str) -> "Loopback | None":
    from connections.helpdesks.loopback import Loopback

    try:
        return to_the_end.enter_context(Loopback(redirect, state))
    except Refusal as refusal:
        sys.stderr.write(f"numberone: {plain_line(refusal.reason)}; paste the address instead\n")
        return None


def _tell(name: str, address: str, *, has_loopback: bool) -> None:
    """Say what to do, on standard error: what a script reads from the other is the outcome."""
    opened = has_loopback and sys.stdin.isatty() and open_link(address)
    what = "Your browser opens; if not, open" if opened else "Open"
    sys.stderr.write(
        f"{what} this address to log in to {plain_line(name)}:\n\n{plain_line(address)}\n\n"
        "When the browser is on another machine, it will show an error at the end, at an address\n"
        "that begins with http://127.0.0.1: paste that whole address here, and press Enter.\n"
    )
    sys.stderr.flush()


def _answer(loopback: "Loopback | None") -> str:
    """Return the address at which the browser ended, whichever way it gets here first."""
    until = time.monotonic() + LONGEST_LOGIN
    typed, text = _selectable(sys.stdin), ""
    while (left := until - time.monotonic()) > 0:
        watched = [each for each in (loopback, typed) if each is not None]
        if not watched:
            raise Refusal("no address was pasted")
        ready: Sequence[object] = select.select(watched, [], [], left)[0]
        if loopback is not None and (answered := loopback.answer()) is not None:
            return answered
        if typed is not None and typed in ready:
            read = os.read(typed, _AT_ONCE)
            text = (text + read.decode(errors="replace")).lstrip()
            line, ended, _ = text.partition("\n")
            if line and (ended or not read):
                return line.strip()
            typed = typed if read else None
    raise Refusal(f"nobody logged in within {LONGEST_LOGIN // 60} minutes")


def _selectable(stream: object) -> int | None:
    try:
        return stream.fileno() if isinstance(stream, io.IOBase) else None
    except (OSError, ValueError):
        return None
