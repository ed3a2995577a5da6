"""What support fills in and hands over, and what engineering says, in every status."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.engineering.handover import (
    LONGEST_CONTEXT,
    SCHEDULED,
    Way,
    asks_to_drop_everything,
    checklist,
    escalated,
    filled,
    handed_over,
    missing,
    reviewed,
    sent_back,
    thin,
    ways,
)
from policy.refusal import Refusal
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.ticket import Escalation, HandOver, Review, Ticket
from policy.tickets.actions import heard, replied, with_status, with_status_elsewhere
from policy.words import Priority, Status
from tests.examples import MONDAY, PRIORITIES, WORDS, ticket

NAMES = handbook().engineering.context
TIMINGS = handbook().engineering.timings
LATER = MONDAY + timedelta(hours=1)
STILL_LATER = MONDAY + timedelta(hours=2)
FRIDAY = date(2026, 3, 6)
NOT_CLOSED = [status for status in Status if status is not Status.CLOSED]
OURS = load_rulebook(
    '[engineering]\ncontext = ["日志"]\ntimings = ["soon", "never"]\n', "ours.toml"
)


def complete(**fields: object) -> Ticket:
    """Return an answered ticket of mo's with the whole context filled in."""
    answered = {"status": Status.OPEN, "first_response_at": MONDAY, "waiting_since": None}
    context = tuple((name, f"The {name}.") for name in NAMES)
    return ticket(**{**answered, "assignee": "mo", "context": context, **fields})


def resting(**fields: object) -> Ticket:
    """Return a ticket that rests with engineering."""
    return handed_over(complete(**fields), handbook(), by="mo", now=LATER)


def decided(before: Ticket, timing: str = "backlog", **more: object) -> Ticket:
    """Return a ticket as eve reviewed it."""
    return reviewed(before, handbook(), by="eve", now=STILL_LATER, timing=timing, **more)  # type: ignore[arg-type] # a date or a note


# The context


def test_the_context_is_filled_name_by_name_in_the_policys_order() -> None:
    before = ticket()
    assert missing(before, handbook()) == NAMES
    logs = filled(before, handbook(), "logs", "  502\r\nupstream  \n\n")
    both = filled(logs, handbook(), "environment", "4.2.1 on k8s")
    assert both.context == (("environment", "4.2.1 on k8s"), ("logs", "  502\nupstream"))
    assert missing(both, handbook()) == (
        "steps_to_reproduce", "recent_changes", "who_is_affected", "urgency",
    )  # fmt: skip
    assert dict(checklist(both, handbook()))["logs"] == "  502\nupstream"
    assert dict(checklist(both, handbook()))["urgency"] is None


@pytest.mark.parametrize("nothing", ["", "  \n\t", "\r\n\r\n"])
def test_an_empty_text_clears_what_was_filled_in(nothing: str) -> None:
    before = filled(ticket(), handbook(), "logs", "502")
    assert filled(before, handbook(), "logs", nothing) == ticket()
    assert filled(ticket(), handbook(), "logs", nothing) == ticket()


def test_a_name_that_the_policy_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(Refusal, match=r'^context: "log"; expected environment, .* or urgency$'):
        filled(ticket(), handbook(), "log", "502")


