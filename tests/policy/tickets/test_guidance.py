"""What the board says about a ticket, in every status."""

from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from policy.intake.rules import assess
from policy.phrases import ReadersClock
from policy.roster.holders import AwayReason, HolderAway
from policy.rulebook.rulebook import handbook
from policy.ticket import Escalation, HandOver, Review, Ticket
from policy.tickets.guidance import handling, next_step, next_step_of_ce
from policy.words import Action, OpenedBy, Status
from tests.examples import CLOCK, MONDAY, SEVERITIES, TIERS, WORDS, assigned, ticket

LATER = MONDAY + timedelta(hours=1)

EVERY_KIND = [
    ticket(
        tier=tier,
        severity=severity,
        opened_by=opened_by,
        status=status,
        assignee=assignee,
        waiting_since=waiting_since,
        first_response_at=first_response_at,
    )
    for tier, severity, opened_by, status, assignee, waiting_since, first_response_at in product(
        TIERS, SEVERITIES, OpenedBy, Status, [None, "mo", "jo"], [None, LATER], [None, MONDAY]
    )
]


def test_every_ticket_has_handling_and_one_next_step_in_sentences() -> None:
    for each in EVERY_KIND:
        assessed = assess(handbook(), each)
        for text in (
            *handling(assessed, CLOCK),
            next_step(assessed, "mo", WORDS, clock=CLOCK).sentence,
        ):
            assert text.endswith(".")
            assert text[0].isupper() or text.startswith("jo has it: ")
            assert "None" not in text
            assert "_" not in text


def test_the_definition_stands_beside_what_was_assigned() -> None:
    told = handling(ticket(assigned_priority=assigned("p0", "They cannot ship")), CLOCK)
    assert told == (
        "Because the rule says so.",
        "By definition p2; mo assigned p0, with the customer's input: They cannot ship.",
        "No contract sets a time for it.",
    )


def test_a_declined_ticket_is_told_with_its_sentence_alone() -> None:
    assert handling(ticket(declined="We only help customers."), CLOCK) == (
        "Declined: We only help customers.",
    )


def test_an_answered_ticket_is_told_so() -> None:
    answered = ticket(status=Status.OPEN, waiting_since=None, first_response_at=MONDAY)
    assert handling(answered, CLOCK)[-1] == "Answered: nobody waits for a reply from us."


IN_BERLIN = ReadersClock(MONDAY, ZoneInfo("Europe/Berlin"))
TO_BE_UPDATED: dict[str, object] = {
    "status": Status.OPEN,
    "assignee": "mo",
    "waiting_since": None,
    "first_response_at": MONDAY,
    "respond_by": MONDAY + timedelta(hours=7),
    "update_by": MONDAY + timedelta(hours=7),
}
PASSED = {"respond_by": MONDAY - timedelta(hours=1), "update_by": MONDAY - timedelta(hours=1)}
COMPLETE = {"context": (("logs", "They are there."),)}


def test_an_answered_ticket_that_is_to_be_updated_says_by_when() -> None:
    for fields, said in (
        ({}, "an update is due by 16:00"),
        (PASSED, "an update was due by 08:00"),
    ):
        found = handling(ticket(**(TO_BE_UPDATED | fields)), CLOCK)[-1]
        assert found == f"Answered: nobody waits for a reply from us, but {said}."


