"""How decisions are said, and that no drafted answer says too much."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.engineering.wording import answer_draft, decision, in_words, to_tell
from policy.rulebook.rulebook import handbook
from policy.ticket import Requester, Review
from tests.examples import MONDAY, ticket

TIMINGS = (*handbook().engineering.timings, "next_quarter", "明年")
PROMISES = ("promise", "guarantee", "will be fixed", "will fix", "by the end", "deadline")


def review(timing: str | None, note: str = "", day: date | None = None) -> Review:
    return Review(by="eve", at=MONDAY, timing=timing, scheduled_for=day, note=note, told=False)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("next_release", "next release"), ("wont_do", "won't do"), ("now", "now"),
        ("who_is_affected", "who is affected"), ("日志", "日志"), ("two words", "two words"),
        ("_", "_"),
    ],
)  # fmt: skip
def test_names_are_said_as_people_say_them(name: str, said: str) -> None:
    assert in_words(name) == said


@pytest.mark.parametrize(
    ("timing", "said"),
    [
        ("now", "engineering works on it now"),
        ("next_release", "engineering wants it in the next release"),
        ("scheduled", "engineering has scheduled it for 6 Mar 2026"),
        ("backlog", "engineering keeps it in the backlog"),
        ("wont_do", "engineering won't do it"),
        ("next_quarter", "engineering decided on “next quarter”"),
        (None, None),
    ],
)
def test_what_is_to_be_told_is_one_clause(timing: str | None, said: str | None) -> None:
    day = date(2026, 3, 6) if timing == "scheduled" else None
    assert to_tell(review(timing, day=day)) == said


def test_a_decision_names_its_day() -> None:
    assert decision(review("scheduled", day=date(2026, 12, 3))) == "scheduled for 3 Dec 2026"
    assert decision(review("wont_do")) == "won't do"
    assert decision(review(None)) == "a question"


@pytest.mark.parametrize("timing", TIMINGS)
def test_a_draft_greets_names_the_ticket_and_never_promises(timing: str) -> None:
    asked = ticket(subject="Search is slow", requester=Requester(name="Ada"))
    draft = answer_draft(asked, review(timing, day=date(2026, 3, 6)))
    assert draft is not None
    assert draft.startswith("Hello Ada,\n\nthere is news about “Search is slow”.\n\nOur engineers")
    assert not any(promise in draft.lower() for promise in PROMISES)
    assert "2026" not in draft
    assert "Mar" not in draft
    assert draft.endswith("your support team\n")


def test_every_timing_of_the_handbook_has_a_draft_of_its_own() -> None:
    drafts = {answer_draft(ticket(), review(timing)) for timing in TIMINGS}
    assert len(drafts) == len(handbook().engineering.timings) + 1


def test_without_a_requester_the_customer_is_greeted() -> None:
    assert str(answer_draft(ticket(), review("now"))).startswith("Hello Acme,")


def test_a_question_is_for_us_and_no_customer_is_drafted_anything() -> None:
    assert answer_draft(ticket(), review(None, "Which version?")) is None


@given(st.sampled_from(TIMINGS), st.text(min_size=1))
def test_the_note_never_is_in_the_draft(timing: str, note: str) -> None:
    with_note, without = (answer_draft(ticket(), review(timing, each)) for each in (note, ""))
    assert with_note == without
