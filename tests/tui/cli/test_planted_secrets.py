"""No secret is anywhere: planted ones are looked for after the real program met every bad day.

"No secret in the database, the config, a log, an export, the process list or the history. ...
Certificates are checked; redirects to other hosts are refused with the credentials kept home."
"""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from connections.sync.kinds import KINDS, is_there
from tests.connections.authorization_server import CLIENT, AuthorizationServer, browsed
from tests.connections.certificates import Authority
from tests.connections.file_keyring import BACKEND, FILE_VARIABLE
from tests.connections.helpdesks.mailbox.mailboxes import mail
from tests.connections.helpdesks.request_tracker_over_there import RequestTrackerOverThere
from tests.connections.helpdesks.request_tracker_server import RequestTrackerServer
from tests.connections.helpdesks.test_oauth import free_port
from tests.connections.imap_server import ImapServer
from tests.connections.sync.test_login_commands import address_told
from tests.connections.web_server import Answer, Asked, WebServer
from tests.databases import address_of

ROOT: Final = Path(__file__).parents[3]
LONG_ENOUGH: Final = 120
TOKEN: Final = "1-23-planted-t0ken-abcdef"  # noqa: S105 - planted, to be looked for
PASSWORD: Final = "planted-p4ssword"  # noqa: S105 - planted
CLIENT_SECRET: Final = "planted-cl1ent-secret"  # noqa: S105 - planted
HOOK: Final = "planted-h00k"
OVER_HTTP: Final = sorted(kind for kind in KINDS if kind != "mailbox" and is_there(kind))
"""Every help desk of ours that is spoken to over HTTP."""

AFTERWARDS: Final = (
    "connections", "connections --export", "history --json", "list --all --json", "where",
    "messages desk:1", "export all.jsonl", "db backup backup.db", "team --export",
)  # fmt: skip
"""What is printed and written after each bad day."""

PROGRAM: Final = ("-m", "tests.connections.oauth_desk", "--as", "mo")
LOOKING: Final = """
import sys
from tests.connections.oauth_desk import main
for words in sys.argv[1:]:
    sys.argv = ["numberone", "--as", "mo", *words.split()]
    main()
"""
"""Runs several commands one after the other, as starting a process takes longer than they do."""


pytestmark = pytest.mark.on_files("a secret is looked for in all that lies in a folder")


@dataclass
class Witness:
    """Runs the real program, and keeps all that it printed and how its processes were called."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    called: set[bytes] = field(default_factory=set)

    def connect(self, kind: str, address: str, more: str = "") -> None:
        (self.folder / "connections.toml").write_text(
            f'[[connection]]\nname = "desk"\nkind = "{kind}"\naddress = "{address}"\n{more}\n'
        )
        code, said = self.run("connections", "import", "connections.toml")
        assert code == 0, said

    def start(self, *words: str, module: Sequence[str] = PROGRAM) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, *module, *words],
            env=os.environ
            | {
                "PYTHONPATH": str(ROOT),
                "PYTHON_KEYRING_BACKEND": BACKEND,
                FILE_VARIABLE: str(self.folder.parent / "keyring.json"),
                "NUMBERONE_DB": address_of(self.folder / "desk.db"),
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

    def run(self, *words: str, typed: str = "", module: Sequence[str] = PROGRAM) -> tuple[int, str]:
        process = self.start(*words, module=module)
        self.look_at(process)
        out, err = process.communicate(typed, timeout=LONG_ENOUGH)
        self.printed += [out, err]
        return process.returncode, out + err

    def look_at(self, process: "subprocess.Popen[str]") -> None:
        """Keep how a process and those that it started are called, as ``ps`` shows it."""

        def looking() -> None:
            over = threading.Event()
            while process.poll() is None:
                for each in family(process.pid):
                    with suppress(OSError):
                        self.called.add(Path(f"/proc/{each}/cmdline").read_bytes())
                over.wait(0.05)

        threading.Thread(target=looking, daemon=True).start()

    def found(self, *secrets: str) -> list[str]:
        """Return where a secret stands, plain or as a header or an address would write it."""
        self.run("-c", LOOKING, *AFTERWARDS, module=())
        looked_for = [form for secret in secrets for form in forms(secret)]
        places = {f"printed: {text!r}": text.encode() for text in self.printed}
        places |= {f"called: {words!r}": words for words in self.called}
        files = [each for each in self.folder.rglob("*") if each.is_file()]
        places |= {str(each): each.read_bytes() for each in files}
        assert {"desk.db", "backup.db", "all.jsonl"} <= {each.name for each in files}
        return [place for place, held in places.items() if any(s in held for s in looked_for)]


def family(pid: int) -> Iterator[int]:
    """Yield a process and those that it started, and so on."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def forms(secret: str) -> list[bytes]:
    plain = secret.encode()
    return [plain, base64.b64encode(plain).rstrip(b"="), json.dumps(secret).encode()]


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    folder = tmp_path / "own"
    folder.mkdir()
    return Witness(folder)