def test_what_was_filled_in_under_an_older_policy_stays_and_comes_last() -> None:
    before = filled(ticket(), handbook(), "logs", "502")
    after = filled(before, OURS, "日志", "崩溃")
    assert after.context == (("日志", "崩溃"), ("logs", "502"))
    assert checklist(before, OURS) == (("日志", None), ("logs", "502"))
    assert missing(after, OURS) == ()
    assert filled(after, OURS, "logs", "").context == (("日志", "崩溃"),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * (LONGEST_CONTEXT + 1), "^recent changes: 10,001 characters; expected at most"),
        ("a\0b", "^recent changes: expected text without NUL characters"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        filled(ticket(), handbook(), "recent_changes", text)


# Handing over


@pytest.mark.parametrize(("status", "priority"), list(product(NOT_CLOSED, ["p2", "p3"])))
def test_a_ticket_with_its_context_rests_with_engineering(
    status: Status, priority: Priority
) -> None:
    rests = resting(status=status, priority=priority)
    assert rests.status is Status.ON_HOLD
    assert rests.handed_over == HandOver(by="mo", at=LATER)
    assert rests.with_engineering_since == LATER
    assert not rests.actionable
    assert rests.assignee == "mo"


@given(st.sets(st.sampled_from(NAMES), min_size=1))
def test_what_is_missing_is_said_and_nothing_is_handed_over(lacking: set[str]) -> None:
    context = tuple((name, "So.") for name in NAMES if name not in lacking)
    with pytest.raises(Refusal) as refused:
        resting(context=context)
    for name in NAMES:
        assert (name.replace("_", " ") in refused.value.reason) is (name in lacking)


DEMANDING = load_rulebook(
    "[engineering]\n[engineering.fewest_words]\nlogs = 3\nurgency = 2\n"
    '[engineering.examples]\nlogs = "the error with its time"\n',
    "ours.toml",
)


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(1, 5), min_size=6))
def test_a_field_that_says_little_is_named_and_takes_a_second_word(words: dict[str, int]) -> None:
    context = tuple((name, "word " * words[name]) for name in NAMES)
    little = [name for name in ("logs", "urgency") if words[name] < {"logs": 3, "urgency": 2}[name]]
    answered = ticket(waiting_since=None, context=context)
    assert list(thin(answered, DEMANDING)) == little
    assert thin(answered, handbook()) == (), "the handbook asks for no number of words"
    assert ways(answered, DEMANDING, LATER)[Way.HAND_OVER] is None, "a second word is enough"
    rests = handed_over(answered, DEMANDING, by="mo", now=LATER, as_it_is=True)
    assert rests.handed_over == HandOver(by="mo", at=LATER)
    if not little:
        assert handed_over(answered, DEMANDING, by="mo", now=LATER) == rests
        return
    with pytest.raises(Refusal, match="say more, or hand it over as it is") as refused:
        handed_over(answered, DEMANDING, by="mo", now=LATER)
    assert f"says little in {' and '.join(little)};" in refused.value.reason


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("fewest_words.log", "expected environment, steps_to_reproduce, logs"),
        ("examples.log", "expected environment, steps_to_reproduce, logs"),
    ],
)
def test_a_name_that_the_context_lacks_is_refused(table: str, line: str) -> None:
    value = 3 if "words" in table else '"so"'
    with pytest.raises(Refusal, match=rf"engineering\.{table}.*{line}"):
        load_rulebook(f"[engineering]\n{table} = {value}\n", "ours.toml")


