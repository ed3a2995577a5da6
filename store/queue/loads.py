"""Who is assigned what in the queue."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import CompoundSelect, bindparam, select, union_all
from sqlmodel import col

from policy.names import comparable
from policy.words import Mode, Priority
from store.desk_reader import DeskReader
from store.queue import counters
from store.schema.tables import KEYS, OrderRow
from store.team.team_models import Load

TICKETS_OF_A_LOAD = 3
"""How many of a person's tickets the team pane names."""

PEOPLE_SHOWN = 100
"""For how many people the team pane names tickets."""

_AT_ONCE: Final = 100
"""For how many names one statement asks; an engine takes no more than some hundreds."""


def loads(reader: DeskReader) -> tuple[Load, ...]:
    """Return who is assigned what in the queue, the most loaded first."""
    counts = dict[str, Counter[Priority]]()
    spelled = dict[str, list[str]]()
    person = dict[str, str]()
    of_all = counters.assigned_counts(reader.connection)
    for assignee, of_each in of_all.items():
        named = reader.roster.login_of(assignee)
        login = person.setdefault(comparable(named), named)
        counts.setdefault(login, Counter()).update(of_each)
        spelled.setdefault(login, []).append(assignee)
    away = reader.away_holders.counted({each: sum(of_all[each].values()) for each in of_all})
    totals = {login: counts[login].total() for login in counts}
    busiest = sorted(totals, key=lambda login: (-totals[login], login))
    firsts = _firsts(reader, {login: spelled[login] for login in busiest[:PEOPLE_SHOWN]})
    tickets = {each.id: each for each in reader.each([*chain(*firsts.values())])}
    return tuple(
        Load(
            login=login,
            total=totals[login],
            by_priority=counts[login],
            nobodys=sum(away.get(each, 0) for each in spelled[login]),
            first=tuple(tickets[ticket_id] for ticket_id in firsts.get(login, ())),
        )
        for login in busiest
    )


def _firsts(reader: DeskReader, spelled: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Return the ids of each person's first few tickets; ``spelled`` is how tickets name them.

    Whoever has one that stands elsewhere than the table says is looked up alone.
    """
    elsewhere = {each.assignee for each in reader.queue.expired}
    alone = {login for login, names in spelled.items() if not elsewhere.isdisjoint(names)}
    asked = [name for login, names in spelled.items() if login not in alone for name in names]
    found = dict[str, list[tuple[bytes, int]]]()
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        values = {f"name_{place}": name for place, name in enumerate(some)}
        for name, key, ticket_id in reader.connection.execute(
            _first_of_each(reader.mode.mode, len(some)), values
        ):
            found.setdefault(name, []).append((key, ticket_id))
    firsts = dict[str, list[int]]()
    for login, names in spelled.items():
        if login in alone:
            firsts[login] = reader.queue.first_of(names, TICKETS_OF_A_LOAD)
        else:
            theirs = sorted(chain.from_iterable(found.get(name, ()) for name in names))
            firsts[login] = [ticket_id for _, ticket_id in theirs[:TICKETS_OF_A_LOAD]]
    return firsts


@cache
def _first_of_each(mode: Mode, names: int) -> CompoundSelect[Any]:
    """Return the statement that walks along a few tickets of each of so many names."""
    key, assignee = KEYS[mode], col(OrderRow.assignee)
    each = (
        select(assignee, key, col(OrderRow.ticket_id))
        .where(assignee == bindparam(f"name_{place}"))
        .order_by(key)
        .limit(TICKETS_OF_A_LOAD)
        .subquery()
        for place in range(names)
    )
    return union_all(*(select(one) for one in each))
