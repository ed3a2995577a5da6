"""A real Request Tracker 5 on this machine for tests, installed from Debian, on either database.

An instance is a folder: its configuration, its SQLite file (or a database of PostgreSQL beside it),
what it caches and the mail that it sends. Nothing of it stands anywhere else.
"""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

import httpx2
import psycopg

_HERE: Final = Path(__file__).parent
_PROGRAMS: Final = Path("/usr/share/request-tracker5/libexec")
_CHEAP_TOKENS: Final = 4
"""What a look at a token costs, as a power of two; the usual twelve takes a fifth of a second."""

_STARTS_WITHIN: Final = 60.0
_SENDS_MAIL: Final = """#!/bin/sh
# Takes a mail from Request Tracker; while there is a file named hold, its sender waits.
cat > "$(mktemp '{mail}/XXXXXXXXXX')"
while [ -e '{folder}/hold' ]; do sleep 0.05; done
"""

_SITE: Final = """
Set($rtname, 'help.example');
Set($Organization, 'help.example');
Set($CorrespondAddress, 'support@help.example');
Set($CommentAddress, 'support-notes@help.example');
Set($RTAddressRegexp, '^(support|engineering|payroll)(-notes)?@help[.]example$');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($WebBaseURL, 'http://127.0.0.1:{port}');
Set($Timezone, 'UTC');
Set($BcryptCost, {cost});
Set($MailCommand, 'sendmailpipe');
Set($SendmailPath, '{folder}/sendmail');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
$RT::VarPath = '{folder}';
$RT::MasonDataDir = '{folder}/mason';
$RT::MasonSessionDir = '{folder}/sessions';
Set($DatabaseType, '{kind}');
Set($DatabaseHost, '{host}');
Set($DatabasePort, '');
Set($DatabaseName, '{database}');
Set($DatabaseUser, '{user}');
Set($DatabasePassword, '');
1;
"""


class NotInstalled(Exception):  # noqa: N818 - it says what is so
    """There is no Request Tracker here and none can be installed, for the reason given."""


