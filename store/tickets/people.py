"""Customers and their requesters: found by what a ticket says of them, made where they are new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update
from sqlmodel import SQLModel, col

from policy.names import comparable
from policy.ticket import Requester, Ticket
from store.queue.search_documents import plain_name
from store.schema.tables import CustomerRow, EventRow, RequesterRow, TicketRow

_LARGEST_NAMED = select(func.max(col(EventRow.ticket_id)))

Identity = tuple[int, str]
"""A requester of one customer: the id, and the address or else the name, as they compare."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What became known of a person of a customer, who is found by ``identity``."""

    customer: str
    identity: str
    before: Requester
    after: Requester


def free_id(connection: Connection, table: type[SQLModel]) -> int:
    """Return the first free id; nobody else takes it, as there is only one writer at a time."""
    return int(connection.scalar(_largest_id(table)) or 0) + 1


@cache
def _largest_id(table: type[SQLModel]) -> Select[Any]:
    ids = table.__table__.c.id  # type: ignore[attr-defined] # SQLModel does not declare it
    return select(func.max(ids))


def free_ticket_id(connection: Connection) -> int:
    """Return the first number that no ticket has or ever had, one that was taken back included."""
    named = connection.scalar(_LARGEST_NAMED)
    return max(free_id(connection, TicketRow), int(named or 0) + 1)