@pytest.mark.parametrize(
    ("fields", "step"),
    [
        ({}, "Tell the customer how it stands: an update is due by 17:00."),
        (PASSED, "Tell the customer how it stands: an update was due by 09:00."),
        ({"status": Status.PENDING},
         "Tell the customer how it stands: an update is due by 17:00."),
        ({"assignee": None},
         "Take it, and tell the customer how it stands: an update is due by 17:00."),
        ({"assignee": "jo"},
         "jo has it: tell the customer how it stands: an update is due by 17:00."),
        # An answer, and what engineering said, tell the customer how it stands.
        ({"waiting_since": MONDAY}, "Answer the customer, who wrote again."),
        ({"review": Review(by="eve", at=MONDAY, timing="now", scheduled_for=None, note="",
                           told=False)},
         "Tell the customer: engineering works on it now."),
        # Engineering comes first while there is time, and not where it has it already.
        (COMPLETE, "Hand it over to engineering: the context is complete."
                   " An update is due by 17:00."),
        (COMPLETE | PASSED, "Tell the customer how it stands: an update was due by 09:00."),
        (COMPLETE | {"status": Status.ON_HOLD, "handed_over": HandOver(by="mo", at=MONDAY)},
         "Tell the customer how it stands: an update is due by 17:00."),
        # Whose clock stands still rests.
        ({"status": Status.PENDING, "update_by": None, "respond_by": None},
         "Nothing: the next step is the customer's."),
    ],
)  # fmt: skip
def test_the_next_step_while_an_update_runs(fields: dict[str, object], step: str) -> None:
    told = next_step(ticket(**(TO_BE_UPDATED | fields)), "mo", WORDS, clock=IN_BERLIN).sentence
    assert told == step


def test_a_ticket_with_an_answer_due_needs_no_further_word() -> None:
    assert handling(ticket(respond_by=LATER), CLOCK) == ("Because the rule says so.",)


@pytest.mark.parametrize(
    ("fields", "step"),
    [
        ({}, "Take it: whoever takes it is accountable from then on."),
        ({"assignee": "mo"},
         "Send the first response, a thoughtful one: “we are on it” does not count."),
        ({"assignee": "mo", "first_response_at": MONDAY}, "Answer the customer, who wrote again."),
        ({"assignee": "mo", "waiting_since": None},
         "Work on it, and set it to pending once the next step is the customer's."),
        ({"status": Status.PENDING, "waiting_since": None},
         "Nothing: the next step is the customer's."),
        ({"status": Status.ON_HOLD, "waiting_since": None},
         "Wait for the other team, and keep the customer informed."),
        ({"status": Status.SOLVED, "waiting_since": None},
         "Nothing: it may be reopened if the customer writes again."),
        ({"status": Status.CLOSED, "waiting_since": None},
         "Nothing: it is closed, which is final."),
        ({"status": Status.PENDING}, "Take it: whoever takes it is accountable from then on."),
        ({"status": Status.PENDING, "assignee": "mo", "first_response_at": MONDAY},
         "Answer the customer, who wrote again."),
        ({"status": Status.ON_HOLD, "assignee": "mo"},
         "Send the first response, a thoughtful one: “we are on it” does not count."),
        ({"declined": "No."},
         "Send the ready reply; a CE may open a ticket on the customer's behalf."),
        ({"declined": "No.", "opened_by": OpenedBy.CE},
         "Send the ready reply to the CE who opened it."),
        ({"declined": "No.", "waiting_since": None}, "Nothing more: it was declined."),
        ({"declined": "No.", "status": Status.CLOSED}, "Nothing more: it was declined."),
    ],
)  # fmt: skip
def test_the_next_step(fields: dict[str, object], step: str) -> None:
    assert next_step(ticket(**fields), "mo", WORDS, clock=CLOCK).sentence == step


ANSWERED = {"assignee": "mo", "status": Status.OPEN, "first_response_at": MONDAY,
            "waiting_since": None}  # fmt: skip
BEGUN = {**ANSWERED, "context": (("logs", "502"),)}


def said_by_engineering(timing: str | None, *, told: bool = False) -> Review:
    return Review(
        by="eve", at=LATER, timing=timing, scheduled_for=None, note="Which version", told=told
    )


