"""Everything that must be true of a desk's database, whatever was done to it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, zip_longest
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, text

from policy.capacity.mode import ModeInForce
from policy.intake.rules import assess
from policy.names import comparable, same_name
from policy.ordering.order import Order, order_of
from policy.ticket import Ticket
from policy.words import Mode, Status
from store.database import Database
from store.desk import Desk
from store.history.journal import original_kind
from store.queue.order_index import BLOCK
from store.queue.query import Query, Scope, parse_query
from store.read_models import Event
from store.tickets.ticket_json import facts
from tests.independent_order import ranked

_ONLY_WHERE_ANY = {"facts", "resolve_by", "update_by", "paused"}
"""What the history tells of a ticket only where it has any, or had."""

EVERYTHING = Query(scope=Scope.ALL)
DECLINED = Query(scope=Scope.DECLINED)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DECIDED = (Status.SOLVED, Status.CLOSED)


def check(desk: Desk, address: str) -> None:
    """Assert that all that is kept of the tickets agrees with the tickets, their history too."""
    check_what_is_kept(desk, address)
    for each in desk.queue.page(EVERYTHING, 0, None):
        check_history(desk, each)
    assert desk.transfer.problems() == []


def check_what_is_kept(desk: Desk, address: str) -> None:
    """Assert that all that is kept beside the tickets agrees with the tickets."""
    tickets = desk.queue.page(EVERYTHING, 0, None)
    check_assessed(desk, tickets)
    check_lists(desk, tickets)
    check_positions(desk, independent_queue(desk, tickets))
    check_counts(desk, tickets)
    check_overview(desk, tickets)
    database = Database(address)
    try:
        with database.read() as connection:
            check_order_table(connection, desk, tickets)
            check_blocks(connection)
            check_tallies(connection, tickets)
            check_search(connection, desk, tickets)
    finally:
        database.close()


def independent_queue(
    desk: Desk, tickets: Sequence[Ticket], mode: Mode | None = None
) -> list[Ticket]:
    """Return the queue as the policy in force orders it, found without keys."""
    rulebook = desk.policy.rulebook()
    criteria = {Mode.NORMAL: rulebook.order.normal, Mode.HARD_CHOICES: rulebook.order.hard_choices}
    now = criteria[mode or desk.policy.mode().mode]
    return ranked(tickets, now, rulebook.tiers.order, rulebook.priorities.order)


def check_assessed(desk: Desk, tickets: Sequence[Ticket]) -> None:
    """Assert that every open ticket has the priority and the times of the policy in force."""
    rulebook = desk.policy.rulebook()
    for each in tickets:
        if each.status not in DECIDED:
            assert assess(rulebook, each) == each


def check_lists(desk: Desk, tickets: Sequence[Ticket]) -> None:
    """Assert that pages are pieces of the list: the queue in order, then the latest received."""
    words = desk.policy.words()
    two = (words.first_priority, words.priorities[:3][-1])
    queue = independent_queue(desk, tickets)
    assert list(desk.queue.page(Query(), 0, None)) == queue
    outside = sorted(
        (each for each in tickets if not each.actionable),
        key=lambda each: (-each.received_at.timestamp(), each.id),
    )
    declined = [each for each in outside if each.declined is not None]
    mine = [each for each in queue if each.assignee == "jo"]
    severe = [each for each in queue + outside if each.priority in two]
    lists = (
        (Query(), queue),
        (EVERYTHING, queue + outside),
        (DECLINED, declined),
        (parse_query("assignee:jo", words), mine),
        (parse_query(f"p:{two[0]},{two[1]}", words, Scope.ALL), severe),
    )
    for query, expected in lists:
        assert desk.queue.total(query) == len(expected)
        for start in {0, 1, len(expected) // 2, max(0, len(expected) - 1), len(expected) + 3}:
            assert list(desk.queue.page(query, start, 5)) == expected[start : start + 5]
            assert list(desk.queue.page(query, start, None)) == expected[start:]
        for row, each in enumerate(expected):
            assert desk.queue.row_of(each.id, query) == row


def check_positions(desk: Desk, queue: Sequence[Ticket]) -> None:
    """Assert that positions are 1 to n in the order, and that each knows who is behind it."""
    places = [(each, place) for place, each in enumerate(queue, 1)]
    assert [(each, desk.queue.position(each.id)) for each in queue] == places
    with desk.queue.listing(Query()) as listing:
        assert list(listing.tickets) == places
    for each, behind in zip_longest(queue, queue[1:]):
        assert desk.queue.explain(each.id).versus == behind
    for each in desk.queue.page(EVERYTHING, 0, None):
        if not each.actionable:
            assert desk.queue.position(each.id) is None


def check_counts(desk: Desk, tickets: Sequence[Ticket]) -> None:
    """Assert that the team pane counts what is assigned in the queue."""
    counted = Counter(
        (each.assignee and comparable(each.assignee), each.priority)
        for each in tickets
        if each.actionable
    )
    loads = desk.queue.loads()
    assert {(comparable(load.login), priority): count for load in loads
            for priority, count in load.by_priority.items()} == {
        key: count for key, count in counted.items() if key[0] is not None}  # fmt: skip
    queue = independent_queue(desk, tickets)
    for load in loads:
        assert load.total == sum(load.by_priority.values())
        assert (
            list(load.first) == [each for each in queue if same_name(each.assignee, load.login)][:3]
        )


def check_overview(desk: Desk, tickets: Sequence[Ticket]) -> None:
    """Assert that the overview names the first two of the order, and counts right."""
    overview = desk.queue.overview()
    queue = independent_queue(desk, tickets)
    assert (overview.number_one, overview.runner_up) == (*queue, None, None)[:2]
    assert bool(overview.why) == bool(queue)
    assert overview.without_deviation == first_without_deviation(desk, queue)
    ends = [overview.mode.until, *(each.deviation.until for each in queue if each.deviation)]
    assert overview.valid_until == min((end for end in ends if end), default=None)
    assert overview.queue == len(queue)
    assert overview.declined == sum(each.declined is not None for each in tickets)
    assert overview.total == len(tickets)
    assert overview.revision == desk.history.revision()


def first_without_deviation(desk: Desk, queue: Sequence[Ticket]) -> Ticket | None:
    """Return what an order without the number one's deviation has first, None where none counts."""
    if not queue or queue[0].deviation is None:
        return None
    if "deviation" not in getattr(desk.policy.rulebook().order, desk.policy.mode().mode):
        return None
    return independent_queue(desk, [replace(queue[0], deviation=None), *queue[1:]])[0]


