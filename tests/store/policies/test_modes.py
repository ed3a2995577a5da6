"""The mode in force, the order it gives, and what explains it; on real databases."""

from datetime import timedelta
from itertools import pairwise, permutations, product

import pytest

from policy.capacity.mode import ModeSetting
from policy.ordering.explanation import Explanation
from policy.refusal import Refusal
from policy.roster.team_file import load_team
from policy.words import Mode, OpenedBy, Status
from store.database import Database
from store.desk import Desk
from store.queue.query import Query
from store.schema.desk_settings import put_mode
from tests.examples import MONDAY, SEVERITIES, TIERS, incoming
from tests.store.checking import EVERYTHING, check, independent_queue, set_mode
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk

HOUR = timedelta(hours=1)

TWO = [
    incoming(1, tier="free", severity=0),
    incoming(2, tier="presales", severity=0, opened_by="ce", received_at=MONDAY + HOUR),
]
"""Two p0 tickets: the first by its deadline, the second by its tier."""


def first(desk: Desk) -> int:
    number_one = desk.queue.overview().number_one
    assert number_one
    return number_one.id


def test_it_is_normal_until_somebody_sets_it(desk: Desk) -> None:
    desk.transfer.take_in(TWO)
    assert desk.policy.mode().mode is Mode.NORMAL
    assert first(desk) == 1


def test_switching_the_mode_re_ranks_nothing_and_is_seen_by_everybody(
    desk: Desk, open_desk: OpenDesk, clock: Clock
) -> None:
    desk.transfer.take_in(TWO)
    tickets = desk.queue.page(EVERYTHING, 0, None)
    revision = desk.history.revision()
    in_force = desk.policy.set_mode(
        Mode.HARD_CHOICES, reason=" Half of us are out ", until=clock.now + HOUR
    )
    other = open_desk("jo")
    assert other.policy.mode() == in_force
    assert in_force.why == "Set by mo until 10:00: Half of us are out."
    assert other.history.revision() == revision + 1
    assert first(other) == 2
    assert set(other.queue.page(EVERYTHING, 0, None)) == set(tickets)
    why = other.queue.overview().why
    assert why[0] == (
        "Both are p0 and owed an answer; #2 is Pre-sales, #1 is Free, and Pre-sales comes first."
    )
    assert why[-1] == "Hard choices are in force. Set by mo until 10:00: Half of us are out."


def test_a_mode_ends_at_its_end_by_itself(desk: Desk, clock: Clock, address: str) -> None:
    desk.transfer.take_in(TWO)
    set_mode(desk, Mode.HARD_CHOICES, minutes=60)
    assert first(desk) == 2
    clock.advance(minutes=59, seconds=59)
    assert first(desk) == 2
    check(desk, address)
    clock.advance(seconds=1)
    assert first(desk) == 1
    assert desk.policy.mode().by_hand is None
    check(desk, address)


def test_back_to_automatic(desk: Desk) -> None:
    desk.transfer.take_in(TWO)
    set_mode(desk, Mode.HARD_CHOICES)
    assert desk.policy.set_mode(None, reason="Everybody is back").mode is Mode.NORMAL
    assert first(desk) == 1


def test_an_end_that_is_not_to_come_is_refused(desk: Desk, clock: Clock) -> None:
    for until in (clock.now, clock.now - HOUR):
        with pytest.raises(Refusal, match=r"^until: .*; expected a time after now$"):
            desk.policy.set_mode(Mode.HARD_CHOICES, reason="Storm", until=until)
    assert desk.history.revision() == 0


def test_a_reason_that_is_none_changes_nothing(desk: Desk, clock: Clock) -> None:
    for reason in ("x" * 1_001, "a\0b", "\ud800"):
        with pytest.raises(Refusal, match=r"reason: |expected text in Unicode"):
            desk.policy.set_mode(Mode.HARD_CHOICES, reason=reason, until=clock.now + HOUR)
    assert desk.policy.mode().mode is Mode.NORMAL


@pytest.mark.parametrize("mode", Mode)
def test_a_mode_needs_a_reason_and_an_end(desk: Desk, clock: Clock, mode: Mode) -> None:
    for reason in ("", "  "):
        with pytest.raises(Refusal, match=r"^reason: missing"):
            desk.policy.set_mode(mode, reason=reason, until=clock.now + HOUR)
    with pytest.raises(Refusal, match=r"^until: missing"):
        desk.policy.set_mode(mode, reason="Half of us are out")
    assert desk.history.revision() == 0


