"""What commands tell of connections, in words and as JSON."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from policy.conversation.connections import ConnectionState, ConnectionStatus
from tui.cli.render.printing import Printer, TableColumn
from tui.cli.render.ticket_documents import Document, instant
from tui.phrasing import times
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from connections.sync.rounds import Rehearsed, Round

_COLUMNS: Final = (
    TableColumn(),  # name
    TableColumn(),  # kind
    TableColumn(at_least=12),  # address
    TableColumn(),  # state
    TableColumn(),  # read until
    TableColumn(),  # waiting out
)
_STATES: Final = {
    ConnectionState.NEW: "not read yet",
    ConnectionState.READING: "being read for the first time",
    ConnectionState.OK: "in step",
    ConnectionState.FAILING: "failing",
}


def connections_document(found: Iterable[ConnectionStatus]) -> Document:
    """Return connections as they fare."""
    return {"connections": [connection_document(each) for each in found]}


def connection_document(status: ConnectionStatus, done: "Round | None" = None) -> Document:
    """Return one connection as it fares, and what a round with it did."""
    document: Document = {
        "name": status.entry.name,
        "kind": status.entry.kind,
        "address": status.entry.address,
        "state": status.state,
        "read_until": instant(status.read_until),
        "last_ok": instant(status.last_ok),
        "waiting_out": status.waiting_out,
        "error": status.error if done is None or done.error is None else done.error,
    }
    if done is not None:
        taken = done.taken
        document |= {
            "read": taken.read,
            "admitted": taken.admitted,
            "updated": taken.updated,
            "unchanged": taken.unchanged,
            "messages": taken.messages,
            "sent": done.sent,
            "failed": done.failed,
        }
    return document


def tell_connections(out: Printer, found: Sequence[ConnectionStatus], now: datetime) -> None:
    """Print the connections, how far each was read, and what waits to go out."""
    if not found:
        out.say("There is no connection yet; numberone connections import FILE makes some.")
        return
    rows = [
        (
            (plain_line(each.entry.name), "strong"),
            (plain_line(each.entry.kind), ""),
            (plain_line(each.entry.address), "dim"),
            (_STATES[each.state], "late" if each.error else ""),
            ("" if each.read_until is None else f"read {times.ago(each.read_until, now)}", "dim"),
            (_waiting(each), ""),
        )
        for each in found
    ]
    out.table(_COLUMNS, rows)
    for each in found:
        if each.error is not None:
            out.line((plain_line(f"{each.entry.name}: {_error(each, now, out)}"), "late"))
        if each.failed:
            out.line((f"{each.entry.name}: {each.failed:,} of ours were refused for good", "late"))


def _error(status: ConnectionStatus, now: datetime, out: Printer) -> str:
    """Return why a connection fails, and since when on the reader's clock."""
    error, since = status.error or "", status.failing_since
    if since is None:
        return error
    why = error.removeprefix(f"since {instant(since)}: ")
    return f"since {times.at(since, now, out.zone)}: {why}"


def _waiting(status: ConnectionStatus) -> str:
    return f"{status.waiting_out:,} waiting to go out" if status.waiting_out else ""


def account_lines(name: str, login: str, called: str, lacks: Sequence[str]) -> Sequence[str]:
    """Return what is said after logging in."""
    who = login if not called or called == login else f"{called} ({login})"
    missing = f"; {len(lacks)} things are missing there" if len(lacks) > 1 else ""
    if len(lacks) == 1:
        missing = "; one thing is missing there"
    return (f"Logged in to {name} as {who}{missing}.",)


def round_sentence(name: str, done: "Round") -> str:
    """Return what a round with a connection did."""
    taken = done.taken
    counts = [
        (taken.admitted, "admitted"),
        (taken.updated, "updated"),
        (taken.unchanged, "unchanged"),
        (len(taken.refused), "not taken in"),
        (taken.messages, "messages"),
        (done.sent, "sent"),
        (done.failed, "refused for good"),
    ]
    said = ", ".join(f"{count:,} {what}" for count, what in counts if count)
    return f"{name}: {taken.read:,} read{': ' if said else ''}{said}."


def rehearsal_document(status: ConnectionStatus, found: "Rehearsed") -> Document:
    """Return what a connection would bring."""
    taken = found.taken
    document = connection_document(status)
    return document | {
        "read": taken.read,
        "admitted": taken.admitted,
        "updated": taken.updated,
        "unchanged": taken.unchanged,
        "messages": taken.messages,
        "sent": 0,
        "failed": 0,
        "undecided": [
            {"why": why, "tickets": count} for why, count in _undecided(taken.refused.values())
        ],
        "warnings": [{"why": why, "tickets": count} for why, count in _most_of(found.warnings)],
        "tickets": [
            each.ticket.model_dump(
                mode="json", include={"external_id", "subject", "customer", "tier", "severity"}
            )
            for each in found.first
            if each.ticket is not None
        ],
    }


def tell_rehearsal(out: Printer, name: str, found: "Rehearsed") -> None:
    """Print what a connection would bring, its first tickets, and what is undecided."""
    taken = found.taken
    out.say(
        f"{name}: {taken.read:,} read: {taken.admitted:,} would be admitted,"
        f" {taken.updated:,} updated, {taken.unchanged:,} unchanged,"
        f" with {taken.messages:,} messages. Nothing was changed: this was a dry run."
    )
    rows = [
        (
            (plain_line(each.ticket.external_id), ""),
            (str(each.ticket.tier or "–"), ""),
            (str(each.ticket.severity if each.ticket.severity is not None else "–"), ""),
            (plain_line(each.ticket.customer), ""),
            (plain_line(each.ticket.subject), ""),
        )
        for each in found.first
        if each.ticket is not None
    ]
    columns = (TableColumn(), TableColumn(), TableColumn(), TableColumn(at_least=8),
               TableColumn(at_least=12))  # fmt: skip
    out.table(columns, rows)
    undecided = _undecided(taken.refused.values())
    if undecided:
        out.say("The mapping leaves undecided, and these would not come in:")
    for why, count in undecided:
        out.line((f"  {count:,} × {plain_line(why)}", "late"))
    if found.warnings:
        out.say("Of no use, so that these would come in without it:")
    for why, count in _most_of(found.warnings):
        out.line((f"  {count:,} × {plain_line(why)}", "dim"))


def _undecided(reasons: Iterable[str]) -> list[tuple[str, int]]:
    return _most_of(Counter(reasons))


def _most_of(reasons: Mapping[str, int]) -> list[tuple[str, int]]:
    return Counter(reasons).most_common(_REASONS_AT_MOST)


_REASONS_AT_MOST: Final = 20
