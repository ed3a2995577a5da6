"""The versions of tickets that a step was decided on, and what is said when others came first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

import click

from policy.refusal import Refusal
from policy.ticket import Ticket
from store.changed_meanwhile import ChangedMeanwhile
from tui.cli.invocation import Invocation
from tui.phrasing import times

if TYPE_CHECKING:
    from store.desk import Desk

Command = TypeVar("Command", bound=Callable[..., Any])


def takes_versions(command: Command) -> Command:
    """Let a command be told by ``--decided-on`` which versions of its tickets a person saw."""
    option = click.option(
        "--decided-on",
        metavar="VERSION",
        type=click.IntRange(min=1),
        multiple=True,
        expose_value=False,
        callback=_remember,
        help="Refuse if others changed it since this version, which show says; one for each ID.",
    )
    decorated: Command = option(command)
    return decorated


def _remember(ctx: click.Context, _: click.Parameter, versions: tuple[int, ...]) -> None:
    ctx.ensure_object(Invocation).decided_on = versions


@contextmanager
def on_tickets(
    invocation: Invocation, references: Sequence[str]
) -> "Iterator[tuple[Desk, list[int]]]":
    """Give the desk and the tickets' numbers in one transaction, to be changed as they were seen.

    Raises:
        Refusal: as for ``Invocation.transaction``, or others changed them since.
    """
    versions = invocation.decided_on
    if versions and len(versions) != len(references):
        said = f"{len(versions)} for {len(references)}"
        raise click.UsageError(f"--decided-on: expected one VERSION for each ID, not {said}.")
    with invocation.transaction() as desk:
        numbers = [desk.tickets.resolve(reference) for reference in references]
        with as_seen(invocation, desk, dict(zip(numbers, versions, strict=False))):
            yield desk, numbers


@contextmanager
def as_seen(invocation: Invocation, desk: "Desk", versions: Mapping[int, int]) -> Iterator[None]:
    """Refuse what is done inside the ``with`` where others changed the tickets since.

    Raises:
        Refusal: what others did, when, and which versions the tickets have now.
    """
    try:
        with desk.decided_on(versions):
            yield
    except ChangedMeanwhile as changed:
        raise Refusal(told(changed, desk.now(), invocation.zone)) from None


def seen_before(invocation: Invocation, ticket: Ticket) -> Mapping[int, int]:
    """Return the version that was named, else the one that a person is shown now."""
    named = invocation.decided_on
    return {ticket.id: named[0] if named else ticket.version}


def told(changed: ChangedMeanwhile, now: datetime, zone: tzinfo) -> str:
    """Return in one line what others did, and with which versions it can be done all the same."""
    if not changed.changes:
        return changed.reason
    from tui.actions import timeline  # noqa: PLC0415 - seldom needed

    said = "; ".join(
        f"#{event.ticket}: {timeline.sentence(event, zone)}, {times.at(event.at, now, zone)}"
        for event in changed.changes
    )
    versions = " ".join(f"--decided-on {version}" for version in changed.now.values())
    return f"changed meanwhile, so nothing was done: {said}. To do it all the same: {versions}"