def check_history(desk: Desk, ticket: Ticket) -> None:
    """Assert that there is one event for each version, and that all together they tell it."""
    history = [each for each in desk.tickets.history(ticket.id) if not _is_beside(each)]
    assert len(history) == ticket.version
    beside = {"body", "imported"}
    told: dict[str, object] = {}
    for event in history:
        assert event.ticket == ticket.id
        for name, value in (event.before or {}).items():
            # Untold is none, and a requester's other tickets tell of them as well.
            assert told.get(name) == value or name in ("version", "requester")
        told |= event.after or {}
    _forget_what_is_over(told, desk.now())
    # What is known of a requester grows with every ticket of theirs.
    told |= {"version": ticket.version, "requester": facts(ticket)["requester"]}
    beside |= {name for name in _ONLY_WHERE_ANY if not told.get(name)}
    assert {name: told[name] for name in told.keys() - beside} == facts(ticket)


def _is_beside(event: Event) -> bool:
    """Return whether an event only stands in a ticket's history, and changed nothing of it."""
    is_bare = event.before is None and event.after is None
    return is_bare or original_kind(event).startswith(("wait_", "message_"))


def _forget_what_is_over(told: dict[str, object], now: datetime) -> None:
    """Let a deviation go that has come to its end, which no event says."""
    deviation = told.get("deviation")
    until = deviation["until"] if isinstance(deviation, dict) else None
    if until is not None and datetime.fromisoformat(until) <= now:
        told["deviation"] = None