def echoing(code: int) -> Callable[[Asked], Answer]:
    """Answer with all that was sent, as an error in JSON, and in the reason's own words."""

    def answer(asked: Asked) -> Answer:
        sent = f"{asked.headers.get('Authorization')} {asked.path} {asked.body!r}"
        said = {"message": sent, "error": sent, "description": sent, "details": {"x": sent}}
        return Answer(code, json.dumps(said).encode(), {"Content-Type": "application/json"})

    return answer


def test_the_look_out_finds_what_is_there(witness: Witness) -> None:
    witness.connect("request_tracker", "https://desk.example")
    (witness.folder / "log").write_bytes(base64.b64encode(TOKEN.encode()))
    assert [Path(place).name for place in witness.found(TOKEN)] == ["log"]
    witness.run("list", TOKEN)
    assert any(place.startswith("called: ") for place in witness.found(TOKEN))


@pytest.mark.parametrize("kind", OVER_HTTP)
@pytest.mark.parametrize("in_keyring", [False, True], ids=["environment", "keyring"])
def test_a_help_desk_that_echoes_is_not_repeated(
    witness: Witness, kind: str, in_keyring: bool
) -> None:
    witness.environment = {} if in_keyring else {"NUMBERONE_DESK_TOKEN": TOKEN}
    if in_keyring:
        ring = {"numberone/connection desk as mo": TOKEN}
        (witness.folder.parent / "keyring.json").write_text(json.dumps(ring))
    answers: list[Callable[[Asked], Answer]] = [echoing(200)]
    with WebServer(lambda asked: answers[0](asked)) as web:  # noqa: PLW0108 - it changes
        witness.connect(kind, web.address)
        for code in (200, 401, 403, 500):
            answers[0] = echoing(code)
            ended, said = witness.run("sync", "--once")
            assert ended == 1 or code == 200, (code, said)
            assert "Traceback" not in said
        witness.run("sync", "--once", "--dry-run")
        if not in_keyring:
            witness.run("login", "desk")
        assert any(TOKEN in str(asked.headers) for asked in web.asked), "it was sent there"
    assert witness.found(TOKEN) == []


@pytest.mark.parametrize("kind", OVER_HTTP)
@pytest.mark.parametrize("code", [302, 307])
def test_a_redirect_to_another_host_gets_no_credentials(
    witness: Witness, kind: str, code: int
) -> None:
    witness.environment = {"NUMBERONE_DESK_TOKEN": TOKEN}
    with WebServer(lambda _asked: Answer()) as elsewhere:

        def onward(asked: Asked) -> Answer:
            where = elsewhere.address.replace("127.0.0.1", "localhost")
            sent = asked.headers.get("Authorization", "").rpartition(" ")[2]
            return Answer(code, b"", {"Location": f"{where}/{sent}{asked.path}"})

        with WebServer(onward) as web:
            witness.connect(kind, web.address)
            ended, said = witness.run("sync", "--once")
            assert (ended, elsewhere.asked) == (1, [])
            assert said.count("\n") == 1
            assert web.asked
        witness.run("login", "desk")
        assert elsewhere.asked == []
    assert witness.found(TOKEN) == []


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_a_certificate_that_is_not_trusted_is_told_no_secret(
    witness: Witness, kind: str, tmp_path: Path
) -> None:
    witness.environment = {"NUMBERONE_DESK_TOKEN": TOKEN}
    tls = Authority(tmp_path).server_context("127.0.0.1")
    with WebServer(echoing(401), tls) as web:
        witness.connect(kind, web.address)
        ended, said = witness.run("sync", "--once")
        assert (ended, web.asked) == (1, [])
    assert "shows a certificate that is not trusted" in said
    assert witness.found(TOKEN) == []


def test_a_request_tracker_that_works_keeps_no_token(witness: Witness) -> None:
    with RequestTrackerServer() as server:
        token = server.tokens["numberone"]
        RequestTrackerOverThere(server).opens("It fails", "Help us.", tier="team")
        witness.connect("request_tracker", server.address)
        code, said = witness.run("login", "desk", typed=f"{token}\n")
        assert code == 0, said
        code, said = witness.run("sync", "--once")
        assert code == 0, said
    assert witness.found(token) == []


MAILBOX: Final = """
[connection.imap]
host = "127.0.0.1"
port = {port}
{imap}
[connection.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
"""


def test_a_mailbox_keeps_no_password(witness: Witness) -> None:
    user = "support@example.com"
    with ImapServer(users={user: PASSWORD}) as server:
        server.inbox.add(mail("It fails."))
        witness.environment = {"NUMBERONE_DESK_TOKEN": PASSWORD}
        witness.connect("mailbox", user, MAILBOX.format(port=server.port, imap='security="none"'))
        witness.run("login", "desk")
        code, said = witness.run("sync", "--once")
        assert code in (0, 1), said
        said_there = f"NO [AUTHENTICATIONFAILED] {user} {PASSWORD}"
        for command in ("LOGIN", "SELECT"):
            server.answers = dict.fromkeys((command, "AUTHENTICATE", "EXAMINE"), said_there)
            assert witness.run("sync", "--once")[0] == 1
        assert witness.run("login", "desk")[0] == 1
    assert witness.found(PASSWORD) == []


