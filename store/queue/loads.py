"""Who is assigned what in the queue."""

from collections import Counter
from itertools import chain

from policy.names import comparable
from policy.words import Priority
from store.desk_reader import DeskReader
from store.queue import counters
from store.team.team_models import Load

TICKETS_OF_A_LOAD = 3
"""How many of a person's tickets the team pane names."""

PEOPLE_SHOWN = 100
"""For how many people the team pane names tickets."""


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
    firsts = {
        login: reader.queue.first_of(spelled[login], TICKETS_OF_A_LOAD)
        for login in busiest[:PEOPLE_SHOWN]
    }
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
