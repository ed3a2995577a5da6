"""What the page about the design says of JSON is what the commands print."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.docs.a_desk import AS, NOW
from tests.docs.pages import ROOT
from tests.tui.command_runs import CommandLine, Document

PAGE = (ROOT / "docs/design.md").read_text("utf-8")
COMMANDS = dict(re.findall(r"^\| `numberone ([^`]+)` \| (.+) \|$", PAGE, re.MULTILINE))
"""Each command of the table about JSON, and what stands beside it."""


def keys_in(said: str) -> list[str]:
    """Return the keys that a text names, but not those that it only tells of in brackets."""
    return re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", said))


def keys_of_each(thing: str) -> list[str]:
    """Return the keys that the page says a ticket or an event has."""
    (said,) = re.findall(rf"^An? {thing} has ([^.]+)\.", PAGE, re.MULTILINE)
    return keys_in(said)


@pytest.fixture
def printed(desk: Path, numberone: CommandLine) -> Document:
    """Return what ``numberone show 1 --json`` prints on the desk of the examples."""
    shutil.copytree(desk, numberone.folder, dirs_exist_ok=True)
    return document(numberone, "show 1")


def document(numberone: CommandLine, typed: str) -> Document:
    """Return the document that a command prints."""
    options = ["--db", "desk.db", "--as", AS, "--at", NOW.isoformat(), "--json"]
    ran = numberone.plain([*options, *shlex.split(typed)])
    found: Document = json.loads(ran.out)
    return found


@pytest.mark.parametrize("typed", COMMANDS)
def test_a_document_has_the_keys_that_the_page_says(
    desk: Path, numberone: CommandLine, typed: str
) -> None:
    shutil.copytree(desk, numberone.folder, dirs_exist_ok=True)
    document(numberone, "take 5")  # so that there is something to take back
    assert list(document(numberone, typed)) == keys_in(COMMANDS[typed].partition(", where")[0])


def test_a_ticket_has_the_keys_that_the_page_says(printed: Document) -> None:
    assert list(printed["ticket"]) == keys_of_each("ticket")


def test_an_event_has_the_keys_that_the_page_says(printed: Document) -> None:
    assert list(printed["history"][0]) == keys_of_each("event")


def test_the_page_is_read_as_it_is_meant() -> None:
    assert len(COMMANDS) > 20
    assert keys_in("`a` (each with `b`), `c`") == ["a", "c"]