def test_all_that_is_missing_is_said_in_words() -> None:
    with pytest.raises(Refusal) as refused:
        handed_over(ticket(waiting_since=None), handbook(), by="mo", now=LATER)
    assert refused.value.reason == (
        "#1 lacks environment, steps to reproduce, logs, recent changes, who is affected and"
        " urgency; fill it in"
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"declined": "No."}, "#1 was declined, so it is nothing for engineering"),
        ({"status": Status.CLOSED}, "#1 is closed, which is final"),
        ({"handed_over": HandOver(by="jo", at=MONDAY), "status": Status.ON_HOLD},
         "#1 is with engineering already, handed over by jo"),
        ({"waiting_since": MONDAY},
         "#1 is owed an answer: first an answer to the customer, then the hand-over"),
        ({"priority": "p0"}, "#1 is p0: say first whether it can wait a day"),
        ({"priority": "p1"}, "#1 is p1: say first whether it can wait a day"),
    ],
)  # fmt: skip
def test_what_cannot_be_handed_over(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        resting(**fields)


def test_handing_over_again_answers_the_question_and_keeps_what_is_to_be_told() -> None:
    asked = sent_back(resting(), by="eve", now=STILL_LATER, question="Which version?")
    again = handed_over(asked, handbook(), by="mo", now=STILL_LATER)
    assert again.review is None
    untold = decided(resting())
    assert handed_over(untold, handbook(), by="mo", now=STILL_LATER).review == untold.review


# Asking to drop everything


@pytest.mark.parametrize("priority", ["p0", "p1"])
def test_one_that_cannot_wait_stays_in_the_queue_as_it_is(priority: Priority) -> None:
    before = ticket(priority=priority)
    asked = escalated(before, WORDS, by="mo", now=LATER, cannot_wait=True, because=" Boats\nstop. ")
    assert asked.escalation == Escalation(
        by="mo", at=LATER, cannot_wait=True, because="Boats stop."
    )
    assert (asked.status, asked.handed_over) == (before.status, None)
    assert asked.actionable
    assert asks_to_drop_everything(asked, WORDS)
    assert asked.with_engineering_since == LATER


@pytest.mark.parametrize("priority", ["p0", "p1"])
def test_one_that_can_wait_takes_the_way_of_a_p2(priority: Priority) -> None:
    can = escalated(complete(priority=priority), WORDS, by="mo", now=LATER, cannot_wait=False)
    assert not asks_to_drop_everything(can, WORDS)
    assert can.with_engineering_since is None
    assert handed_over(can, handbook(), by="mo", now=LATER).status is Status.ON_HOLD


def test_the_last_answer_counts() -> None:
    cannot = escalated(
        complete(priority="p0"), WORDS, by="mo", now=LATER, cannot_wait=True, because="Boats stop."
    )
    with pytest.raises(Refusal, match="#1 is p0 and cannot wait, as mo said; say first that it"):
        handed_over(cannot, handbook(), by="mo", now=LATER)
    can = escalated(cannot, WORDS, by="jo", now=STILL_LATER, cannot_wait=False)
    rests = handed_over(can, handbook(), by="jo", now=STILL_LATER)
    assert asks_to_drop_everything(rests, WORDS) is False
    urgent = escalated(
        rests, WORDS, by="mo", now=STILL_LATER, cannot_wait=True, because="Now it burns."
    )
    assert asks_to_drop_everything(urgent, WORDS)
    assert urgent.status is Status.ON_HOLD


def test_the_same_answer_again_changes_nothing_until_engineering_has_spoken() -> None:
    def asking(before: Ticket, now: datetime) -> Ticket:
        return escalated(before, WORDS, by="mo", now=now, cannot_wait=True, because="Boats stop.")

    asked = asking(complete(priority="p0"), LATER)
    assert asking(asked, STILL_LATER) == asked
    can = escalated(asked, WORDS, by="mo", now=LATER, cannot_wait=False)
    assert escalated(can, WORDS, by="jo", now=STILL_LATER, cannot_wait=False) == can
    after = decided(asked, "backlog")
    assert not asks_to_drop_everything(after, WORDS)
    assert asks_to_drop_everything(asking(after, STILL_LATER + timedelta(hours=1)), WORDS)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"priority": "p2"}, "#1 is p2: engineering drops everything for p0 and p1 only"),
        ({"priority": "p3"}, "#1 is p3: engineering drops everything for p0 and p1 only"),
        ({"declined": "No."}, "#1 was declined"),
        ({"status": Status.CLOSED, "priority": "p0"}, "#1 is closed"),
    ],
)
def test_what_nothing_is_dropped_for(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        escalated(ticket(**fields), WORDS, by="mo", now=LATER, cannot_wait=True, because="So.")


@pytest.mark.parametrize("because", ["", "  ", "\n"])
def test_what_cannot_wait_needs_a_because(because: str) -> None:
    urgent = ticket(priority="p0")
    with pytest.raises(Refusal, match="because: missing; say in a sentence why it cannot wait"):
        escalated(urgent, WORDS, by="mo", now=LATER, cannot_wait=True, because=because)


def test_a_lower_priority_asks_for_nothing_to_be_dropped() -> None:
    asked = escalated(
        ticket(priority="p1"), WORDS, by="mo", now=LATER, cannot_wait=True, because="So."
    )
    lowered = ticket(priority="p2", escalation=asked.escalation)
    assert not asks_to_drop_everything(lowered, WORDS)


# Reviewing


@pytest.mark.parametrize("timing", [timing for timing in TIMINGS if timing != SCHEDULED])
def test_a_review_decides_the_timing_and_the_ticket_is_ours_again(timing: str) -> None:
    wrote = heard(resting(), STILL_LATER)
    back = decided(wrote, timing, note=" Known\n bug. ")
    assert back.review == Review(
        by="eve", at=STILL_LATER, timing=timing, scheduled_for=None, note="Known bug.", told=False
    )
    assert (back.status, back.handed_over) == (Status.OPEN, None)
    assert back.waiting_since == STILL_LATER
    assert back.with_engineering_since is None
    assert back.context == wrote.context


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 2), FRIDAY])
def test_scheduled_comes_with_a_day_that_is_today_somewhere_or_to_come(day: date) -> None:
    at_one = MONDAY.replace(hour=11)  # in the west it is Sunday still
    back = reviewed(
        resting(), handbook(), by="eve", now=at_one, timing=SCHEDULED, scheduled_for=day
    )
    assert back.review is not None
    assert back.review.scheduled_for == day