def install() -> None:
    """Have Request Tracker here; raises NotInstalled with one line that says what is wanting."""
    ran = subprocess.run(
        [_HERE / "request_tracker.sh"], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        said = [line for line in (*ran.stdout.splitlines(), *ran.stderr.splitlines()) if line]
        raise NotInstalled(said[-1] if said else "its installation failed without a word")


class RealRequestTracker:
    """A server in a ``with`` block, at whose end it is stopped and removed.

    ``database`` is the address of an empty database of PostgreSQL; without it, it is on SQLite.
    ``site`` is added to its configuration. ``tokens`` are those of the people who log in, by login.
    """

    def __init__(self, database: str | None = None, processes: int = 3, *, site: str = "") -> None:
        self._database = database
        self._site = site
        self._processes = processes
        self.tokens: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Make it, with its desk, and start it."""
        with ExitStack() as undoing:
            self._folder = Path(tempfile.mkdtemp(prefix="numberone-request-tracker-"))
            undoing.callback(shutil.rmtree, self._folder, ignore_errors=True)
            self._port = _free_port()
            self._configure()
            self._set_up("init")
            self._set_up("insert", "--datafile", str(_HERE / "request_tracker_desk.pl"))
            lines = (self._folder / "tokens").read_text().splitlines()
            self.tokens = dict(line.split(" ") for line in lines)
            self._start()
            undoing.callback(self._stop)
            self._wait_for_an_answer()
            self._undoing = undoing.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it and remove all it had."""
        self._undoing.close()

    @property
    def address(self) -> str:
        """Its root, without the last slash."""
        return f"http://127.0.0.1:{self._port}"

    def runs(self, script: Path, *arguments: str) -> None:
        """Run a script of Perl as Request Tracker's own user; tokens it adds are known then."""
        loaded = "RT->LoadConfig; RT->Init; my $file = shift @ARGV; do $file; die $@ if $@;"
        libraries = ["-I/usr/share/request-tracker5/lib", "-MRT", "-MMIME::Entity"]
        ran = subprocess.run(
            ["perl", *libraries, "-e", loaded, str(script), *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        lines = (self._folder / "tokens").read_text().splitlines()
        self.tokens = dict(line.split(" ") for line in lines)

    def written_after(self, number: int) -> list[tuple[int, str]]:
        """Return what people wrote after an attachment's number, straight from its database."""
        query = (
            "SELECT a.id, a.Content FROM Attachments a JOIN Transactions t"
            " ON t.id = a.TransactionId WHERE a.id > {} AND a.Content IS NOT NULL"
            " AND t.Type IN ('Create', 'Correspond', 'Comment')"
        )
        if self._database is None:
            address = f"file:{self._folder / 'rt.db'}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=30)) as there:
                found = there.execute(f"{query.format(number)} ORDER BY a.id").fetchall()
        else:
            with psycopg.connect(self._database) as server:
                rows = server.execute(f"{query.format(number)} ORDER BY a.id")
                found = rows.fetchall()
        return [
            (each, content if isinstance(content, str) else content.decode("utf-8", "replace"))
            for each, content in found
        ]

    @contextmanager
    def slow_mail(self) -> Iterator[None]:
        """Have no mail go out in this block, and whoever sends one wait for its end."""
        hold = self._folder / "hold"
        hold.touch()
        try:
            yield
        finally:
            hold.unlink()

    def _configure(self) -> None:
        for name in ("mail", "mason", "sessions", "site.d"):
            (self._folder / name).mkdir()
        sendmail = self._folder / "sendmail"
        sendmail.write_text(_SENDS_MAIL.format(folder=self._folder, mail=self._folder / "mail"))
        sendmail.chmod(0o755)
        words = {"folder": self._folder, "port": self._port, "cost": _CHEAP_TOKENS}
        words |= self._where_it_keeps_things()
        site = _SITE.removesuffix("1;\n") + self._site + "1;\n"
        for name, word in words.items():
            site = site.replace(f"{{{name}}}", str(word))
        (self._folder / "site.pm").write_text(site)

    def _where_it_keeps_things(self) -> dict[str, str]:
        if self._database is None:
            database = str(self._folder / "rt.db")
            return {"kind": "SQLite", "host": "", "database": database, "user": ""}
        parts = urlsplit(self._database)
        return {
            "kind": "Pg",
            "host": parts.hostname or parse_qs(parts.query)["host"][0],
            "database": parts.path.removeprefix("/"),
            "user": parts.username or "",
        }

    @property
    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "RT_SITE_CONFIG": str(self._folder / "site.pm"),
            "RT_SITE_CONFIG_DIR": str(self._folder / "site.d"),
            "DESK_TOKENS": str(self._folder / "tokens"),
        }

    def _set_up(self, action: str, *options: str) -> None:
        command = ["rt-setup-database-5", "--action", action, "--skip-create", *options]
        ran = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False
        )
        said = ran.stdout + ran.stderr
        assert ran.returncode == 0, said
        assert "rror" not in ran.stderr, said

    def _start(self) -> None:
        command = [str(_PROGRAMS / "rt-server"), "--host", "127.0.0.1", "--port", str(self._port)]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [*command, "--max-workers", str(self._processes)],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
            )

    def _wait_for_an_answer(self) -> None:
        patience = time.monotonic() + _STARTS_WITHIN
        while not self._answers():
            assert time.monotonic() < patience, (self._folder / "log").read_text()
            time.sleep(0.1)  # it is another program, and says nowhere that it listens

    def _answers(self) -> bool:
        assert self._server.poll() is None, (self._folder / "log").read_text()
        try:
            answer = httpx2.get(f"{self.address}/REST/2.0/rt", trust_env=False)
        except httpx2.TransportError:
            return False
        return answer.status_code == httpx2.codes.UNAUTHORIZED

    def _stop(self) -> None:
        os.killpg(self._server.pid, signal.SIGTERM)
        try:
            self._server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
