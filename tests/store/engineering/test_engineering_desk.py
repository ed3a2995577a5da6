"""Engineering at the desk: what is filled in, handed over, decided, and told."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest

from policy.refusal import Refusal
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.words import Priority, PriorityInput, Status
from store.desk import Desk
from store.queue.query import Query
from store.read_models import EscalationCount
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
    lead.import_team(team())
    lead.take_in([*(incoming(number) for number in (1, 2, 3)), incoming(4, severity=0)])
    desk = open_desk("early1")
    desk.take("test:1")
    desk.reply("test:1")
    return desk


@pytest.fixture
def engineer(support: Desk, open_desk: OpenDesk) -> Desk:
    """Return eve's desk, who is the engineer."""
    del support
    return open_desk("eve")


def numbers(desk: Desk) -> list[str]:
    """Return which tickets wait for an engineer, in their order."""
    return [each.ticket.external_id for each in desk.with_engineering().waiting]


def test_a_p2_is_handed_over_with_its_context_reviewed_and_told(
    support: Desk, engineer: Desk, clock: Clock
) -> None:
    with pytest.raises(Refusal, match=r"#1 lacks environment, steps to reproduce, .* urgency"):
        support.hand_over("test:1")
    support.fill_context("test:1", {name: ANSWERS[name] for name in list(ANSWERS)[:3]})
    assert support.card(1).next_step == (
        "Fill in recent changes, who is affected and urgency for engineering, then hand it over."
    )
    support.fill_context("test:1", {name: ANSWERS[name] for name in list(ANSWERS)[3:]})
    assert support.card(1).next_step == "Hand it over to engineering: the context is complete."
    queue = support.overview().queue
    rests = support.hand_over("test:1")
    assert rests.status is Status.ON_HOLD
    assert support.overview().queue == queue - 1
    assert "it is with engineering since Mon 2 Mar 09:00 UTC" in support.card(1).next_step

    clock.advance(hours=5)
    (waiting,) = engineer.with_engineering().waiting
    assert dict(waiting.checklist) == ANSWERS
    assert waiting.ticket.with_engineering_since == MONDAY
    engineer.review("test:1", "scheduled", scheduled_for=date(2026, 3, 12), note="In the parser.")
    assert engineer.with_engineering().total == 0

    card = support.card(1)
    assert card.ticket.status is Status.OPEN
    assert card.position is not None
    assert card.next_step == "Tell the customer: engineering has scheduled it for 12 Mar 2026."
    assert card.engineering.draft is not None
    assert "In the parser." not in card.engineering.draft
    support.reply("test:1", Status.PENDING)
    assert support.card(1).engineering.draft is None
    assert [event.kind for event in support.history(1)] == [
        "imported", "taken", "replied", "context_filled", "context_filled", "handed_over",
        "reviewed", "replied",
    ]  # fmt: skip


def test_the_history_says_who_before_and_after(support: Desk, engineer: Desk) -> None:
    support.fill_context("test:1", ANSWERS)
    support.hand_over("test:1")
    engineer.send_back("test:1", "Which version is it?")
    filled, handed, sent = support.history(1)[-3:]
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
    assert support.card(1).next_step == (
        "Answer engineering in the context, then hand it over again: Which version is it?"
    )


def test_the_oldest_hand_over_comes_first_and_what_cannot_wait_before_all(
    support: Desk, engineer: Desk, clock: Clock
) -> None:
    for number in (3, 1, 2):
        support.fill_context(f"test:{number}", ANSWERS)
        support.hand_over(f"test:{number}")
        clock.advance(minutes=10)
    assert numbers(engineer) == ["3", "1", "2"]
    support.escalate("test:4", cannot_wait=True, because="Boats stop.")
    assert numbers(engineer) == ["4", "3", "1", "2"]
    assert [each.urgent for each in engineer.with_engineering().waiting] == [True, *[False] * 3]
    assert support.overview().number_one == support.ticket("test:4")
    engineer.review("test:4", "now")
    assert numbers(engineer) == ["3", "1", "2"]
    assert support.ticket("test:4").status is Status.NEW
    support.set_status("test:1", Status.OPEN)
    assert numbers(engineer) == ["3", "2"], "what support took back is theirs"


def test_a_p0_is_handed_over_when_it_can_wait_and_both_answers_are_counted(
    support: Desk, clock: Clock
) -> None:
    support.fill_context("test:4", ANSWERS)
    with pytest.raises(Refusal, match="#4 is p0: say first whether it can wait a day"):
        support.hand_over("test:4")
    with pytest.raises(Refusal, match="because: missing"):
        support.escalate("test:4", cannot_wait=True)
    for _ in range(2):
        support.escalate("test:4", cannot_wait=True, because="Boats stop.")
    clock.advance(minutes=1)
    support.escalate("test:4", cannot_wait=False)
    support.hand_over("test:4")
    later = clock.advance(minutes=1)
    assert support.escalations(MONDAY, later) == EscalationCount(cannot_wait=1, can_wait=1)
    assert support.escalations(MONDAY + timedelta(minutes=1), later).cannot_wait == 0
    assert support.with_engineering().escalations == EscalationCount(cannot_wait=1, can_wait=1)
    clock.advance(days=8)
    assert support.with_engineering().escalations == EscalationCount(cannot_wait=0, can_wait=0)