@pytest.mark.parametrize(
    ("fields", "lacking", "step"),
    [
        (BEGUN, ("environment", "who_is_affected"),
         "Fill in environment and who is affected for engineering, then hand it over."),
        (BEGUN, (), "Hand it over to engineering: the context is complete."),
        ({**BEGUN, "waiting_since": LATER}, (), "Answer the customer, who wrote again."),
        ({**ANSWERED, "status": Status.ON_HOLD, "handed_over": HandOver(by="mo", at=LATER)}, (),
         "Nothing: it is with engineering since Mon 2 Mar 11:00, and sits without shame."
         " Keep the customer informed."),
        ({**BEGUN, "review": said_by_engineering("now")}, (),
         "Tell the customer: engineering works on it now."),
        ({**BEGUN, "review": said_by_engineering("now"), "waiting_since": LATER}, (),
         "Tell the customer: engineering works on it now."),
        ({**BEGUN, "review": said_by_engineering("now"), "assignee": None}, (),
         "Take it, and tell the customer: engineering works on it now."),
        ({**BEGUN, "review": said_by_engineering("now", told=True)}, (),
         "Work on it, and set it to pending once the next step is the customer's."),
        ({**BEGUN, "review": said_by_engineering(None, told=True)}, (),
         "Answer engineering in the context, then hand it over again: Which version."),
        ({**ANSWERED, "priority": "p0",
          "escalation": Escalation(by="mo", at=LATER, cannot_wait=True, because="So.")}, (),
         "Work on it with engineering, who were asked to drop everything."),
    ],
)  # fmt: skip
def test_the_next_step_with_engineering(
    fields: dict[str, object], lacking: tuple[str, ...], step: str
) -> None:
    assert next_step(ticket(**fields), "mo", WORDS, lacking, clock=IN_BERLIN).sentence == step


def test_somebody_elses_ticket_is_said_to_be_theirs() -> None:
    theirs: Ticket = ticket(assignee="jo", first_response_at=MONDAY)
    assert (
        next_step(theirs, "mo", WORDS, clock=CLOCK).sentence
        == "jo has it: answer the customer, who wrote again."
    )


@pytest.mark.parametrize("why", AwayReason)
def test_what_somebody_has_who_is_away_is_to_be_taken_over(why: AwayReason) -> None:
    away = HolderAway(why=why, until=None)
    theirs: Ticket = ticket(assignee="jo", first_response_at=MONDAY)
    step = "answer the customer, who wrote again."
    taking_over = next_step(theirs, "mo", WORDS, (), away, clock=CLOCK)
    assert taking_over.sentence == f"Take it over, and {step}"
    over = "take it over, and answer the customer, who wrote again"
    assert (taking_over.short, taking_over.action) == (over, Action.TAKE)
    own = next_step(theirs, "jo", WORDS, (), away, clock=CLOCK)
    assert own.sentence == step.capitalize()
    assert (own.short, own.action) == ("answer the customer, who wrote again", Action.REPLY)


@pytest.mark.parametrize(
    "fields", [{"status": Status.PENDING}, {"status": Status.SOLVED}, {"declined": "No."}]
)
def test_nothing_is_to_be_taken_over_where_nothing_is_to_be_done(fields: dict[str, object]) -> None:
    away = HolderAway(why=AwayReason.OUT, until=None)
    theirs: Ticket = ticket(assignee="jo", **{"waiting_since": None, **fields})
    assert next_step(theirs, "mo", WORDS, (), away, clock=CLOCK) == next_step(
        theirs, "mo", WORDS, clock=CLOCK
    )


@pytest.mark.parametrize(("status", "opened_by"), product(Status, OpenedBy))
@pytest.mark.parametrize("declined", [None, "Not ours."])
def test_a_ce_is_told_no_step_of_supports(
    status: Status, opened_by: OpenedBy, declined: str | None
) -> None:
    step = next_step_of_ce(ticket(status=status, opened_by=opened_by, declined=declined), WORDS)
    if declined is not None and opened_by is OpenedBy.CE:
        assert step.sentence.startswith("Tell the trial customer, or open another ticket")
    else:
        assert step.sentence.startswith("Open a ticket for a trial customer who needs one")


@pytest.mark.parametrize("answered", [None, MONDAY])
def test_our_own_work_wants_no_answer(answered: datetime | None) -> None:
    ours: Ticket = ticket(assignee="jo", tier="internal", first_response_at=answered)
    assert (
        next_step(ours, "jo", WORDS, clock=CLOCK).sentence
        == "Work on it, and set it to solved once it is done."
    )
