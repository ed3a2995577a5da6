"""What the history says of wait notices: an event for each ticket that a notice speaks of.

The first of them carries what became of the notice itself, so that the history alone can tell it.
"""

from collections.abc import Mapping, Sequence

from store.changes import Writer
from store.facts import Facts, instant
from store.journal import Entry
from store.notice_facts import notice_facts
from store.views import Notice

ROW = "row"
"""Under which name an event carries what became of the notice."""


def tell(
    writer: Writer,
    kind: str,
    notices: Sequence[Notice],
    before: Mapping[int, Facts],
    note: str = "",
) -> None:
    """Append what happened to notices; ``before`` is what was kept of those that were known."""
    now = notice_facts(writer.connection, [notice.id for notice in notices])
    for notice in notices:
        entries = _entries(notice, kind, before.get(notice.id), now[notice.id], note)
        writer.journal.append_all(entries)


def _entries(notice: Notice, kind: str, before: Facts | None, now: Facts, note: str) -> list[Entry]:
    after: Facts = {"notice": notice.id, "arrive_at": instant(notice.arrive_at)}
    was, became = _differing(before, now)
    first, *others = notice.tickets
    return [
        Entry(
            kind=kind,
            ticket=first,
            before=None if was is None else {ROW: was},
            after=after | {ROW: became},
            note=note,
        ),
        *(Entry(kind=kind, ticket=ticket, after=after, note=note) for ticket in others),
    ]


def _differing(before: Facts | None, now: Facts) -> tuple[Facts | None, Facts]:
    """Return what was and what became of a notice, with its id; of a new one all."""
    if before is None:
        return None, now
    names = {"id", "state", *(name for name, value in now.items() if before[name] != value)}
    return {name: before[name] for name in names}, {name: now[name] for name in names}
