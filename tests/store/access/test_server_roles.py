"""The server refuses what the policy refuses, whoever reaches it with whatever."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from docs.roles import LOGINS, ROSTER, TEAM_FILE, UNKNOWN
from policy.refusal import Refusal
from policy.roster.permissions import FOR_LOOPS, refusal_for
from policy.roster.team_file import load_team
from policy.words import Action, Mode
from store.desk import Desk
from tests.store.checking import EVERYTHING
from tests.store.postgres_server import PostgresServer
from tests.tui.boards import NOW, small_queue

OWN = "CURRENT_USER::text"
EVENT = (
    "INSERT INTO event (id, at, actor, kind, ticket_id, note, entered_by)"
    " SELECT max(id) + 1, 1, {actor}, '{kind}', 1, '', {entered_by} FROM event"
)
TICKET = (
    "INSERT INTO ticket SELECT (json_populate_record(ticket,"
    """ '{{"id": 99, "external_id": "99", "tier": "{tier}"}}')).* FROM ticket WHERE id = 1"""
)
NOTICE = (
    """INSERT INTO notice SELECT * FROM json_populate_record(NULL::notice, '{"id": 1,"""
    """ "customer": "a", "person": "a", "episode": 1, "state": "draft", "way": "mail","""
    """ "name": "a", "subject": "a", "body": "a", "tickets": [], "arrivals": [], "aim_by": 1,"""
    """ "made_at": 1, "made_by": "a", "message_id": "a", "attempts": 0, "next_attempt_at": 1,"""
    """ "outcome": ""}')"""
)
TIME_OFF = "INSERT INTO time_off (login, start, reason, entered_by) VALUES ({login}, 1, '', 'x')"
TIME = "INSERT INTO time_entry (login, work, started_at, note) VALUES ({login}, 'ticket', 1, '')"
SETTING = "INSERT INTO setting VALUES ('{name}', '{{}}')"
BY_HAND = {
    Action.OPEN_TICKET: TICKET.format(tier="team"),
    Action.OPEN_TRIAL_TICKET: TICKET.format(tier="presales"),
    Action.TAKE: "UPDATE ticket SET assignee = 'support' WHERE id = 1",
    Action.REPLY: "UPDATE ticket SET last_response_at = 1 WHERE id = 1",
    Action.SET_STATUS: "UPDATE ticket SET status = 'solved' WHERE id = 1",
    Action.ASSIGN_PRIORITY: "UPDATE ticket SET priority = 'p3' WHERE id = 1",
    Action.DEVIATE: """UPDATE ticket SET deviation = '{"by": "x"}' WHERE id = 1""",
    Action.DEVIATE_ABOVE_FIRST: """UPDATE ticket SET deviation = '{"by": "x"}' WHERE id = 2""",
    Action.MERGE: "UPDATE ticket SET merged_into = 2 WHERE id = 1",
    Action.ESCALATE: "UPDATE ticket SET escalation = '{}' WHERE id = 1",
    Action.REVIEW: "UPDATE ticket SET review = '{}', with_engineering_since = NULL WHERE id = 3",
    Action.COMMENT: EVENT.format(actor=OWN, kind="commented", entered_by="NULL"),
    Action.RECORD_TIME: TIME.format(login=OWN),
    Action.CORRECT_TIME: TIME.format(login="'somebody'"),
    Action.SEND_WAITS: NOTICE,
    Action.DELIVER: SETTING.format(name="alerts chat"),
    Action.SYNC: "UPDATE connection SET is_caught_up = true",
    Action.SET_UP_CONNECTIONS: "UPDATE connection SET settings = '{}'",
    Action.IMPORT_TEAM: "DELETE FROM member",
    Action.MARK_ONESELF: TIME_OFF.format(login=OWN),
    Action.CHANGE_WHO_IS_OUT: TIME_OFF.format(login="'somebody'"),
    Action.SET_MODE: SETTING.format(name="mode"),
    Action.ADOPT_POLICY: SETTING.format(name="policy"),
    Action.ACT_FOR_OTHERS: EVENT.format(actor="'nina'", kind="commented", entered_by=OWN),
}
"""What somebody could write past the program, by the right that it needs."""

FORGED = (
    "UPDATE event SET actor = 'nina'",
    "DELETE FROM event",
    "TRUNCATE event",
    "DELETE FROM action",
    "UPDATE action SET actor = 'nina'",
    EVENT.format(actor="'nina'", kind="commented", entered_by="NULL"),
    EVENT.format(actor="'nina'", kind="commented", entered_by="'nina'"),
    EVENT.format(actor="'numberone'", kind="replied", entered_by="NULL"),
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "DROP FUNCTION numberone_check_event CASCADE",
)
EACH = pytest.mark.parametrize("login", [*LOGINS.values(), "loop", "reader"])


@pytest.fixture(scope="module")
def address(postgres: PostgresServer) -> str:
    """Return a desk on a server that holds everybody to their role, with a login of each."""
    address = postgres.new_database()
    with closing(Desk.open(address, actor="lead", clock=lambda: NOW)) as desk:
        desk.transfer.take_in(small_queue())
        desk.team.import_members(load_team(TEAM_FILE, "team.toml"))
        desk.access.make()
        assert not any(step.makes_role for step in desk.access.make())
        assert desk.access.are_made()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE ticket SET with_engineering_since = 1 WHERE id = 3")
        connection.execute(
            "INSERT INTO connection (name, place, settings, cursor, is_caught_up, error)"
            """ VALUES ('desk', 0, '{"kind": "x"}', '{}', false, '')"""
        )
        for login in (*LOGINS.values(), "loop", "reader"):
            connection.execute(f"CREATE ROLE {login} LOGIN".encode())
            if login != UNKNOWN:
                connection.execute(f"GRANT numberone_{login} TO {login}".encode())
    return address