def known_spellings(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """Return how each customer is spelled here: as it was first, whatever a ticket says now.

    "Customers compare by Unicode form, case and spacing"; one that is new is spelled as the first
    of these names spells it.
    """
    name, number = col(CustomerRow.name), col(CustomerRow.id)
    wanted = list(dict.fromkeys(names))
    spelled = {each: each for each in connection.scalars(select(name).where(name.in_(wanted)))}
    others = [each for each in wanted if each not in spelled]
    if not others:
        return spelled
    alike = col(CustomerRow.plain_name).in_({plain_name(each) for each in others})
    first: dict[str, str] = {}
    for each in [*connection.scalars(select(name).where(alike).order_by(number)), *others]:
        first.setdefault(comparable(each), each)
    return spelled | {each: first[comparable(each)] for each in others}


def renew_plain_names(connection: Connection) -> None:
    """Write anew by what each customer is looked up, as an older version wrote it otherwise."""
    number, name = col(CustomerRow.id), col(CustomerRow.name)
    rows = connection.execute(select(number, name, col(CustomerRow.plain_name))).all()
    anew = [{"_id": row.id, "_plain": plain_name(row.name)} for row in rows]
    differing = [
        new for new, row in zip(anew, rows, strict=True) if new["_plain"] != row.plain_name
    ]
    if differing:
        that_one = update(CustomerRow).where(number == bindparam("_id"))
        connection.execute(that_one.values(plain_name=bindparam("_plain")), differing)


def customer_ids(connection: Connection, tickets: Iterable[Ticket]) -> dict[str, int]:
    """Return the ids of the tickets' customers by name; each remembers the tier seen last."""
    tiers = {ticket.customer: ticket.tier for ticket in tickets}
    name, number, tier = col(CustomerRow.name), col(CustomerRow.id), col(CustomerRow.tier)
    found = connection.execute(select(name, number, tier).where(name.in_(list(tiers)))).all()
    ids: dict[str, int] = {row.name: row.id for row in found}
    moved = [
        {"_id": row.id, "_tier": tiers[row.name]} for row in found if row.tier != tiers[row.name]
    ]
    if moved:
        same = update(CustomerRow).where(number == bindparam("_id"))
        connection.execute(same.values(tier=bindparam("_tier")), moved)
    missing = [customer for customer in tiers if customer not in ids]
    if missing:
        first = free_id(connection, CustomerRow)
        ids.update({customer: first + index for index, customer in enumerate(missing)})
        rows = [
            {"id": ids[each], "name": each, "plain_name": plain_name(each), "tier": tiers[each]}
            for each in missing
        ]
        connection.execute(insert(CustomerRow), rows)
    return ids


def requester_ids(
    connection: Connection, tickets: Sequence[Ticket], customers: Mapping[str, int]
) -> tuple[dict[int, int], list[Renewal]]:
    """Return the requesters' ids by the id of the ticket, and what became known of whom.

    Tickets without a requester are left out.
    """
    asked: dict[int, Identity] = {}
    people: dict[Identity, Requester] = {}
    for ticket in tickets:
        if ticket.requester is not None:
            identity = _identity(customers[ticket.customer], ticket.requester)
            asked[ticket.id] = identity
            people[identity] = _together(people.get(identity), ticket.requester)
    if not people:
        return {}, []
    names = {number: name for name, number in customers.items()}
    ids, renewals = _known(connection, people, names)
    missing = [identity for identity in people if identity not in ids]
    if missing:
        first = free_id(connection, RequesterRow)
        ids.update({identity: first + index for index, identity in enumerate(missing)})
        rows = [{"id": ids[each], **_columns(each, people[each])} for each in missing]
        connection.execute(insert(RequesterRow), rows)
    return {ticket_id: ids[identity] for ticket_id, identity in asked.items()}, renewals


def put_person(connection: Connection, customer: str, identity: str, person: Requester) -> None:
    """Write down what is known of a person of a customer, who is found by ``identity``."""
    that_customer = select(col(CustomerRow.id)).where(col(CustomerRow.name) == customer)
    connection.execute(
        update(RequesterRow)
        .where(
            col(RequesterRow.customer_id) == that_customer.scalar_subquery(),
            col(RequesterRow.identity) == identity,
        )
        .values(asdict(person))
    )


def person_of(connection: Connection, customer: str, identity: str) -> Requester | None:
    """Return what is known of a person of a customer, None when nobody is found so."""
    row = connection.execute(
        select(col(RequesterRow.name), col(RequesterRow.email), col(RequesterRow.timezone))
        .join(CustomerRow, col(CustomerRow.id) == col(RequesterRow.customer_id))
        .where(col(CustomerRow.name) == customer, col(RequesterRow.identity) == identity)
    ).first()
    return None if row is None else Requester(name=row.name, email=row.email, timezone=row.timezone)


def _known(
    connection: Connection, people: Mapping[Identity, Requester], customers: Mapping[int, str]
) -> tuple[dict[Identity, int], list[Renewal]]:
    """Return the ids of those who are known already, and what is new of them, which is written."""
    number, customer_id = col(RequesterRow.id), col(RequesterRow.customer_id)
    folded_name = col(RequesterRow.identity)
    rows = connection.execute(
        select(
            number,
            customer_id,
            folded_name,
            col(RequesterRow.name),
            col(RequesterRow.email),
            col(RequesterRow.timezone),
        ).where(
            customer_id.in_({each for each, _ in people}),
            folded_name.in_({each for _, each in people}),
        )
    )
    ids: dict[Identity, int] = {}
    renewed = []
    renewals = []
    for row in rows:
        identity = (row.customer_id, row.identity)
        if identity not in people:
            continue
        ids[identity] = row.id
        known = Requester(name=row.name, email=row.email, timezone=row.timezone)
        person = _together(known, people[identity])
        if person != known:
            renewed.append({f"new_{name}": value for name, value in asdict(person).items()})
            renewed[-1]["that_person"] = row.id
            customer = customers[row.customer_id]
            renewals.append(Renewal(customer, row.identity, known, person))
    if renewed:
        connection.execute(_RENEWED_PERSON, renewed)
    return ids, renewals


_RENEWED_PERSON = (
    update(RequesterRow)
    .where(col(RequesterRow.id) == bindparam("that_person"))
    .values({name: bindparam(f"new_{name}") for name in ("name", "email", "timezone")})
)


def _together(known: Requester | None, said: Requester) -> Requester:
    """Return what is known of a person after a source spoke; its silence takes nothing away."""
    if known is None:
        return said
    return Requester(
        name=known.name if said.name == said.email else said.name,
        email=said.email or known.email,
        timezone=said.timezone or known.timezone,
    )


def _identity(customer_id: int, requester: Requester) -> Identity:
    return customer_id, comparable(requester.email or requester.name)


def _columns(identity: Identity, requester: Requester) -> dict[str, Any]:
    customer_id, folded_name = identity
    return {
        "customer_id": customer_id,
        "identity": folded_name,
        "name": requester.name,
        "email": requester.email,
        "timezone": requester.timezone,
    }
