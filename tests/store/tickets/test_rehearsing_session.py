"""A rehearsal says what would be, and leaves nothing behind."""

import pytest

from policy.refusal import Refusal
from policy.roster.team_file import load_team
from store.desk import Desk
from tests.examples import incoming

TEAM = """[[member]]
login = "mo"
name = "Mo"
role = "lead"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 09:00-17:00"]
"""


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Return a desk with three tickets and without a team."""
    desk.transfer.take_in([incoming(1), incoming(2), incoming(3)])
    return desk


def test_what_is_done_in_one_is_read_in_it_and_gone_afterwards(filled: Desk) -> None:
    before, total = filled.history.revision(), filled.queue.overview().queue
    with filled.rehearsal():
        opened = filled.tickets.open_ticket(incoming(50, severity=0))
        filled.tickets.take(opened.id)
        filled.team.import_members(load_team(TEAM, "team.toml"))
        assert filled.tickets.get(opened.id).assignee == filled.actor
        assert filled.queue.position(opened.id) == 1
    assert filled.history.revision() == before
    assert filled.queue.overview().queue == total
    assert not filled.team.roster().members
    with pytest.raises(Refusal, match="no such ticket"):
        filled.tickets.get(opened.id)
    assert filled.tickets.open_ticket(incoming(50, severity=0)).id == opened.id


def test_a_refusal_in_one_is_a_refusal(filled: Desk) -> None:
    with pytest.raises(Refusal, match="no such ticket"), filled.rehearsal():
        filled.tickets.take(999)
    filled.tickets.take(1)
