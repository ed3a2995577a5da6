"""The desk itself refuses what somebody may not do, whatever calls it, and says who may."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from docs.roles import LOGINS, ROSTER, TEAM_FILE
from policy.refusal import Refusal
from policy.roster.permissions import refusal_for
from policy.roster.team_file import load_team
from policy.rulebook.rulebook import load_rulebook
from policy.words import Action, Mode, PriorityInput, Status
from store.desk import Desk
from store.queue.query import Query
from tests.examples import incoming
from tests.tui.boards import NOW, small_queue

NEW_AIMS = count(1)
"""A policy that is in force already changes nothing, which anybody may."""

CALLS: dict[Action, Callable[[Desk], object]] = {
    Action.LOOK: lambda desk: desk.queue.page(Query(), 0, None),
    Action.OPEN_TICKET: lambda desk: desk.tickets.open_ticket(incoming(50)),
    Action.OPEN_TRIAL_TICKET: lambda desk: desk.tickets.open_ticket(incoming(51, tier="presales")),
    Action.IMPORT_TICKETS: lambda desk: desk.transfer.take_in([incoming(52)]),
    Action.TAKE: lambda desk: desk.tickets.take(1),
    Action.ASSIGN: lambda desk: desk.tickets.assign(2, "support"),
    Action.REPLY: lambda desk: desk.tickets.reply(3),
    Action.HEARD: lambda desk: desk.tickets.heard(3),
    Action.SET_STATUS: lambda desk: desk.tickets.set_status(4, Status.PENDING),
    Action.ASSIGN_PRIORITY: lambda desk: desk.tickets.assign_priority(
        5, "p1", reason="Why", rests_on=PriorityInput.CONTRACT
    ),
    Action.COMMENT: lambda desk: desk.tickets.comment(1, "Called them."),
    Action.MERGE: lambda desk: desk.merging.merge(4, 5),
    Action.SPLIT: lambda desk: desk.merging.split(1, "A part of it"),
    Action.DEVIATE: lambda desk: desk.deviations.end(5),
    Action.DEVIATE_ABOVE_FIRST: lambda desk: desk.deviations.put_first(5, reason="Why", until=None),
    Action.FILL_CONTEXT: lambda desk: desk.engineering.fill_context(3, {"logs": "none"}),
    Action.HAND_OVER: lambda desk: desk.engineering.hand_over(3),
    Action.ESCALATE: lambda desk: desk.engineering.escalate(1, cannot_wait=False),
    Action.REVIEW: lambda desk: desk.engineering.send_back(3, "Which browser?"),
    Action.RECORD_TIME: lambda desk: desk.time.start_timer(1),
    Action.CORRECT_TIME: lambda desk: desk.time.edit_entry(1, note="The lead's"),
    Action.SEND_WAITS: lambda desk: desk.waits.send([], domain="example.com"),
    Action.DELIVER: lambda desk: desk.waits.claim("loop"),
    Action.SYNC: lambda desk: desk.connections.lease("desk", "loop"),
    Action.SET_UP_CONNECTIONS: lambda desk: desk.connections.import_entries([]),
    Action.IMPORT_TEAM: lambda desk: desk.team.import_members(load_team(TEAM_FILE, "team.toml")),
    Action.MARK_ONESELF: lambda desk: desk.team.mark_out(desk.actor),
    Action.CHANGE_WHO_IS_OUT: lambda desk: desk.team.mark_out("lead"),
    Action.SET_MODE: lambda desk: desk.policy.set_mode(
        Mode.NORMAL, reason="Why", until=desk.now() + timedelta(hours=1)
    ),
    Action.ADOPT_POLICY: lambda desk: desk.policy.adopt(
        load_rulebook(f'[response]\naim = "{next(NEW_AIMS)}m"\n', "ours.toml")
    ),
    Action.RESTORE: lambda desk: desk.transfer.restore(Path("no-backup")),
}
"""What asks the desk for each right; whoever adds a right says it here."""


FIRST_ASKED = {
    Action.DEVIATE_ABOVE_FIRST: Action.DEVIATE,
    Action.CORRECT_TIME: Action.RECORD_TIME,
}
"""The rights that are asked for beyond another one."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a desk with one member of each role, on which each does what they may."""
    path = str(tmp_path_factory.mktemp("rights") / "desk.db")
    with closing(Desk.open(path, actor="lead", clock=lambda: NOW)) as desk:
        desk.transfer.take_in(small_queue())
        desk.team.import_members(load_team(TEAM_FILE, "team.toml"))
        desk.time.start_timer(1)
    return path


@pytest.mark.parametrize("login", LOGINS.values())
@pytest.mark.parametrize("action", CALLS)
def test_the_desk_holds_to_the_table(place: str, action: Action, login: str) -> None:
    needed = (FIRST_ASKED.get(action, Action.LOOK), action)
    refusal = next(filter(None, (refusal_for(each, login, ROSTER) for each in needed)), None)
    with closing(Desk.open(place, actor=login, clock=lambda: NOW)) as desk:
        if refusal is None:
            assert not refused_for_want_of_a_right(desk, action)
            return
        before = desk.history.revision()
        with pytest.raises(Refusal) as refused:
            CALLS[action](desk)
        assert refused.value.reason.endswith(refusal)
        assert desk.history.revision() == before


def test_it_is_said_of_every_right_what_asks_for_it() -> None:
    on_a_server_alone = {Action.ACT_FOR_OTHERS}
    assert CALLS.keys() == set(Action) - on_a_server_alone


def refused_for_want_of_a_right(desk: Desk, action: Action) -> bool:
    """Do it, and return whether that was refused because this person may not."""
    try:
        CALLS[action](desk)
    except Refusal as refusal:
        return any(words in refusal.reason for words in ("that is for", "may only look"))
    return False
