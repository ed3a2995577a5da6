"""Engineering at the desk: what is filled in, handed over, decided, and told."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest

from policy.refusal import Refusal
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.words import PriorityInput, Status
from store.desk import Desk
from store.engineering.engineering_models import EscalationCount
from store.queue.query import Query
from tests.examples import MONDAY, incoming
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team

Act = Callable[[], object]

ANSWERS: Mapping[str, str] = {name: f"The {name}." for name in handbook().engineering.context}


@pytest.fixture
def support(open_desk: OpenDesk) -> Desk:
    """Return early1's desk: three p2s and a p0, of which early1 has the first."""
    lead = open_desk("lee")
    lead.team.import_members(team())
    lead.transfer.take_in([*(incoming(number) for number in (1, 2, 3)), incoming(4, severity=0)])
    desk = open_desk("early1")
    desk.tickets.take(1)
    desk.tickets.reply(1)
    return desk


@pytest.fixture
def engineer(support: Desk, open_desk: OpenDesk) -> Desk:
    """Return eve's desk, who is the engineer."""
    del support
    return open_desk("eve")


def numbers(desk: Desk) -> list[str]:
    """Return which tickets wait for an engineer, in their order."""
    return [each.ticket.external_id for each in desk.engineering.waiting().waiting]


def test_a_p2_is_handed_over_with_its_context_reviewed_and_told(
    support: Desk, engineer: Desk, clock: Clock
) -> None:
    with pytest.raises(Refusal, match=r"#1 lacks environment, steps to reproduce, .* urgency"):
        support.engineering.hand_over(1)
    support.engineering.fill_context(1, {name: ANSWERS[name] for name in list(ANSWERS)[:3]})
    assert support.tickets.card(1).next_step.sentence == (
        "Fill in recent changes, who is affected and urgency for engineering, then hand it over."
    )
    support.engineering.fill_context(1, {name: ANSWERS[name] for name in list(ANSWERS)[3:]})
    assert (
        support.tickets.card(1).next_step.sentence
        == "Hand it over to engineering: the context is complete."
    )
    queue = support.queue.overview().queue
    rests = support.engineering.hand_over(1)
    assert rests.status is Status.ON_HOLD
    assert support.queue.overview().queue == queue - 1
    assert (
        "it is with engineering since Mon 2 Mar 09:00, and"
        in support.tickets.card(1).next_step.sentence
    )

    clock.advance(hours=5)
    (waiting,) = engineer.engineering.waiting().waiting
    assert dict(waiting.checklist) == ANSWERS
    assert waiting.ticket.with_engineering_since == MONDAY
    engineer.engineering.review(
        1, "scheduled", scheduled_for=date(2026, 3, 12), note="In the parser."
    )
    assert engineer.engineering.waiting().total == 0

    card = support.tickets.card(1)
    assert card.ticket.status is Status.OPEN
    assert card.position is not None
    assert (
        card.next_step.sentence
        == "Tell the customer: engineering has scheduled it for 12 Mar 2026."
    )
    assert card.engineering.draft is not None
    assert "In the parser." not in card.engineering.draft
    support.tickets.reply(1, Status.PENDING)
    assert support.tickets.card(1).engineering.draft is None
    assert [event.kind for event in support.tickets.history(1)] == [
        "imported", "taken", "replied", "context_filled", "context_filled", "handed_over",
        "reviewed", "replied",
    ]  # fmt: skip


def test_the_history_says_who_before_and_after(support: Desk, engineer: Desk) -> None:
    support.engineering.fill_context(1, ANSWERS)
    support.engineering.hand_over(1)
    engineer.engineering.send_back(1, "Which version is it?")
    filled, handed, sent = support.tickets.history(1)[-3:]
    assert (filled.before, filled.after) == ({"context": {}}, {"context": dict(ANSWERS)})
    assert filled.note.startswith("environment, steps to reproduce,")
    assert handed.after == {
        "status": "on_hold", "handed_over": {"by": "early1", "at": "2026-03-02T09:00:00Z"},
    }  # fmt: skip
    assert (sent.actor, sent.note) == ("eve", "Which version is it?")
    assert sent.before is not None
    assert sent.before["handed_over"] == handed.after["handed_over"]
    assert sent.after is not None
    assert sent.after["handed_over"] is None
    assert support.tickets.card(1).next_step.sentence == (
        "Answer engineering in the context, then hand it over again: Which version is it?"
    )


