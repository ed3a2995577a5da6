"""Two changes at once: the second is told what changed, by no method in silence."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from policy.refusal import Refusal
from policy.words import Mode, PriorityInput, Status
from store.changed_meanwhile import ChangedMeanwhile
from store.desk import Desk
from tests.examples import MONDAY, incoming
from tests.store.conftest import OpenDesk

Act = Callable[[Desk], object]


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Return mo's desk with two tickets of the same customer, that nobody has."""
    later = MONDAY + timedelta(minutes=1)
    desk.transfer.take_in([incoming(1, severity=1), incoming(2, received_at=later)])
    return desk


def version(desk: Desk, ticket: int = 1) -> int:
    return desk.tickets.get(ticket).version


CHANGING: dict[str, Act] = {
    "answer": lambda desk: desk.conversation.answer(1, "Try again."),
    "assign": lambda desk: desk.tickets.assign(1, "li"),
    "assign several": lambda desk: desk.tickets.assign_each([2, 1], "li"),
    "context": lambda desk: desk.engineering.fill_context(1, {"logs": "502"}),
    "deviate": lambda desk: desk.deviations.put_first(1, reason="Launch.", until=None),
    "escalate": lambda desk: desk.engineering.escalate(1, cannot_wait=False),
    "heard": lambda desk: desk.tickets.heard(1),
    "merge": lambda desk: desk.merging.merge(2, 1),
    "note with a status": lambda desk: desk.conversation.note(1, "Hm.", Status.ON_HOLD),
    "priority": lambda desk: desk.tickets.assign_priority(
        1, "p0", reason="Down.", rests_on=PriorityInput.CUSTOMER
    ),
    "reply": lambda desk: desk.tickets.reply(1),
    "split": lambda desk: desk.merging.split(1, "The bill"),
    "status": lambda desk: desk.tickets.set_status(1, Status.PENDING),
    "take": lambda desk: desk.tickets.take(1),
}
"""What a person does to the first ticket, each with the word of its command."""


def test_each_change_is_asked_about_when_another_came_first(
    filled: Desk, open_desk: OpenDesk
) -> None:
    seen = {1: version(filled), 2: version(filled, 2)}
    open_desk("jo").tickets.set_status(1, Status.OPEN)
    before = filled.tickets.get(1), filled.tickets.get(2), filled.history.revision()
    for name in sorted(CHANGING):
        with pytest.raises(ChangedMeanwhile) as changed, filled.decided_on(seen):
            CHANGING[name](filled)
        (theirs,) = changed.value.changes
        assert (theirs.actor, theirs.before, theirs.after) == (
            "jo", {"status": "new"}, {"status": "open"},
        ), name  # fmt: skip
        assert changed.value.now == {1: seen[1] + 1, 2: seen[2]}
        now = filled.tickets.get(1), filled.tickets.get(2), filled.history.revision()
        assert now == before, name
    with filled.decided_on(changed.value.now):
        assert filled.tickets.take(1).assignee == "mo"


def test_what_others_changed_of_a_ticket_that_is_left_alone_is_not_asked_about(
    filled: Desk, open_desk: OpenDesk
) -> None:
    seen = {1: version(filled), 2: version(filled, 2)}
    open_desk("jo").tickets.take(2)
    with filled.decided_on(seen):
        assert filled.tickets.take(1).assignee == "mo"


def test_what_is_so_already_or_refused_anyway_is_not_asked_about(
    filled: Desk, open_desk: OpenDesk
) -> None:
    seen, jo = version(filled), open_desk("jo")
    jo.tickets.take(1)
    with filled.decided_on({1: seen}):
        assert filled.tickets.assign(1, "jo").assignee == "jo"
        with pytest.raises(Refusal, match="#1 is jo's"):
            filled.tickets.take(1)


def test_ones_own_changes_and_what_nobody_decides_on_are_not_asked_about(
    filled: Desk, open_desk: OpenDesk
) -> None:
    seen, jo = version(filled), open_desk("jo")
    filled.tickets.take(1)
    jo.tickets.comment(1, "Look at #2.")
    jo.conversation.note(1, "And at #3.")
    jo.transfer.take_in([incoming(1, severity=1, tags=["vip"])])
    assert version(filled) == seen + 2
    with filled.decided_on({1: seen}):
        filled.tickets.set_status(1, Status.OPEN)
    jo.transfer.take_in([incoming(1, severity=0, tags=["vip"])])
    with (
        pytest.raises(ChangedMeanwhile, match="meanwhile by jo"),
        filled.decided_on({1: seen}),
        filled.transaction(),
    ):
        filled.tickets.set_status(1, Status.PENDING)
    assert filled.tickets.get(1).status is Status.OPEN


def test_a_version_that_never_was_is_refused(filled: Desk) -> None:
    with (
        pytest.raises(ChangedMeanwhile, match=r"^#1 is at version 1 only; look again$"),
        filled.decided_on({1: 7}),
    ):
        filled.tickets.take(1)


def test_the_mode_that_another_set_is_asked_about(filled: Desk, open_desk: OpenDesk) -> None:
    until, seen = MONDAY + timedelta(hours=3), filled.history.revision()
    with filled.decided_on({}, seen):
        filled.policy.set_mode(Mode.HARD_CHOICES, reason="Ill.", until=until)
    open_desk("jo").policy.set_mode(None)
    with pytest.raises(ChangedMeanwhile) as changed, filled.decided_on({}, seen):
        filled.policy.set_mode(Mode.NORMAL, reason="Well.", until=until)
    assert [event.actor for event in changed.value.changes] == ["jo"]
    with filled.decided_on({}, seen):
        filled.tickets.take(1)
    with filled.decided_on({}, changed.value.revision):
        filled.policy.set_mode(Mode.NORMAL, reason="Well.", until=until)