@pytest.mark.parametrize(
    ("timing", "day", "reason"),
    [
        ("someday", None, r'^timing: "someday"; expected now, next_release, .* or wont_do$'),
        (SCHEDULED, None, "^date: missing; say for which day"),
        (SCHEDULED, date(2026, 2, 28), "^date: 2026-02-28; expected a day that is not past"),
        ("now", FRIDAY, "^date: 2026-03-06; expected none for the timing now"),
        ("wont_do", FRIDAY, "expected none for the timing won't do"),
    ],
)
def test_a_timing_that_is_none(timing: str, day: date | None, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        decided(resting(), timing, scheduled_for=day)


def test_the_timings_are_the_policys() -> None:
    rests = handed_over(filled(complete(), OURS, "日志", "崩溃"), OURS, by="mo", now=LATER)
    back = reviewed(rests, OURS, by="eve", now=STILL_LATER, timing="soon")
    assert back.review is not None
    assert back.review.timing == "soon"
    with pytest.raises(Refusal, match='"now"; expected soon or never'):
        reviewed(rests, OURS, by="eve", now=STILL_LATER, timing="now")


@pytest.mark.parametrize("status", list(Status))
def test_what_does_not_rest_with_engineering_is_not_reviewed(status: Status) -> None:
    for act in (decided, lambda each: sent_back(each, by="eve", now=LATER, question="Why?")):
        with pytest.raises(Refusal, match="#1 does not rest with engineering; support hands it"):
            act(complete(status=status))


def test_what_cannot_wait_is_reviewed_where_it_stands() -> None:
    asked = escalated(
        ticket(priority="p0"), WORDS, by="mo", now=LATER, cannot_wait=True, because="So."
    )
    back = decided(asked, "now")
    assert (back.status, back.with_engineering_since) == (Status.NEW, None)
    resting_customer = with_status(asked, Status.PENDING, LATER)
    assert decided(resting_customer, "now").status is Status.OPEN


def test_a_question_sends_it_back() -> None:
    back = sent_back(resting(), by="eve", now=STILL_LATER, question=" Which\tversion? ")
    assert back.review == Review(
        by="eve", at=STILL_LATER, timing=None, scheduled_for=None, note="Which version?", told=False
    )
    assert (back.status, back.handed_over) == (Status.OPEN, None)
    with pytest.raises(Refusal, match="question: missing; say in a sentence what engineering"):
        sent_back(resting(), by="eve", now=STILL_LATER, question=" ")


@pytest.mark.parametrize("text", ["x" * 1_001, "a\0b"])
def test_notes_and_questions_are_short_lines(text: str) -> None:
    with pytest.raises(Refusal, match=r"^note: "):
        decided(resting(), note=text)
    with pytest.raises(Refusal, match=r"^question: "):
        sent_back(resting(), by="eve", now=STILL_LATER, question=text)


# What else happens to it meanwhile


def test_a_reply_tells_the_customer() -> None:
    told = replied(decided(heard(resting(), STILL_LATER)), STILL_LATER)
    assert told.review is not None
    assert told.review.told
    assert replied(told, STILL_LATER).review == told.review


def test_a_customer_who_writes_and_is_answered_takes_nothing_from_engineering() -> None:
    wrote = heard(resting(), STILL_LATER)
    assert (wrote.status, wrote.with_engineering_since) == (Status.OPEN, LATER)
    assert decided(wrote).status is Status.OPEN
    assert replied(wrote, STILL_LATER) == replace(
        resting(), last_customer_message_at=STILL_LATER, last_response_at=STILL_LATER
    )


@pytest.mark.parametrize("status", [each for each in NOT_CLOSED if each is not Status.NEW])
def test_another_status_takes_it_back(status: Status) -> None:
    moved = with_status(resting(), status, LATER)
    assert (moved.handed_over is None) is (status is not Status.ON_HOLD)
    wrote = heard(resting(), STILL_LATER)
    reason = "They found it." if status is Status.SOLVED else ""
    back = with_status(wrote, status, STILL_LATER, unanswered=reason)
    assert (back.handed_over is None) is (status is not Status.ON_HOLD)


@pytest.mark.parametrize("status", Status)
def test_another_help_desk_takes_it_back_unless_the_customer_wrote_there(status: Status) -> None:
    moved = with_status_elsewhere(resting(), status)
    stays = status in (Status.OPEN, Status.ON_HOLD)
    assert (moved.status, moved.handed_over is not None) == (status, stays)


@pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED])
def test_nobody_drops_anything_for_what_is_solved(status: Status) -> None:
    asked = escalated(
        complete(priority="p0"), WORDS, by="mo", now=LATER, cannot_wait=True, because="So."
    )
    over = with_status(asked, status, LATER)
    assert (over.escalation, over.with_engineering_since) == (None, None)