def test_the_oldest_hand_over_comes_first_and_what_cannot_wait_before_all(
    support: Desk, engineer: Desk, clock: Clock
) -> None:
    for number in (3, 1, 2):
        support.engineering.fill_context(number, ANSWERS)
        support.tickets.reply(number)
        support.engineering.hand_over(number)
        clock.advance(minutes=10)
    assert numbers(engineer) == ["3", "1", "2"]
    support.engineering.escalate(4, cannot_wait=True, because="Boats stop.")
    assert numbers(engineer) == ["4", "3", "1", "2"]
    assert [each.urgent for each in engineer.engineering.waiting().waiting] == [True, *[False] * 3]
    assert support.queue.overview().number_one == support.tickets.get(4)
    engineer.engineering.review(4, "now")
    assert numbers(engineer) == ["3", "1", "2"]
    assert support.tickets.get(4).status is Status.NEW
    support.tickets.set_status(1, Status.OPEN)
    assert numbers(engineer) == ["3", "2"], "what support took back is theirs"


def test_a_p0_is_handed_over_when_it_can_wait_and_both_answers_are_counted(
    support: Desk, clock: Clock
) -> None:
    support.engineering.fill_context(4, ANSWERS)
    support.tickets.reply(4)
    with pytest.raises(Refusal, match="#4 is p0: say first whether it can wait a day"):
        support.engineering.hand_over(4)
    with pytest.raises(Refusal, match="because: missing"):
        support.engineering.escalate(4, cannot_wait=True)
    for _ in range(2):
        support.engineering.escalate(4, cannot_wait=True, because="Boats stop.")
    clock.advance(minutes=1)
    support.engineering.escalate(4, cannot_wait=False)
    support.engineering.hand_over(4)
    later = clock.advance(minutes=1)
    assert support.engineering.escalations(MONDAY, later) == EscalationCount(
        cannot_wait=1, can_wait=1
    )
    assert support.engineering.escalations(MONDAY + timedelta(minutes=1), later).cannot_wait == 0
    assert support.engineering.waiting().escalations == EscalationCount(cannot_wait=1, can_wait=1)
    clock.advance(days=8)
    assert support.engineering.waiting().escalations == EscalationCount(cannot_wait=0, can_wait=0)


def test_whoever_waits_is_answered_before_engineering_has_it(
    support: Desk, engineer: Desk, clock: Clock
) -> None:
    support.engineering.fill_context(2, ANSWERS)
    with pytest.raises(Refusal, match="#2 is owed an answer: first an answer to the customer"):
        support.engineering.hand_over(2)
    support.tickets.reply(2)
    support.engineering.hand_over(2)
    assert support.queue.position(2) is None
    clock.advance(minutes=1)
    heard = support.tickets.heard(2)
    assert (heard.status, heard.owed) == (Status.OPEN, True)
    assert support.queue.position(2) is not None, "the customer waits, whoever has it"
    assert numbers(engineer) == ["2"]
    clock.advance(minutes=1)
    assert support.tickets.reply(2).status is Status.ON_HOLD
    assert support.queue.position(2) is None
    assert numbers(engineer) == ["2"]


def test_what_was_done_with_engineering_is_taken_back_whole(
    support: Desk, engineer: Desk, clock: Clock
) -> None:
    support.engineering.fill_context(1, ANSWERS)
    support.engineering.hand_over(1)
    resting = support.tickets.get(1)
    engineer.engineering.review(1, "backlog")
    engineer.tickets.comment(1, "A comment stays.")
    engineer.history.undo()
    back = support.tickets.get(1)
    assert (back.handed_over, back.review, back.status) == (
        resting.handed_over, None, Status.ON_HOLD,
    )  # fmt: skip
    assert numbers(engineer) == ["1"]
    support.history.undo()
    assert support.tickets.get(1).handed_over is None
    support.engineering.escalate(4, cannot_wait=True, because="Boats stop.")
    support.history.undo()
    clock.advance(minutes=1)
    assert support.engineering.waiting().escalations == EscalationCount(cannot_wait=0, can_wait=0)
    support.history.redo()
    assert support.engineering.waiting().escalations == EscalationCount(cannot_wait=1, can_wait=0)


def test_a_lower_priority_takes_a_ticket_from_the_top(support: Desk, engineer: Desk) -> None:
    support.engineering.escalate(4, cannot_wait=True, because="Boats stop.")
    support.tickets.assign_priority(
        4, "p2", reason="Only one boat.", rests_on=PriorityInput.CUSTOMER
    )
    (waiting,) = engineer.engineering.waiting().waiting
    assert not waiting.urgent


