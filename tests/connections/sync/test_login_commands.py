"""Logging in by OAuth with the real program, a real server, and a keyring in a file."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.connections.authorization_server import (
    CLIENT,
    AuthorizationServer,
    browsed,
    visited,
)
from tests.connections.file_keyring import BACKEND, FILE_VARIABLE
from tests.connections.helpdesks.test_oauth import free_port
from tests.connections.sync.small_help_desk import MAPPING

ROOT = Path(__file__).parents[3]
ACCOUNT = "numberone/connection desk as mo"
LONG_ENOUGH = 120
COLUMNS = "\n".join(f'{name} = "{column}"' for name, column in MAPPING["columns"].items())


@dataclass
class Program:
    """The command line as processes, on one database, and the server that it logs in at."""

    folder: Path
    server: AuthorizationServer
    address: str
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)

    def connect(self, *, client_id: str | None = CLIENT) -> None:
        """Make the server the connection ``desk``."""
        self.server.redirects.add(f"http://127.0.0.1:{self.port}/numberone")
        said = "" if client_id is None else f'client_id = "{client_id}"\n'
        (self.folder / "c.toml").write_text(
            f'[[connection]]\nname = "desk"\nkind = "small"\naddress = "{self.address}"\n{said}'
            f"redirect_port = {self.port}\n[connection.tickets.columns]\n{COLUMNS}\n"
        )
        out, err = self.start("connections", "import", "c.toml").communicate(timeout=LONG_ENOUGH)
        assert not err, out

    def start(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.connections.oauth_desk", "--as", "mo", *words],
            env=os.environ
            | {
                "PYTHONPATH": str(ROOT),
                "PYTHON_KEYRING_BACKEND": BACKEND,
                FILE_VARIABLE: str(self.folder / "keyring.json"),
                "NUMBERONE_DB": str(self.folder / "desk.db"),
                "NUMBERONE_STATE": str(self.folder / "state"),
                "NUMBERONE_CONFIG": str(self.folder / "config.toml"),
            }
            | self.environment,
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ran(self, *words: str) -> tuple[int, str, str]:
        process = self.start(*words)
        out, err = process.communicate(timeout=LONG_ENOUGH)
        return process.returncode, out, err

    def kept(self) -> dict[str, object]:
        ring = json.loads((self.folder / "keyring.json").read_text())
        pair: dict[str, object] = json.loads(ring[ACCOUNT])
        return pair


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    server = AuthorizationServer()
    with server.serve() as web:
        yield Program(tmp_path, server, web.address)


def address_told(process: "subprocess.Popen[str]") -> str:
    """Return the address that a login tells to open."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.match(r"http://\S+", line):
            return found[0]
    raise AssertionError(process.wait())


def test_a_browser_on_this_machine_comes_back_by_itself(program: Program) -> None:
    program.connect()
    with program.start("login", "desk") as login:
        assert visited(browsed(address_told(login))) == 200
        assert login.stdout is not None
        assert login.stderr is not None
        assert login.stdout.read() == (
            "Logged in to desk as The loop (loop); one thing is missing there.\n"
        )
        assert login.stderr.read().endswith("\nnumberone: desk: it may not see audits\n")
        assert login.wait(LONG_ENOUGH) == 0
    assert program.kept()["access_token"] in program.server.access
    program.server.access.clear()  # it is refused, and renewed in the middle of a round
    code, out, err = program.ran("sync", "--once")
    assert (code, err) == (0, ""), out
    assert program.kept()["access_token"] in program.server.access
    assert program.server.asked_too_late == 0


def test_over_ssh_the_address_is_pasted_in(program: Program) -> None:
    program.connect()
    login = program.start("login", "desk", "--json")
    out, err = login.communicate(f"\n{browsed(address_told(login))}\n", timeout=LONG_ENOUGH)
    assert login.returncode == 0, err
    assert json.loads(out)["connections"][0]["name"] == "desk"
    assert program.kept()["access_token"] in program.server.access


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("http://127.0.0.1/numberone?code=stolen&state=another\n",
         "numberone: connection desk: that address is no answer to this login, and nothing was"
         " taken from it\n"),
        ("", "numberone: no address was pasted\n"),
    ],
)  # fmt: skip
def test_an_address_of_another_login_is_refused(program: Program, pasted: str, said: str) -> None:
    program.port = free_port()
    program.connect()
    with_taken_port = program.start("login", "desk")
    address_told(with_taken_port)
    login = program.start("login", "desk")  # the port is taken: it says so, and asks for pasting
    address_told(login)
    out, err = login.communicate(pasted, timeout=LONG_ENOUGH)
    with_taken_port.communicate(pasted or "x\n", timeout=LONG_ENOUGH)
    assert (login.returncode, out) == (1, "")
    assert err.endswith(said)
    assert not (program.folder / "keyring.json").exists()


def test_what_is_missing_is_said_before_anybody_opens_a_browser(program: Program) -> None:
    program.connect(client_id=None)
    code, out, err = program.ran("login", "desk")
    assert (code, out) == (1, "")
    assert err == (
        "numberone: connection desk, client_id: expected the identifier of an OAuth client that"
        " is registered there with the redirect address"
        f" http://127.0.0.1:{program.port}/numberone, and it is missing\n"
    )
    program.connect()
    program.environment = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    code, out, err = program.ran("login", "desk")
    assert (code, out) == (1, "")
    assert err == (
        "numberone: the system's keyring cannot be used: there is none, so the login cannot be"
        " kept; set NUMBERONE_DESK_TOKEN, or NUMBERONE_DESK_CLIENT_SECRET for a loop, instead\n"
    )
    code, _, err = program.ran("sync", "--once")
    assert code == 1
    assert "NUMBERONE_DESK_TOKEN is not set" in err


def test_a_loop_needs_the_secret_of_the_client_alone(program: Program) -> None:
    program.connect()
    program.server.client_secret = "client-s3cr3t"  # noqa: S105 - planted
    program.environment = {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "NUMBERONE_DESK_CLIENT_SECRET": "client-s3cr3t",
    }
    code, out, err = program.ran("login", "desk")
    assert (code, err) == (0, "numberone: desk: it may not see audits\n"), out
    code, out, err = program.ran("sync", "--once")
    assert (code, err) == (0, ""), out
    program.environment["NUMBERONE_DESK_CLIENT_SECRET"] = "an-old-one"  # noqa: S105 - planted
    code, out, err = program.ran("sync", "--once")
    assert (code, out) == (1, "")
    assert err == (
        f"numberone: desk: {program.address} refuses the login: it does not know the client, or"
        " its secret is another one\n"
    )
    program.environment["NUMBERONE_DESK_TOKEN"] = next(iter(program.server.access))
    code, out, err = program.ran("sync", "--once")
    assert (code, err) == (0, ""), "a token goes before all"