def test_a_mailbox_of_an_untrusted_certificate_is_told_no_password(
    witness: Witness, tmp_path: Path
) -> None:
    user = "support@example.com"
    tls = Authority(tmp_path).server_context("127.0.0.1")
    with ImapServer(users={user: PASSWORD}, tls=tls, from_the_start=True) as server:
        witness.environment = {"NUMBERONE_DESK_TOKEN": PASSWORD}
        witness.connect("mailbox", user, MAILBOX.format(port=server.port, imap='security="tls"'))
        code, said = witness.run("sync", "--once")
        assert code == 1
        assert "certificate" in said
        assert not any(PASSWORD in each for each in server.said)
    assert witness.found(PASSWORD) == []


@pytest.fixture
def authorization() -> Iterator[tuple[AuthorizationServer, str]]:
    server = AuthorizationServer(client_secret=CLIENT_SECRET)
    with server.serve() as web:
        yield server, web.address


COLUMNS: Final = """[connection.tickets.columns]
external_id = "id"
subject = "subject"
customer = "customer"
tier = "tier"
severity = "severity"
received_at = "at"
"""


def test_a_pair_of_tokens_lies_in_the_keyring_alone(
    witness: Witness, authorization: tuple[AuthorizationServer, str]
) -> None:
    server, address = authorization
    port = free_port()
    server.redirects.add(f"http://127.0.0.1:{port}/numberone")
    witness.connect("small", address, f'client_id = "{CLIENT}"\nredirect_port = {port}\n{COLUMNS}')
    login = witness.start("login", "desk")
    witness.look_at(login)
    back = browsed(address_told(login))
    code_given = back.partition("code=")[2].partition("&")[0]
    out, err = login.communicate(f"{back}\n", timeout=LONG_ENOUGH)
    witness.printed += [out, err]
    assert login.returncode == 0, err
    given = {*server.access, *server.refresh, code_given}
    for _ in range(2):
        server.access.clear()
        assert witness.run("sync", "--once")[0] == 0
        given |= {*server.access, *server.refresh}
    server.refresh.clear()
    server.access.clear()
    ended, said = witness.run("sync", "--once")
    assert ended == 1
    assert "numberone" in said
    given |= {asked["code_verifier"] for asked in server.asked if "code_verifier" in asked}
    assert len(given) == 8
    assert witness.found(*given) == []


def test_a_clients_secret_is_nowhere(
    witness: Witness, authorization: tuple[AuthorizationServer, str]
) -> None:
    server, address = authorization
    witness.connect("small", address, f'client_id = "{CLIENT}"\n{COLUMNS}')
    witness.environment = {"NUMBERONE_DESK_CLIENT_SECRET": CLIENT_SECRET}
    assert witness.run("sync", "--once")[0] == 0
    witness.environment = {"NUMBERONE_DESK_CLIENT_SECRET": f"wrong-{CLIENT_SECRET}"}
    assert witness.run("sync", "--once")[0] == 1
    assert any(CLIENT_SECRET in str(asked) for asked in server.asked)
    assert witness.found(CLIENT_SECRET, *server.access) == []


def test_an_address_to_alert_at_is_nowhere(witness: Witness) -> None:
    answers: list[Callable[[Asked], Answer]] = [echoing(200)]
    (witness.folder / "config.toml").write_text("[alerts.chat]\n[chat]\n")
    (witness.folder / "tickets.jsonl").write_text(
        '{"external_id": "1", "subject": "Down", "customer": "Acme", "tier": "team",'
        ' "severity": 0, "received_at": "2026-03-04T13:00:00Z"}\n'
    )
    with WebServer(lambda asked: answers[0](asked)) as web:  # noqa: PLW0108 - it changes
        address = web.address.replace("http://", f"json://{HOOK}:{HOOK}@") + f"/{HOOK}"
        witness.environment = {
            "NUMBERONE_ALERTS_CHAT": address, "NUMBERONE_CHAT_ADDRESS": address,
        }  # fmt: skip
        witness.run("import", "tickets.jsonl")
        for code in (404, 500):
            answers[0] = echoing(code)
            witness.run("deliver", "--once")
        assert web.asked
    witness.run("deliver", "--once")
    witness.environment = {
        "NUMBERONE_ALERTS_CHAT": f"{HOOK}://{HOOK}",
        "NUMBERONE_CHAT_ADDRESS": HOOK,
    }
    assert witness.run("deliver", "--once")[0] == 1
    assert witness.found(HOOK) == []
