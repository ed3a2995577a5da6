"""What the page about the design says of JSON, of the orders and of the levels is what holds."""

import json
import re
import shlex
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from policy.rulebook.rulebook import handbook
from policy.words import Mode
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


@pytest.mark.parametrize("mode", Mode)
def test_the_orders_are_those_of_the_handbook(mode: Mode) -> None:
    (said,) = re.findall(rf"^\| `{mode}` \| (.+) \|$", PAGE, re.MULTILINE)
    assert said.split(", ") == [*getattr(handbook().order, mode), "id"]


def test_the_levels_are_those_of_the_handbook() -> None:
    rows = re.findall(r"^\| (\d) \| (\d+) % \| (\d+) \| (either|both) \|$", PAGE, re.MULTILINE)
    assert [
        (level.level, round(100 * level.available_at_most), level.cases_over, level.all)
        for level in handbook().capacity.levels
        if level.available_at_most is not None and level.cases_over is not None
    ] == [(int(level), int(share), int(each), how == "both") for level, share, each, how in rows]


def test_the_times_of_the_contract_are_those_of_the_handbook() -> None:
    said = re.findall(r"(\d+) h (?:of it )?(?:after )?for\s+an?\s+(p\d)", PAGE)
    times = {priority: timedelta(hours=int(hours)) for hours, priority in said}
    assert times == handbook().contract_time
