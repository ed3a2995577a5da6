"""Two tickets about one thing become one, in which the customer goes on waiting."""

from dataclasses import dataclass, replace

from policy.names import same_name
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.tickets.actions import heard, latest
from policy.words import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Both tickets after a merge: the duplicate, which is closed, and the one that goes on."""

    duplicate: Ticket
    into: Ticket


def merged(duplicate: Ticket, into: Ticket) -> Merged:
    """Return the duplicate as closed for good, and the other as the one that the customer waits in.

    Whoever waits in either waits in the other from then on, since the earlier of both times; it
    then "is open again" as when the customer had written. Its assignee, its priority and its
    deviation stay: "one person is accountable for a ticket from the moment they take it".

    Raises:
        Refusal: they are the same, of different customers (what one customer wrote is not for
            another), one is closed, declined or merged already, engineering has the duplicate, or
            a customer would be in an internal one, where nobody is ever owed an answer.
    """
    _check_merge(duplicate, into)
    closed = replace(
        duplicate, status=Status.CLOSED, merged_into=into.id, waiting_since=None, deviation=None
    )
    return Merged(duplicate=closed, into=_with_the_wait_of(duplicate, into))


def merged_there(duplicate: Ticket, into: Ticket) -> Merged:
    """Return both tickets after their source has made them one, whatever they are here.

    "Merged there is merged here." Where the other one is closed, nobody waits in it by that.
    """
    closed = replace(
        duplicate, status=Status.CLOSED, merged_into=into.id, waiting_since=None, deviation=None
    )
    is_closed = into.status is Status.CLOSED
    return Merged(duplicate=closed, into=into if is_closed else _with_the_wait_of(duplicate, into))


def check_duplicate(duplicate: Ticket) -> None:
    """Raise a Refusal when the ticket can be merged into none at all, whatever the other is."""
    if duplicate.merged_into is not None:
        raise Refusal(f"#{duplicate.id} was merged into #{duplicate.merged_into} already")
    if duplicate.status is Status.CLOSED:
        raise Refusal(f"#{duplicate.id} is closed, which is final, so it cannot be merged")
    if duplicate.declined is not None:
        raise Refusal(f"#{duplicate.id} was declined, so it cannot be merged: {duplicate.declined}")
    if duplicate.with_engineering_since is not None:
        raise Refusal(
            f"#{duplicate.id} is with engineering; merge the other ticket into #{duplicate.id}"
        )


def why_not_merged(duplicate: Ticket) -> str | None:
    """Return why the ticket can be merged into none at all, None when it can."""
    try:
        check_duplicate(duplicate)
    except Refusal as refusal:
        return refusal.reason
    return None


def can_be_one(duplicate: Ticket, into: Ticket) -> bool:
    """Return whether a duplicate can be merged into another ticket."""
    try:
        _check_merge(duplicate, into)
    except Refusal:
        return False
    return True


def _check_merge(duplicate: Ticket, into: Ticket) -> None:
    if duplicate.id == into.id:
        raise Refusal(f"#{duplicate.id} cannot be merged into itself; name another ticket")
    check_duplicate(duplicate)
    if into.merged_into is not None:
        raise Refusal(
            f"#{into.id} was merged into #{into.merged_into}; merge into #{into.merged_into}"
        )
    if into.status is Status.CLOSED:
        raise Refusal(f"#{into.id} is closed, which is final, so nothing can be merged into it")
    if into.declined is not None:
        raise Refusal(f"#{into.id} was declined, so nothing can be merged into it")
    if not same_name(duplicate.customer, into.customer):
        raise Refusal(
            f"#{duplicate.id} is {duplicate.customer}'s and #{into.id} is {into.customer}'s;"
            " what one customer wrote is not for another"
        )
    if into.internal and not duplicate.internal:
        raise Refusal(
            f"#{into.id} is internal, where nobody is owed an answer, and #{duplicate.id} is not;"
            f" merge #{into.id} into #{duplicate.id}"
        )


def _with_the_wait_of(duplicate: Ticket, into: Ticket) -> Ticket:
    since = duplicate.waiting_since
    if since is None or not duplicate.owed:
        return into
    earlier = since if into.waiting_since is None else min(since, into.waiting_since)
    waiting = heard(replace(into, waiting_since=earlier), since)
    written = latest(waiting.last_customer_message_at, duplicate.last_customer_message_at)
    return replace(waiting, last_customer_message_at=written)
