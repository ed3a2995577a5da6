"""The command that shows the board in a browser: ``serve``."""

import ssl
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from connections.state_folder import state_folder
from policy.refusal import Refusal, quoted
from policy.words import Action
from tui.cli.environment_commands import board_environment
from tui.cli.grammar import CommandHeading, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.environment.terminal import WEB_DRIVER

if TYPE_CHECKING:
    from tui.browser.doorkeeper import Proof

_PORTS = {"http": 80, "https": 443}
_PORT = click.IntRange(1, 65_535)
_OF_THE_SCREEN = frozenset({"DISPLAY", "WAYLAND_DISPLAY"})
"""A link is to open where the person sits, and not on the screen of the machine that serves."""


@click.command(
    "serve",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.PROGRAM,
    short_help="Show the board in a browser, behind a login.",
    examples=[
        ("numberone serve", "on this machine alone; it prints the address"),
        ("numberone serve --port 8443 --certificate c.pem --key k.pem --host ::1", "with TLS"),
        ("numberone serve --url https://desk.example", "behind a proxy that does TLS"),
    ],
)
@click.option("--host", default="127.0.0.1", show_default=True, type=Text(), help="Listen there.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65_535), help="At that port."
)
@click.option("--certificate", metavar="FILE", type=click.Path(), help="For TLS, with --key.")
@click.option("--key", metavar="FILE", type=click.Path(), help="Of the certificate.")
@click.option("--url", metavar="URL", type=Text(), help="The address in the browser, if another.")
@pass_invocation
def serve_command(
    invocation: Invocation,
    *,
    host: str,
    port: int,
    certificate: str | None,
    key: str | None,
    url: str | None,
) -> None:
    """Show the board in a browser, behind a login.

    Of a database on a server, each logs in with their own login and password there, and acts as
    themselves. Of a file, it is your board: whoever has the password that is printed, another one
    at each start, acts as you. Beyond this machine it is shown with TLS only: with a certificate,
    or behind a proxy whose https URL is given.
    """
    if (certificate is None) is not (key is None):
        raise click.UsageError("--certificate and --key go together.")
    scheme = "http" if certificate is None else "https"
    address = _origin(url or f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}")
    if not _is_loopback(host) and certificate is None and not address.startswith("https:"):
        raise Refusal(
            f"--host {quoted(host)}: what customers wrote is not to travel in the open; give"
            " --certificate and --key, or --url https://… of a proxy that does TLS"
        )
    if invocation.is_on_server and invocation.as_login is not None:
        raise Refusal("--as: of a database on a server, each logs in to serve as themselves")
    tls = None if certificate is None or key is None else _tls(certificate, key)
    invocation.check()
    try:
        from tui.browser.doorkeeper import Doorkeeper  # noqa: PLC0415 - as below
        from tui.browser.proofs import LoginOfServer, PasswordOfRun  # noqa: PLC0415 - as below
        from tui.browser.server import BrowserServer  # noqa: PLC0415 - heavy, and an extra
    except ModuleNotFoundError as missing:
        if missing.name not in ("aiohttp", "textual_serve"):
            raise
        raise Refusal(
            'serve is not installed; install it with: pip install "numberone[browser]"'
        ) from None
    proof: Proof
    if invocation.is_on_server:
        proof, how = LoginOfServer(invocation.address, state_folder()), "your login at the database"
    else:
        proof = PasswordOfRun()
        how = f"the password {proof.password}"
    said = board_environment(invocation) | {
        "TEXTUAL_DRIVER": WEB_DRIVER,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
    said |= dict.fromkeys(_OF_THE_SCREEN, "")
    server = BrowserServer(Doorkeeper(proof), said, host=host, port=port, url=address, tls=tls)
    click.echo(f"Open {address} and log in with {how}\nCtrl+C ends it.")
    server.answer_until_stopped()


def _origin(url: str) -> str:
    """Return the origin of an address as browsers write it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise Refusal(f"--url {quoted(url)}: expected an address such as https://desk.example")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = port in (None, _PORTS[parts.scheme])
    return f"{parts.scheme}://{name}" if usual else f"{parts.scheme}://{name}:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except (OSError, ssl.SSLError) as error:
        why = error.strerror or str(error)
        raise Refusal(f"{certificate}, {key}: no certificate with its key: {why}") from None
    return context


def _no_password() -> str:
    raise Refusal("--key: the key has a password; give one without, for its owner alone to read")