def check_order_table(connection: Connection, desk: Desk, tickets: Sequence[Ticket]) -> None:
    """Assert that all in the queue, and nobody else, have their keys of both modes."""
    orders = {f"{mode}_key": order_of(desk.policy.rulebook(), mode) for mode in Mode}
    found = connection.execute(text("SELECT * FROM ticket_order")).mappings()
    rows = [_as_it_counts(dict(row), orders, desk.now()) for row in found]
    queue = [each for each in tickets if each.actionable]
    assert {row["ticket_id"]: {name: row[name] for name in orders} for row in rows} == {
        each.id: {name: order.key(each) for name, order in orders.items()} for each in queue
    }
    assert {row["ticket_id"]: row["assignee"] for row in rows} == {
        each.id: each.assignee for each in queue
    }
    for mode in Mode:
        by_key = sorted(rows, key=itemgetter(f"{mode}_key"))
        in_order = [each.id for each in independent_queue(desk, tickets, mode)]
        assert [row["ticket_id"] for row in by_key] == in_order


def _as_it_counts(
    row: Mapping[str, Any], orders: Mapping[str, Order], now: datetime
) -> dict[str, Any]:
    """Return a row of the order's table, with the keys of now where a deviation is over."""
    keys = {name: bytes(row[name]) for name in orders}
    until = row["deviation_until"]
    if until is not None and EPOCH + timedelta(microseconds=until) <= now:
        keys = {name: orders[name].key_without_deviation(key) for name, key in keys.items()}
    return {**row, **keys}


def check_blocks(connection: Connection, block: int = BLOCK) -> None:
    """Assert that each block counts the keys up to the next one, and keeps its size."""
    for mode in Mode:
        keys = connection.scalars(text(f"SELECT {mode}_key FROM ticket_order")).all()  # noqa: S608 - our own names
        blocks = connection.execute(
            text("SELECT first_key, tickets FROM order_block WHERE mode = :mode"
                 " ORDER BY first_key"),
            {"mode": mode},
        ).all()  # fmt: skip
        firsts = [row.first_key for row in blocks]
        assert firsts[0] == b""
        counted = [
            sum(first <= key < following for key in keys)
            for first, following in pairwise([*firsts, b"\xff" * 99])
        ]
        assert [row.tickets for row in blocks] == counted
        assert all(tickets <= 2 * block for tickets in counted)
        assert all(tickets >= block // 4 for tickets in counted[1:])


def check_tallies(connection: Connection, tickets: Sequence[Ticket]) -> None:
    """Assert that the counts that are kept are what counting gives, with none of nothing."""
    counted = Counter[str]()
    for each in tickets:
        counted["all"] += 1
        counted["declined"] += each.declined is not None
        if each.declined is None:
            counted[f"arrived:{each.received_at:%Y-%m-%dT%H}:{each.priority}"] += 1
        counted["queue"] += each.actionable
        counted[f"queue:{each.priority}"] += each.actionable
        counted["owed"] += each.owed
        counted["parked"] += each.owed and each.status in (Status.PENDING, Status.ON_HOLD)
        if each.actionable and each.assignee:
            counted[f"assigned:{each.priority}:{each.assignee}"] += 1
    kept = connection.execute(text("SELECT name, tickets FROM tally"))
    assert {row.name: row.tickets for row in kept} == dict(+counted)


def check_search(connection: Connection, desk: Desk, tickets: Sequence[Ticket]) -> None:
    """Assert that every ticket is searched, and found by the whole of its subject."""
    key = "rowid" if connection.dialect.name == "sqlite" else "ticket_id"
    kept = connection.scalars(text(f"SELECT {key} FROM ticket_search")).all()  # noqa: S608 - our own names
    assert sorted(kept) == sorted(each.id for each in tickets)
    for subject in {each.subject for each in tickets}:
        found = desk.queue.page(Query(scope=Scope.ALL, words=(subject,)), 0, None)
        assert {each.id for each in found} >= {
            each.id for each in tickets if each.subject == subject
        }


def set_mode(desk: Desk, mode: Mode | None, *, minutes: int = 24 * 60) -> ModeInForce:
    """Set the mode by hand for so many minutes, or leave it to the level."""
    until = None if mode is None else desk.now() + timedelta(minutes=minutes)
    return desk.policy.set_mode(mode, reason="Half of us are out", until=until)