def as_login(address: str, login: str) -> str:
    """Return the address for a login of the server."""
    return address.replace("numberone@", f"{login}@")


@contextmanager
def desk_of(address: str, login: str, *, named: str | None = None) -> Iterator[Desk]:
    """Open the desk as a login of the server."""
    own = as_login(address, login)
    with closing(Desk.open(own, actor=named, login="shell", clock=lambda: NOW)) as desk:
        yield desk


def refuses(address: str, login: str, statement: str) -> bool:
    """Return whether the server refuses a statement to a login; nothing is kept of it."""
    with psycopg.connect(as_login(address, login)) as connection:
        try:
            connection.execute(statement.encode())
        except InsufficientPrivilege:
            return True
        finally:
            connection.rollback()
    return False


def may(login: str, action: Action) -> bool:
    """Return whether the policy lets a login do it."""
    if login == "loop":  # a source may tell anything of a ticket
        of_a_ticket = "ticket" in BY_HAND[action].split()[:3] or action is Action.SEND_WAITS
        return action in FOR_LOOPS or (of_a_ticket and action is not Action.DEVIATE_ABOVE_FIRST)
    return login != "reader" and refusal_for(action, login, ROSTER) is None


@EACH
def test_the_server_refuses_what_the_policy_refuses(address: str, login: str) -> None:
    said = {action: not refuses(address, login, typed) for action, typed in BY_HAND.items()}
    expected = {action: may(login, action) for action in BY_HAND}
    if login == "support":  # who works on tickets writes whole ones
        expected[Action.REVIEW] = True
    assert said == expected


@EACH
def test_nobody_but_the_owner_alters_the_history(address: str, login: str) -> None:
    assert [each for each in FORGED if not refuses(address, login, each)] == []


def test_readers_see_the_views_alone_and_those_are_right(address: str) -> None:
    with desk_of(address, "lead") as desk:
        desk.policy.set_mode(Mode.HARD_CHOICES, reason="Ill", until=NOW + timedelta(days=9999))
        order = [each.id for each in desk.queue.page(EVERYTHING, 0, None) if each.actionable]
        first = desk.queue.overview().number_one
    assert first is not None
    with psycopg.connect(as_login(address, "reader")) as connection:
        queue = connection.execute("SELECT id, mode FROM queue ORDER BY position").fetchall()
        assert queue == [(each, "hard_choices") for each in order]
        one = connection.execute("SELECT id, customer, priority FROM number_one").fetchall()
        assert one == [(first.id, first.customer, first.priority)]
        days = connection.execute("SELECT * FROM report_days").fetchone()
        assert days is not None
        assert days[1:] == (5, 1, 0, 0, 5)
        with pytest.raises(InsufficientPrivilege):
            connection.execute("SELECT * FROM ticket")


def test_as_somebody_else_needs_a_lead_and_both_names_are_kept(address: str) -> None:
    with desk_of(address, "support", named="lead") as desk, pytest.raises(Refusal) as refused:
        desk.tickets.comment(1, "Hello")
    assert refused.value.reason == refusal_for(Action.ACT_FOR_OTHERS, "support", ROSTER)
    with desk_of(address, "lead", named="support") as desk:
        desk.tickets.comment(2, "Hello")
        (event,) = [each for each in desk.tickets.history(2) if each.kind == "commented"]
    assert (event.actor, event.entered_by) == ("support", "lead")


def test_who_has_a_role_works_and_takes_back_as_its_login(address: str) -> None:
    with desk_of(address, "support") as desk:
        assert desk.actor == "support"
        assert desk.tickets.take(4).assignee == "support"
        desk.history.undo()
        assert desk.tickets.get(4).assignee is None
        event = desk.tickets.history(4)[-1]
        assert (event.actor, event.entered_by, event.kind) == ("support", None, "undone")
    with desk_of(address, "ce") as desk:
        desk.team.set_at_capacity("ce", True)
        desk.history.undo()
        with pytest.raises(Refusal):
            desk.tickets.take(4)


def test_support_stands_in_for_a_lead_while_the_team_has_none(postgres: PostgresServer) -> None:
    address = postgres.new_database()
    with closing(Desk.open(address, actor="lead", clock=lambda: NOW)) as desk:
        desk.transfer.take_in(small_queue())
        desk.access.make()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE ROLE mariam LOGIN IN ROLE numberone_support")
    both = load_team(TEAM_FILE.replace('login = "support"', 'login = "mariam"'), "team.toml")
    without = [each for each in both if each.role != "lead"]
    with desk_of(address, "mariam") as desk:
        desk.team.import_members(without)
        desk.policy.set_mode(Mode.NORMAL, reason="Calm", until=NOW + timedelta(hours=1))
        desk.team.import_members(both)
        with pytest.raises(Refusal):
            desk.policy.set_mode(Mode.NORMAL, reason="Calm", until=NOW + timedelta(hours=2))
    assert refuses(address, "mariam", BY_HAND[Action.SET_MODE])
