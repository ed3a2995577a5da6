"""What people do to tickets, in every status."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from policy.intake.rules import assess
from policy.refusal import Refusal
from policy.roster.holders import AwayReason, HolderAway
from policy.rulebook.rulebook import handbook
from policy.ticket import AssignedPriority, Deviation, Ticket
from policy.tickets.actions import (
    LONGEST_LOGIN,
    assigned,
    check_login,
    checked_reason,
    closed_by_itself_at,
    closed_when_due,
    heard,
    refusal_of,
    replied,
    taken,
    with_priority,
    with_status,
)
from policy.tickets.guidance import next_step
from policy.words import DECIDED_STATUSES, Priority, PriorityInput, Status
from tests.examples import CLOCK, MONDAY, PRIORITIES, WORDS, deviation, ticket

LATER = MONDAY + timedelta(hours=1)
STILL_LATER = MONDAY + timedelta(hours=2)
NOT_CLOSED = [status for status in Status if status is not Status.CLOSED]


def in_status(status: Status, **fields: object) -> Ticket:
    """Return a ticket as it comes to a status: all but new ones have had their first reply."""
    if status is not Status.NEW:
        fields = {"first_response_at": MONDAY, "waiting_since": None} | fields
    return ticket(status=status, **fields)


# Taking and assigning


@pytest.mark.parametrize("status", NOT_CLOSED)
def test_taking_makes_one_person_accountable(status: Status) -> None:
    mine = taken(in_status(status), "mo")
    assert mine.assignee == "mo"
    assert mine.status is status
    assert taken(mine, "mo") == mine


@pytest.mark.parametrize("status", NOT_CLOSED)
def test_what_somebody_else_has_is_not_taken(status: Status) -> None:
    with pytest.raises(Refusal, match=r"#1 is jo's already; assign it to mo if it is to change"):
        taken(in_status(status, assignee="jo"), "mo")


AWAY = HolderAway(why=AwayReason.OUT, until=LATER)


@pytest.mark.parametrize("status", NOT_CLOSED)
def test_what_somebody_has_who_is_away_is_taken_over(status: Status) -> None:
    theirs = in_status(status, assignee="jo")
    assert taken(theirs, "mo", AWAY) == replace(theirs, assignee="mo")
    assert refusal_of("take", theirs, "mo", LATER, AWAY) is None


def test_what_is_closed_is_not_taken_over_either() -> None:
    closed = in_status(Status.CLOSED, assignee="jo")
    with pytest.raises(Refusal, match="is closed, which is final"):
        taken(closed, "mo", AWAY)


@pytest.mark.parametrize("status", NOT_CLOSED)
def test_assigning_hands_over_and_takes_away(status: Status) -> None:
    handed = assigned(in_status(status, assignee="jo"), "mo")
    assert handed.assignee == "mo"
    assert assigned(handed, None).assignee is None


@pytest.mark.parametrize("login", ["", " ", "mo li", "mo\n", "m\tx", "m\x00", "\udcff", "x" * 65])
def test_a_login_is_one_printable_word(login: str) -> None:
    with pytest.raises(Refusal, match=r"^login: .*; expected one word of at most 64 printable"):
        assigned(ticket(), login)


@pytest.mark.parametrize("login", ["m", "mo", "Mo.Li", "mo@example.com", "墨", "x" * LONGEST_LOGIN])
def test_logins_of_any_script_are_taken(login: str) -> None:
    check_login(login)


# Replying and being written to


@pytest.mark.parametrize("status", NOT_CLOSED)
def test_a_reply_ends_the_waiting_and_makes_a_new_ticket_open(status: Status) -> None:
    answered = replied(in_status(status, waiting_since=MONDAY), LATER)
    assert answered.waiting_since is None
    assert answered.status is (Status.OPEN if status is Status.NEW else status)
    assert answered.first_response_at == (LATER if status is Status.NEW else MONDAY)


@pytest.mark.parametrize(("status", "following"), list(product(NOT_CLOSED, Status)))
def test_a_reply_says_whose_step_is_next(status: Status, following: Status) -> None:
    if following is Status.NEW:
        with pytest.raises(Refusal, match="#1 had its first reply, so it cannot be new"):
            replied(in_status(status), LATER, following)
    else:
        answered = replied(in_status(status), LATER, following)
        assert answered.status is following
        assert answered.waiting_since is None


def test_only_the_first_reply_is_the_first_response() -> None:
    assert replied(replied(ticket(), LATER), STILL_LATER).first_response_at == LATER


@pytest.mark.parametrize(
    ("put_first", "left"),
    [(None, None), (deviation(), None)],
)
def test_a_deviation_until_answered_ends_with_the_reply(
    put_first: Deviation | None, left: Deviation | None
) -> None:
    assert replied(ticket(deviation=put_first), LATER).deviation == left


def test_a_deviation_with_an_end_outlasts_the_reply() -> None:
    put_first = Deviation(by="lead", reason="Launch", since=MONDAY, until=STILL_LATER)
    assert replied(ticket(deviation=put_first), LATER).deviation == put_first


@pytest.mark.parametrize("status", NOT_CLOSED)
def test_a_message_makes_the_step_ours_and_the_customer_wait(status: Status) -> None:
    answered = in_status(status, waiting_since=None)
    waiting = heard(answered, LATER)
    assert waiting.waiting_since == LATER
    assert waiting.status is (Status.NEW if status is Status.NEW else Status.OPEN)
    assert waiting.first_response_at == answered.first_response_at


@pytest.mark.parametrize("status", NOT_CLOSED)
def test_further_messages_do_not_reset_the_waiting(status: Status) -> None:
    assert heard(heard(in_status(status), LATER), STILL_LATER).waiting_since == (
        MONDAY if status is Status.NEW else LATER
    )


# Statuses


@pytest.mark.parametrize(("status", "following"), list(product(NOT_CLOSED, Status)))
def test_statuses_follow_one_another(status: Status, following: Status) -> None:
    before = in_status(status)
    if following is Status.NEW and status is not Status.NEW:
        with pytest.raises(Refusal, match="cannot be new; open says the step is ours"):
            with_status(before, following, LATER)
    elif status is Status.NEW and following in DECIDED_STATUSES:
        with pytest.raises(Refusal, match=f"#1 cannot be {following} while its customer waits"):
            with_status(before, following, LATER)
    else:
        assert with_status(before, following, LATER).status is following


@pytest.mark.parametrize("away", [Status.PENDING, Status.ON_HOLD])
def test_coming_back_keeps_the_waiting(away: Status) -> None:
    waiting = in_status(Status.OPEN, waiting_since=MONDAY)
    assert with_status(with_status(waiting, away, LATER), Status.OPEN, LATER) == waiting


UNANSWERED = [status for status in NOT_CLOSED if status is not Status.SOLVED]
"""The statuses in which a customer can wait."""


@pytest.mark.parametrize("status", UNANSWERED)
@pytest.mark.parametrize("away", [Status.PENDING, Status.ON_HOLD])
def test_whoever_waits_is_in_the_queue_whatever_the_status(status: Status, away: Status) -> None:
    waiting = in_status(status, waiting_since=MONDAY)
    parked = with_status(waiting, away, LATER)
    assert (parked.status, parked.waiting_since) == (away, MONDAY)
    assert (parked.owed, parked.parked, parked.actionable) == (True, True, True)
    answered = replied(parked, STILL_LATER)
    assert (answered.status, answered.owed, answered.actionable) == (away, False, False)


@pytest.mark.parametrize(
    ("status", "following"), list(product(UNANSWERED, sorted(DECIDED_STATUSES)))
)
def test_one_who_waits_is_done_with_only_for_a_reason(status: Status, following: Status) -> None:
    waiting = in_status(status, waiting_since=MONDAY, first_response_at=None)
    with pytest.raises(Refusal) as refused:
        with_status(waiting, following, LATER)
    assert refused.value.reason == (
        f"#1 cannot be {following} while its customer waits for an answer;"
        " answer it, or say with --unanswered why nobody needs one"
    )
    over = with_status(waiting, following, LATER, unanswered=" Spam,\n again. ")
    assert (over.status, over.solved_at, over.settled_at) == (following, LATER, LATER)
    assert (over.waiting_since, over.owed, over.actionable) == (None, False, False)
    assert (over.first_response_at, over.last_response_at) == (None, None)


@pytest.mark.parametrize(("status", "following"), list(product(Status, Status)))
def test_a_reason_is_refused_where_nobody_waits(status: Status, following: Status) -> None:
    answered = in_status(status, waiting_since=None)
    with pytest.raises(Refusal, match=r"^unanswered: nobody waits for an answer of #1; leave it"):
        with_status(answered, following, LATER, unanswered="Spam.")


@pytest.mark.parametrize("following", [each for each in Status if each not in DECIDED_STATUSES])
def test_a_reason_is_refused_where_it_is_not_over(following: Status) -> None:
    said = following.replace("_", " ")
    with pytest.raises(
        Refusal, match=f"^unanswered: only for solved or closed, and this is {said}"
    ):
        with_status(ticket(), following, LATER, unanswered="Spam.")


@pytest.mark.parametrize("status", sorted(DECIDED_STATUSES))
@pytest.mark.parametrize(
    "fields", [{"tier": "internal"}, {"declined": "Not ours."}, {"waiting_since": None}]
)
def test_whoever_is_never_owed_needs_no_reason(status: Status, fields: dict[str, object]) -> None:
    over = with_status(ticket(**fields), status, LATER)
    waited = fields.get("waiting_since", MONDAY) is not None
    assert (over.status, over.waiting_since) == (status, None)
    assert over.settled_at == (LATER if waited else None)


def test_a_message_dated_ahead_of_our_clock_is_settled_too() -> None:
    ahead = ticket(waiting_since=STILL_LATER)
    over = with_status(ahead, Status.SOLVED, LATER, unanswered="Spam.")
    assert (over.owed, over.solved_at, over.settled_at) == (False, LATER, STILL_LATER)


@pytest.mark.parametrize("ended", sorted(DECIDED_STATUSES))
def test_an_answer_that_solves_leaves_nobody_waiting(ended: Status) -> None:
    over = replied(ticket(), LATER, ended)
    assert (over.status, over.owed, over.solved_at) == (ended, False, LATER)
    assert (over.last_response_at, over.settled_at) == (LATER, None)


def test_an_answer_settles_only_what_was_written_before_it() -> None:
    written_after = ticket(waiting_since=STILL_LATER)
    answered = replied(written_after, LATER)
    assert (answered.waiting_since, answered.owed) == (STILL_LATER, True)
    with pytest.raises(Refusal, match="#1 cannot be solved while its customer waits"):
        replied(written_after, LATER, Status.SOLVED)


def test_what_was_settled_without_an_answer_begins_anew_with_the_next_message() -> None:
    over = with_status(ticket(), Status.SOLVED, LATER, unanswered="They found it.")
    again = heard(over, STILL_LATER)
    assert (again.status, again.waiting_since) == (Status.OPEN, STILL_LATER)
    assert (again.first_response_at, again.solved_at) == (None, None)
    due = assess(handbook(), again)
    assert due.respond_by == STILL_LATER + timedelta(hours=8)


# Closing by itself

THREE_DAYS = timedelta(hours=72)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("after", [-MOMENT, timedelta(0), THREE_DAYS])
def test_only_what_is_solved_closes_once_its_time_is_over(status: Status, after: timedelta) -> None:
    over = in_status(status, solved_at=LATER)
    due = LATER + THREE_DAYS
    is_solved = status is Status.SOLVED
    assert closed_by_itself_at(over, THREE_DAYS) == (due if is_solved else None)
    read = closed_when_due(over, due + after, THREE_DAYS)
    closes = is_solved and after >= timedelta(0)
    assert read == (replace(over, status=Status.CLOSED) if closes else over)


def test_what_is_solved_since_nobody_knows_when_stays_solved() -> None:
    over = in_status(Status.SOLVED)
    assert closed_by_itself_at(over, THREE_DAYS) is None
    assert closed_when_due(over, LATER + 100 * THREE_DAYS, THREE_DAYS) == over


def test_what_is_opened_again_closes_no_more() -> None:
    over = with_status(in_status(Status.OPEN), Status.SOLVED, LATER)
    opened = with_status(over, Status.OPEN, STILL_LATER)
    assert opened.solved_at is None
    again = with_status(opened, Status.SOLVED, STILL_LATER)
    assert closed_by_itself_at(again, THREE_DAYS) == STILL_LATER + THREE_DAYS


# Priorities


@pytest.mark.parametrize(("status", "priority"), list(product(NOT_CLOSED, PRIORITIES)))
def test_a_priority_is_assigned_beside_the_definitions(status: Status, priority: Priority) -> None:
    changed = with_priority(
        in_status(status), priority, by="mo", reason=" Down. ", rests_on=PriorityInput.CONTRACT
    )
    assert changed.priority is priority
    assert changed.defined_priority == "p2"
    assert changed.assigned_priority == AssignedPriority(
        priority=priority, by="mo", reason="Down.", rests_on=PriorityInput.CONTRACT
    )


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_a_priority_needs_a_reason(reason: str) -> None:
    with pytest.raises(Refusal, match="reason: missing; say in a sentence"):
        with_priority(ticket(), "p0", by="mo", reason=reason, rests_on=PriorityInput.CUSTOMER)


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [
        ("so\0so", "reason: expected text without NUL characters"),
        ("x" * 1_001, "reason: 1,001 characters; expected at most 1,000"),
    ],
)
def test_a_reason_is_a_short_line(reason: str, refusal: str) -> None:
    with pytest.raises(Refusal, match=f"^{refusal}$"):
        checked_reason(reason)
    assert checked_reason(" They\n cannot \t ship ") == "They cannot ship"


def test_what_was_declined_gets_no_priority() -> None:
    with pytest.raises(Refusal, match="#1 was declined and has no priority: Not ours"):
        with_priority(
            ticket(declined="Not ours."),
            "p0",
            by="mo",
            reason="Down.",
            rests_on=PriorityInput.CUSTOMER,
        )


# What may not be done, said beforehand

ACTIONS = ("take", "assign", "reply", "heard", "status", "priority")


@pytest.mark.parametrize(("action", "status"), list(product(ACTIONS, Status)))
def test_only_what_is_closed_refuses_everything(action: str, status: Status) -> None:
    refused = refusal_of(action, in_status(status), "mo", LATER)
    if status is Status.CLOSED:
        assert refused == "#1 is closed, which is final; open a new ticket instead"
    else:
        assert refused is None


def test_closed_stays_closed_when_it_is_closed_again() -> None:
    closed = in_status(Status.CLOSED)
    assert with_status(closed, Status.CLOSED, LATER) == closed


@pytest.mark.parametrize(
    ("action", "fields", "reason"),
    [
        ("take", {"assignee": "jo"}, "#1 is jo's already"),
        ("priority", {"declined": "Not ours."}, "#1 was declined and has no priority"),
    ],
)
def test_the_reason_beforehand_is_the_reason_of_trying(
    action: str, fields: dict[str, object], reason: str
) -> None:
    assert str(refusal_of(action, ticket(**fields), "mo", LATER)).startswith(reason)


@pytest.mark.parametrize("action", ACTIONS)
def test_asking_changes_nothing(action: str) -> None:
    before: Ticket = ticket()
    now: datetime = LATER
    refusal_of(action, before, "mo", now)
    assert before == ticket()


def test_a_login_in_other_capitals_is_the_same_person() -> None:
    mine = in_status(Status.OPEN, assignee="mo")
    assert taken(mine, "MO") is mine
    assert assigned(mine, "Mo") is mine
    assert next_step(mine, "MO", WORDS, clock=CLOCK).sentence[0].isupper()
    assert assigned(mine, "jo").assignee == "jo"
