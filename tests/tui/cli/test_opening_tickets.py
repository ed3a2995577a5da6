"""Tickets of our own are opened at the command line, as intake decides; a CE's is a trial's."""

import pytest

from docs.roles import TEAM_FILE
from tests.tui.cli.test_intake_commands import OPENERS, TIERS, decided
from tests.tui.command_runs import NOW, CommandLine, Document

PLAIN = "new --subject Down --customer Acme"


@pytest.fixture
def desk(numberone: CommandLine) -> CommandLine:
    """Give a desk with a member of each role, called like it; who types is the lead."""
    (numberone.folder / "team.toml").write_text(TEAM_FILE)
    numberone("--as lead team import team.toml")
    return numberone


def by(login: str, typed: str) -> str:
    """Return a command as somebody types it."""
    return f"{typed} --as {login}"


def queue(desk: CommandLine) -> list[Document]:
    tickets: list[Document] = desk.json("list --all")["tickets"]
    return tickets


def test_it_stands_where_intake_puts_it(desk: CommandLine) -> None:
    ticket = desk.json(by("support", f"{PLAIN} --tier team --severity 1"))["ticket"]
    assert (ticket["id"], ticket["priority"], ticket["position"]) == (1, "p1", 1)
    assert (ticket["source"], ticket["external_id"]) == ("numberone", "1")
    assert (ticket["opened_by"], ticket["status"], ticket["received_at"]) == (
        "customer",
        "new",
        NOW,
    )
    said = desk(by("support", f"{PLAIN} --tier enterprise --severity 0")).out
    assert said.startswith("#2  p0  Enterprise  Acme · Down\n")
    assert said.endswith("It is new, number 1 in the queue.\n")


def test_every_kind_is_decided_as_designed(numberone: CommandLine) -> None:
    for tier in TIERS:
        for opener in OPENERS:
            typed = f"{PLAIN} --tier {tier} --severity 1 --opened-by {opener}"
            ticket = numberone.json(typed)["ticket"]
            assert (ticket["priority"] or "declined") == decided(tier, 1, opener)


def test_a_declined_one_is_kept_with_its_sentence_and_its_reply(desk: CommandLine) -> None:
    ran = desk(by("support", f"{PLAIN} --tier presales --severity 1"))
    assert "Declined: Tier 1 support is no longer offered to trial customers" in ran.out
    assert "numberone show 1 --reply" in ran.out
    (ticket,) = desk.json("list --declined")["tickets"]
    assert ticket["declined"] in desk("show 1 --reply").out
    assert desk.json("show 1 --reply") == {"reply": desk("show 1 --reply").out}
    desk(by("support", "reply 1 --status solved"))
    assert "Nothing more: it was declined." in desk("show 1").out


def test_one_that_was_not_declined_has_no_ready_reply(desk: CommandLine) -> None:
    desk(by("support", f"{PLAIN} --tier team --severity 1"))
    assert desk.refused("show 1 --reply").startswith("#1 has no ready reply: ")


def test_a_ces_is_a_trial_customers(desk: CommandLine) -> None:
    ticket = desk.json(by("ce", f"{PLAIN} --severity 1"))["ticket"]
    assert (ticket["tier"], ticket["opened_by"], ticket["priority"]) == ("presales", "ce", "p1")
    declined = desk.json(by("ce", f"{PLAIN} --severity 2"))["ticket"]
    assert declined["declined"].endswith("exceptions are for p0 and p1 only.")
    refused = desk.refused(by("ce", f"{PLAIN} --severity 1 --tier team"))
    assert refused.startswith("ce is a CE, who may look, and open tickets for trial customers")
    assert len(queue(desk)) == 2


def test_of_all_others_the_tier_is_asked(desk: CommandLine) -> None:
    for login in ("support", "lead"):
        ran = desk(by(login, f"{PLAIN} --severity 1"), code=2)
        assert "Missing option '--tier'" in ran.err
    assert queue(desk) == []


@pytest.mark.parametrize("severity", range(4))
def test_a_dry_run_says_the_same_and_writes_nothing(desk: CommandLine, severity: int) -> None:
    desk(by("support", f"{PLAIN} --tier team --severity 1"))
    before = desk.json("history")
    typed = by("ce", f"new --subject Blocked --customer Umbra --severity {severity}")
    would_be = desk.json(f"{typed} --dry-run")["ticket"]
    assert desk(f"{typed} --dry-run").out.endswith("This was a dry run.\n")
    assert desk.json("history") == before
    assert (would_be["id"], would_be["external_id"]) == (None, None)
    became = desk.json(typed)["ticket"]
    assert would_be == became | {"id": None, "external_id": None}


def test_a_dry_run_is_refused_as_the_ticket_would_be(desk: CommandLine) -> None:
    typed = f"{PLAIN} --severity 1 --tier team"
    assert desk.refused(by("ce", f"{typed} --dry-run")) == desk.refused(by("ce", typed))


def test_its_body_comes_from_a_file(desk: CommandLine) -> None:
    (desk.folder / "mail.txt").write_text("It is down.\n\nSince nine.", encoding="utf-8")
    desk(by("support", f"{PLAIN} --tier team --severity 1 --body mail.txt"))
    assert "Description\nIt is down.\n\nSince nine." in desk("show 1").out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("--body nowhere.txt", "nowhere.txt: cannot be read: No such file or directory"),
        ("--body latin.txt", "latin.txt: expected text in UTF-8"),
        ("--body long.txt", "body: 1,000,001 characters; at most 1,000,000"),
        ("--body longer.txt", "longer.txt: more than 4,000,000 bytes; expected text"),
        ("--body nul.txt", "body: "),
    ],
)
def test_a_body_of_no_use_is_refused_in_a_line(desk: CommandLine, more: str, said: str) -> None:
    (desk.folder / "latin.txt").write_bytes(b"\xe9t\xe9")
    (desk.folder / "long.txt").write_text("x" * 1_000_001)
    (desk.folder / "longer.txt").write_text("x" * 4_000_001)
    (desk.folder / "nul.txt").write_text("a\0b")
    typed = by("support", f"{PLAIN} --tier team --severity 1 {more}")
    assert desk.refused(typed).startswith(said)
    assert queue(desk) == []


@pytest.mark.parametrize("field", ["subject", "customer"])
def test_an_empty_field_is_named(desk: CommandLine, field: str) -> None:
    typed = by("support", f"{PLAIN} --tier team --severity 1")
    assert desk.refused(typed, f"--{field}", " ") == f"{field}: empty"


def test_it_is_taken_back_as_everything_is(desk: CommandLine) -> None:
    desk(by("ce", f"{PLAIN} --severity 1"))
    desk(by("ce", "undo"))
    assert queue(desk) == []
