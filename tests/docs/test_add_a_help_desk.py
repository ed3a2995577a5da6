"""The page about a fourth help desk suffices: what it says is put in place, and that is all."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.connections.web_server import Answer, Asked, WebServer

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "add-a-help-desk.md"
ROOMS = ("policy", "store", "connections", "tui")
TOKEN = "t0ken"  # noqa: S105 - one of the tests' own
MORNING = 1_772_442_000
"""A Monday at 9:00 UTC, in seconds since 1970."""


def blocks(kind: str) -> list[str]:
    """Return what stands in the page's blocks of a kind, in their order."""
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@dataclass
class Acme:
    """The other side: one ticket, a feed of changes, and steps that are done with their marks."""

    ticket: dict[str, Any] = field(
        default_factory=lambda: {
            "id": 7, "title": "It fails", "company": "Acme", "plan": "team", "state": "fresh",
            "owner": None, "opened": "2026-03-02T09:00:00Z", "marks": [],
            "messages": [
                {"id": 1, "at": MORNING, "role": "customer", "public": True,
                 "author": "ida@customer.example", "text": "Help us."}
            ],
        }
    )  # fmt: skip
    changes: int = 1

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Answer(401)
        parts = urlsplit(asked.path)
        if parts.path == "/me":
            return said({"login": "loop", "name": "The loop", "may_write": True})
        if parts.path == "/changes":
            after = int(parse_qs(parts.query)["after"][0])
            tickets = [self.ticket] if after < self.changes else []
            return said({"tickets": tickets, "after": self.changes, "more": False})
        if asked.method == "POST":
            self._take(json.loads(asked.body))
        return said(self.ticket)

    def _take(self, step: dict[str, Any]) -> None:
        self.changes += 1
        self.ticket["marks"].append(step["mark"])
        if step["text"]:
            self.ticket["messages"].append(
                {"id": self.changes, "at": MORNING + self.changes, "role": "us", "public": True,
                 "author": step["by"], "text": step["text"], "mark": step["mark"]}
            )  # fmt: skip
        if step["kind"] == "assign":
            self.ticket["owner"] = step["owner"]


def said(what: object) -> Answer:
    return Answer(200, json.dumps(what).encode(), {"Content-Type": "application/json"})


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Give a copy of the program with what the page says put in place."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    module, registration, *_ = blocks("python")
    (tmp_path / "connections/helpdesks/acme.py").write_text(module)
    (mapping,) = blocks("toml")
    (tmp_path / "connections/files/mappings/acme.toml").write_text(mapping)
    kinds = tmp_path / "connections/sync/kinds.py"
    before = kinds.read_text()
    after = before.replace(
        '    "mailbox": _mailbox(),\n', f'{registration}    "mailbox": _mailbox(),\n'
    )
    assert after != before
    kinds.write_text(after)
    return tmp_path


def test_a_module_a_mapping_and_a_line_are_a_help_desk(house: Path) -> None:
    def ran(*words: str, typed: str = "") -> Any:  # noqa: ANN401 - a JSON document
        ended = subprocess.run(
            [sys.executable, "-c", "from tui.cli import main; main()", "--as", "mo",
             "--at", "2026-03-02T10:00:00Z", *words],
            cwd=house,
            env=os.environ
            | {
                "PYTHONPATH": str(house),
                "NUMBERONE_DB": str(house / "desk.db"),
                "NUMBERONE_STATE": str(house / "state"),
                "NUMBERONE_CONFIG": str(house / "config.toml"),
                "NUMBERONE_DESK_TOKEN": TOKEN,
            },
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )  # fmt: skip
        assert (ended.returncode, ended.stderr) == (0, "")
        return json.loads(ended.stdout) if "--json" in words else ended.stdout

    acme = Acme()
    with WebServer(acme.answer) as web:
        (house / "c.toml").write_text(
            f'[[connection]]\nname = "desk"\nkind = "acme"\naddress = "{web.address}"\n'
        )
        ran("connections", "import", "c.toml")
        assert ran("login", "desk") == "Logged in to desk as The loop (loop).\n"
        (done,) = ran("sync", "--once", "--json")["connections"]
        assert (done["read"], done["admitted"], done["messages"]) == (1, 1, 1)
        ran("take", "desk:7")
        ran("reply", "desk:7", "--text", "-", typed="Please restart.")
        (done,) = ran("sync", "--once", "--json")["connections"]
        assert (done["sent"], done["failed"]) == (2, 0)
        assert acme.ticket["owner"] == "mo"
        assert acme.ticket["messages"][-1]["text"] == "Please restart."
        ran("sync", "--once")
        messages = ran("messages", "desk:7", "--json")["messages"]
    assert [each["state"] for each in messages] == ["received", "sent"]


def test_the_page_names_the_other_registration_as_it_is() -> None:
    from connections.helpdesks.oauth_settings import OAuthPlaces  # noqa: PLC0415 - evaluated below
    from connections.sync.kinds import Kind, of_module_with_oauth  # noqa: PLC0415 - as above

    registration = blocks("python")[2]
    places = {"OAuthPlaces": OAuthPlaces, "of_module_with_oauth": of_module_with_oauth}
    made = eval(f"{{{registration}}}", places)  # noqa: S307 - what our own page says
    assert isinstance(made["acme"], Kind)
    assert made["acme"].oauth is not None
    assert made["acme"].oauth.scopes == ("tickets",)