def test_one_that_an_older_version_set_stays_until_it_is_automatic(
    desk: Desk, clock: Clock, address: str
) -> None:
    desk.transfer.take_in(TWO)
    older = ModeSetting(
        mode=Mode.HARD_CHOICES, by="lea", reason="Storm", since=clock.now, until=None
    )
    database = Database(address)
    with database.write() as connection:
        put_mode(connection, older)
    database.close()
    clock.advance(days=400)
    assert desk.policy.mode().why == "Set by lea without an end: Storm."
    assert first(desk) == 2
    desk.policy.set_mode(None)
    assert first(desk) == 1
    desk.history.undo()
    assert desk.policy.mode().by_hand == older


def test_each_reads_the_end_in_their_own_zone(desk: Desk, open_desk: OpenDesk) -> None:
    desk.team.import_members(load_team(TEAM, "team.toml"))
    set_mode(desk, Mode.NORMAL, minutes=60)
    said = {login: open_desk(login).policy.mode().why for login in ("mo", "kim", "stranger")}
    assert said == {
        "mo": "Set by mo until 11:00: Half of us are out.",  # Berlin
        "kim": "Set by mo until 19:00: Half of us are out.",  # Tokyo
        "stranger": "Set by mo until 10:00: Half of us are out.",  # the machine: UTC
    }
    with pytest.raises(Refusal, match=r"^until: 18:00; expected a time after now$"):
        open_desk("kim").policy.set_mode(Mode.NORMAL, reason="So", until=desk.now())


TEAM = """
[[member]]
login = "mo"
name = "Mo"
role = "lead"
region = "EMEA"
timezone = "Europe/Berlin"
hours = ["Mon-Fri 09:00-17:00"]
[[member]]
login = "kim"
name = "Kim"
role = "lead"
region = "APAC"
timezone = "Asia/Tokyo"
hours = ["Mon-Fri 09:00-17:00"]
"""


def test_every_pair_is_explained_as_it_stands_in_both_modes(desk: Desk) -> None:
    desk.transfer.take_in(
        [
            incoming(number, tier=tier, severity=severity, opened_by=OpenedBy.CE,
                     received_at=MONDAY - number % 3 * HOUR)
            for number, (tier, severity) in enumerate(product(TIERS, SEVERITIES))
        ]
    )  # fmt: skip
    desk.tickets.reply(1, Status.PENDING)
    desk.tickets.set_status(2, Status.PENDING)  # owed, so that it keeps its place
    desk.tickets.reply(5)  # answered, and ours all the same
    for mode in Mode:
        set_mode(desk, mode)
        queue = desk.queue.page(Query(), 0, None)
        assert list(queue) == independent_queue(desk, queue)
        assert {each.id for each in queue} >= {2, 5}
        assert first(desk) == queue[0].id
        for one, other in list(permutations(queue, 2))[::7]:
            explained = desk.queue.explain(one.id, other.id)
            assert explained.before is (queue.index(one) < queue.index(other))
            assert explained.criterion
        for one, other in pairwise(queue):
            assert desk.queue.explain(one.id) == desk.queue.explain(one.id, other.id)
        last: Explanation = desk.queue.explain(queue[-1].id)
        assert last.versus is None
        assert last.why == "It is the last in the queue; nothing stands behind it."
        assert not desk.queue.explain(1, queue[0].id).before
        assert desk.queue.explain(1).why == "#1 is pending, so it does not stand in the queue."


def test_an_empty_desk_has_no_number_one(desk: Desk) -> None:
    overview = desk.queue.overview()
    assert (overview.number_one, overview.runner_up, overview.why) == (None, None, ())
    assert (overview.queue, overview.declined, overview.total, overview.revision) == (0, 0, 0, 0)
    assert desk.queue.loads() == ()
    assert desk.queue.page(Query(), 0, None) == ()


def test_the_only_one_is_said_to_be_so(desk: Desk) -> None:
    desk.transfer.take_in(TWO[:1])
    assert desk.queue.overview().why[0] == "The only ticket in the queue."