# What is open to a ticket


EVERY_KIND = [
    complete(priority=priority, status=status, escalation=escalation, context=context,
             handed_over=rests and HandOver(by="mo", at=MONDAY))
    for priority, status, escalation, context, rests in product(
        PRIORITIES, Status,
        [None, *(Escalation(by="mo", at=MONDAY, cannot_wait=answer, because="So.")
                 for answer in (True, False))],
        [(), complete().context], [None, True],
    )
]  # fmt: skip


def done(way: Way, before: Ticket) -> Ticket:
    doing: dict[Way, Callable[[], Ticket]] = {
        Way.FILL: lambda: filled(before, handbook(), "logs", "502"),
        Way.HAND_OVER: lambda: handed_over(before, handbook(), by="mo", now=LATER),
        Way.CANNOT_WAIT: lambda: escalated(
            before, WORDS, by="mo", now=LATER, cannot_wait=True, because="Boats stop."
        ),
        Way.CAN_WAIT: lambda: escalated(before, WORDS, by="mo", now=LATER, cannot_wait=False),
        Way.TAKE_BACK: lambda: with_status(before, Status.OPEN, LATER),
    }
    return doing[way]()


def why_refused(way: Way, before: Ticket) -> str | None:
    try:
        done(way, before)
    except Refusal as refusal:
        return refusal.reason
    return None


@pytest.mark.parametrize("way", Way)
def test_the_reason_beforehand_is_the_reason_of_trying(way: Way) -> None:
    for each in EVERY_KIND:
        told = ways(each, handbook(), LATER)[way]
        if way is Way.TAKE_BACK and each.handed_over is None:
            assert told == "#1 was not handed over, so there is nothing to take back"
        else:
            assert told == why_refused(way, each)