def test_what_was_done_with_engineering_is_taken_back_whole(
    support: Desk, engineer: Desk, clock: Clock
) -> None:
    support.fill_context("test:1", ANSWERS)
    support.hand_over("test:1")
    resting = support.ticket("test:1")
    engineer.review("test:1", "backlog")
    engineer.comment("test:1", "A comment stays.")
    engineer.undo()
    back = support.ticket("test:1")
    assert (back.handed_over, back.review, back.status) == (
        resting.handed_over, None, Status.ON_HOLD,
    )  # fmt: skip
    assert numbers(engineer) == ["1"]
    support.undo()
    assert support.ticket("test:1").handed_over is None
    support.escalate("test:4", cannot_wait=True, because="Boats stop.")
    support.undo()
    clock.advance(minutes=1)
    assert support.with_engineering().escalations == EscalationCount(cannot_wait=0, can_wait=0)
    support.redo()
    assert support.with_engineering().escalations == EscalationCount(cannot_wait=1, can_wait=0)


def test_a_lower_priority_takes_a_ticket_from_the_top(support: Desk, engineer: Desk) -> None:
    support.escalate("test:4", cannot_wait=True, because="Boats stop.")
    support.assign_priority(
        "test:4", Priority.P2, reason="Only one boat.", rests_on=PriorityInput.CUSTOMER
    )
    (waiting,) = engineer.with_engineering().waiting
    assert not waiting.urgent


def test_what_is_so_already_is_not_written_again(support: Desk) -> None:
    support.fill_context("test:1", ANSWERS)
    revision = support.revision()
    support.fill_context("test:1", ANSWERS)
    assert support.revision() == revision


def test_a_name_that_is_wrong_fills_in_nothing(support: Desk) -> None:
    with pytest.raises(Refusal, match='context: "log"; expected'):
        support.fill_context("test:1", {"environment": "4.2", "log": "502"})
    assert support.ticket("test:1").context == ()


def test_a_review_of_what_was_changed_meanwhile_is_refused(support: Desk, engineer: Desk) -> None:
    support.fill_context("test:1", ANSWERS)
    seen = support.hand_over("test:1").version
    support.fill_context("test:1", {"urgency": "More than it was."})
    acts: list[Act] = [
        lambda: engineer.review("test:1", "backlog", seen=seen),
        lambda: engineer.send_back("test:1", "Why?", seen=seen),
    ]
    for act in acts:
        with pytest.raises(Refusal, match=r"#1 was changed meanwhile by early1 \(context filled\)"):
            act()


def test_a_comment_changes_nothing_but_is_in_the_history(support: Desk, engineer: Desk) -> None:
    before = support.ticket("test:1")
    assert engineer.comment("test:1", " It is the parser. \n") == before
    event = support.history(1)[-1]
    assert (event.kind, event.actor, event.note) == ("commented", "eve", " It is the parser.")
    assert (event.before, event.after) == (None, None)
    for text, reason in (("", "missing"), ("x" * 10_001, "10,001 characters"), ("a\0", "NUL")):
        with pytest.raises(Refusal, match=f"comment: .*{reason}"):
            engineer.comment("test:1", text)


def test_who_may_do_what(support: Desk, engineer: Desk, open_desk: OpenDesk) -> None:
    support.fill_context("test:1", ANSWERS)
    of_support: list[Act] = [
        lambda: engineer.fill_context("test:1", {"logs": "502"}),
        lambda: engineer.hand_over("test:1"),
        lambda: engineer.escalate("test:4", cannot_wait=False),
    ]
    for act in of_support:
        with pytest.raises(Refusal, match="eve is an engineer, who may look, comment and review"):
            act()
    support.hand_over("test:1")
    of_engineers: list[Act] = [
        lambda: support.review("test:1", "now"),
        lambda: support.send_back("test:1", "?"),
    ]
    for act in of_engineers:
        with pytest.raises(Refusal, match="that is for an engineer"):
            act()
    assert open_desk("lee").review("test:1", "now").review is not None


def test_support_writes_down_what_engineers_outside_the_team_say(desk: Desk) -> None:
    desk.import_team([each for each in team() if each.role != "engineer"])
    desk.actor = "early1"
    desk.take_in([incoming(1)])
    desk.fill_context("1", ANSWERS)
    desk.hand_over("1")
    assert desk.review("1", "backlog").review is not None


def test_the_names_are_those_of_the_policy(support: Desk, open_desk: OpenDesk) -> None:
    ours = '[engineering]\ncontext = ["日志"]\ntimings = ["soon"]\n'
    open_desk("lee").adopt_policy(load_rulebook(ours, "ours.toml"))
    support.fill_context("test:1", {"日志": "崩溃 🚢"})
    support.hand_over("test:1")
    found = support.with_engineering()
    assert found.timings == ("soon",)
    assert found.waiting[0].checklist == (("日志", "崩溃 🚢"),)


def test_another_help_desk_that_solves_it_takes_it_from_engineering(
    support: Desk, engineer: Desk
) -> None:
    support.fill_context("test:1", ANSWERS)
    support.hand_over("test:1")
    open_there = incoming(1, status="open", tags=["a"])
    support.take_in([open_there])
    assert numbers(engineer) == ["1"]
    support.take_in([incoming(1, status="solved")])
    assert numbers(engineer) == []
    assert support.page(Query(), 0, None)
