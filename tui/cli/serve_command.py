"""The command that shows the board in a browser: ``serve``."""

import secrets
import ssl
from ipaddress import ip_address
from urllib.parse import urlsplit

import click

from policy.refusal import Refusal, quoted
from policy.words import Action
from tui.cli.environment_commands import board_environment
from tui.cli.grammar import CommandHeading, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.environment.terminal import WEB_DRIVER

_PORTS = {"http": 80, "https": 443}
_PORT = click.IntRange(1, 65_535)
_OF_THE_SCREEN = frozenset({"DISPLAY", "WAYLAND_DISPLAY"})
"""A link is to open where the person sits, and not on the screen of the machine that serves."""


@click.command(
    "serve",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.PROGRAM,
    short_help="Show your board in a browser, behind a password.",
    examples=[
        ("numberone serve", "on this machine alone, with the password that it prints"),
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
    """Show your board in a browser: whoever has the password that is printed acts as you.

    The password is another one at each start. Beyond this machine it is shown with TLS only: with a
    certificate, or behind a proxy whose https URL is given.
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
    tls = None if certificate is None or key is None else _tls(certificate, key)
    invocation.check()
    try:
        from tui.browser.doorkeeper import Doorkeeper  # noqa: PLC0415 - as below
        from tui.browser.server import BrowserServer  # noqa: PLC0415 - heavy, and an extra
    except ModuleNotFoundError as missing:
        if missing.name not in ("aiohttp", "textual_serve"):
            raise
        raise Refusal(
            'serve is not installed; install it with: pip install "numberone[browser]"'
        ) from None
    password = secrets.token_urlsafe(16)
    said = board_environment(invocation) | {
        "TEXTUAL_DRIVER": WEB_DRIVER,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
    said |= dict.fromkeys(_OF_THE_SCREEN, "")
    server = BrowserServer(Doorkeeper(password), said, host=host, port=port, url=address, tls=tls)
    click.echo(f"Open {address} and log in with the password {password}\nCtrl+C ends it.")
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