def test_what_is_so_already_is_not_written_again(support: Desk) -> None:
    support.engineering.fill_context(1, ANSWERS)
    revision = support.history.revision()
    support.engineering.fill_context(1, ANSWERS)
    assert support.history.revision() == revision


def test_a_name_that_is_wrong_fills_in_nothing(support: Desk) -> None:
    with pytest.raises(Refusal, match='context: "log"; expected'):
        support.engineering.fill_context(1, {"environment": "4.2", "log": "502"})
    assert support.tickets.get(1).context == ()


def test_a_review_of_what_was_changed_meanwhile_is_refused(support: Desk, engineer: Desk) -> None:
    support.engineering.fill_context(1, ANSWERS)
    seen = support.engineering.hand_over(1).version
    support.engineering.fill_context(1, {"urgency": "More than it was."})
    acts: list[Act] = [
        lambda: engineer.engineering.review(1, "backlog"),
        lambda: engineer.engineering.send_back(1, "Why?"),
    ]
    for act in acts:
        with (
            pytest.raises(Refusal, match=r"#1 was changed meanwhile by early1 \(context filled\)"),
            engineer.decided_on({1: seen}),
        ):
            act()


def test_a_comment_changes_nothing_but_is_in_the_history(support: Desk, engineer: Desk) -> None:
    before = support.tickets.get(1)
    assert engineer.tickets.comment(1, " It is the parser. \n") == before
    event = support.tickets.history(1)[-1]
    assert (event.kind, event.actor, event.note) == ("commented", "eve", " It is the parser.")
    assert (event.before, event.after) == (None, None)
    for text, reason in (("", "missing"), ("x" * 10_001, "10,001 characters"), ("a\0", "NUL")):
        with pytest.raises(Refusal, match=f"comment: .*{reason}"):
            engineer.tickets.comment(1, text)


def test_who_may_do_what(support: Desk, engineer: Desk, open_desk: OpenDesk) -> None:
    support.engineering.fill_context(1, ANSWERS)
    of_support: list[Act] = [
        lambda: engineer.engineering.fill_context(1, {"logs": "502"}),
        lambda: engineer.engineering.hand_over(1),
        lambda: engineer.engineering.escalate(4, cannot_wait=False),
    ]
    for act in of_support:
        with pytest.raises(Refusal, match="eve is an engineer, who may look, comment and review"):
            act()
    support.engineering.hand_over(1)
    of_engineers: list[Act] = [
        lambda: support.engineering.review(1, "now"),
        lambda: support.engineering.send_back(1, "?"),
    ]
    for act in of_engineers:
        with pytest.raises(Refusal, match="that is for an engineer"):
            act()
    assert open_desk("lee").engineering.review(1, "now").review is not None


def test_support_writes_down_what_engineers_outside_the_team_say(desk: Desk) -> None:
    desk.team.import_members([each for each in team() if each.role != "engineer"])
    desk.act_as("early1")
    desk.transfer.take_in([incoming(1)])
    desk.engineering.fill_context(1, ANSWERS)
    desk.tickets.reply(1)
    desk.engineering.hand_over(1)
    assert desk.engineering.review(1, "backlog").review is not None


def test_the_names_are_those_of_the_policy(support: Desk, open_desk: OpenDesk) -> None:
    ours = '[engineering]\ncontext = ["日志"]\ntimings = ["soon"]\n'
    open_desk("lee").policy.adopt(load_rulebook(ours, "ours.toml"))
    support.engineering.fill_context(1, {"日志": "崩溃 🚢"})
    support.engineering.hand_over(1)
    found = support.engineering.waiting()
    assert found.timings == ("soon",)
    assert found.waiting[0].checklist == (("日志", "崩溃 🚢"),)


def test_another_help_desk_that_solves_it_takes_it_from_engineering(
    support: Desk, engineer: Desk
) -> None:
    support.engineering.fill_context(1, ANSWERS)
    support.engineering.hand_over(1)
    open_there = incoming(1, status="open", tags=["a"])
    support.transfer.take_in([open_there])
    assert numbers(engineer) == ["1"]
    support.transfer.take_in([incoming(1, status="solved")])
    assert numbers(engineer) == []
    assert support.queue.page(Query(), 0, None)
