"""The file of connections: read, checked whole, and written as it is read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from string import Template
from typing import Any, Final
from urllib.parse import urlsplit

from connections.files.mapping import TicketMapping
from connections.files.mapping_files import layered_mapping
from connections.sync.kinds import KINDS
from policy.conversation.connections import ConnectionEntry
from policy.names import comparable
from policy.refusal import Refusal, expected, one_of, quoted
from policy.ticket import OWN_SOURCE
from policy.toml_text import tables_in
from policy.vocabulary import Vocabulary
from policy.waits.references import REFERENCE_KEY

_LONGEST_NAME: Final = 64
_NAME: Final = re.compile(r"[^\s:\x00-\x1f\x7f-\x9f]+")
_SECRET: Final = re.compile(r"password|passwd|secret|token|api_?key|credential", re.IGNORECASE)


def load_connections(text: str, source: str, words: Vocabulary) -> tuple[ConnectionEntry, ...]:
    """Return the connections that ``text``, a TOML file named ``source``, says, in its order.

    Mappings are checked under the words of the policy in force.

    Raises:
        Refusal: with one line that names place, key, value and what was expected.
    """
    tables = tables_in(text, source)
    for key in tables:
        if key != "connection":
            raise Refusal(f"{source}: {quoted(key)[1:-1]}: expected connection, not this key")
    listed = tables.get("connection")
    if not isinstance(listed, list) or not listed:
        raise Refusal(f"{source}: expected at least one [[connection]], and there is none")
    entries = [_entry(each, f"{source}: connection {n}") for n, each in enumerate(listed, 1)]
    _refuse_repetitions(entries, source)
    for entry in entries:
        place = f"{source}: connection {entry.name}"
        KINDS[entry.kind].check(entry, place)
        mapping_of(entry, words, place)
    return tuple(entries)


def connections_toml(entries: Sequence[ConnectionEntry]) -> dict[str, Any]:
    """Return the connections as plain values for a TOML file that reads back exactly."""
    return {"connection": [entry.table for entry in entries]}


def mapping_of(entry: ConnectionEntry, words: Vocabulary, place: str = "") -> TicketMapping:
    """Return how a connection's records become tickets: its own mapping over the shipped one.

    "The tickets' source" is the connection's name.

    Raises:
        Refusal: it is wrong; the line names the place, the key and the value.
    """
    own = {**entry.tickets, "source": entry.name}
    where = f"{place or f'connection {entry.name}'}, tickets"
    return layered_mapping(KINDS[entry.kind].mapping, own, where, words)


def _entry(table: object, place: str) -> ConnectionEntry:
    if not isinstance(table, dict):
        raise Refusal(f"{place}: {expected('a [[connection]]', table)}")
    name = _text(table, "name", place)
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or name == OWN_SOURCE:
        what = "a word without colon and white space, such as desk"
        raise Refusal(f"{place}, name: {expected(what, name)}")
    place = f"{place.rpartition(' ')[0]} {name}"
    _refuse_secrets(table, place)
    kind = _text(table, "kind", place)
    if kind not in KINDS:
        near = get_close_matches(kind, sorted(KINDS), n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise Refusal(f"{place}, kind: {expected(one_of(KINDS), kind)}{meant}")
    address = _text(table, "address", place)
    _refuse_login_in(address, place)
    if not isinstance(table.get("tickets", {}), dict):
        raise Refusal(f"{place}, tickets: {expected('a table', table['tickets'])}")
    _refuse_reference(table, place)
    rest = {key: value for key, value in table.items() if key not in ("name", "kind", "address")}
    return ConnectionEntry(name=name, kind=kind, address=address, settings=_plain(rest, place))


def _text(table: Mapping[str, object], key: str, place: str) -> str:
    if key not in table:
        raise Refusal(f"{place}, {key}: expected this key, and it is missing")
    value = table[key]
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise Refusal(f"{place}, {key}: {expected('text in quotes that says something', value)}")
    return value.strip()


def _refuse_reference(table: Mapping[str, object], place: str) -> None:
    """Refuse what does not say how the help desk writes a ticket in subjects."""
    if REFERENCE_KEY not in table:
        return
    form = _text(table, REFERENCE_KEY, place)
    if len(form) > _LONGEST_NAME or Template(form).get_identifiers() != ["id"]:
        what = "how a ticket stands in subjects there, such as [desk.example.com #$id]"
        raise Refusal(f"{place}, {REFERENCE_KEY}: {expected(what, form)}")


def _refuse_secrets(table: Mapping[str, object], place: str) -> None:
    for key in _keys_in({name: each for name, each in table.items() if name != "tickets"}):
        if _SECRET.search(key):
            raise Refusal(
                f"{place}, {key}: a secret does not belong in this file;"
                " leave it out, and log in with numberone login"
            )


def _keys_in(table: Mapping[str, object]) -> Iterator[str]:
    for key, value in table.items():
        yield key
        if isinstance(value, dict):
            yield from _keys_in(value)


def _refuse_login_in(address: str, place: str) -> None:
    try:
        has_password = urlsplit(address).password is not None
    except ValueError:
        has_password = False
    if has_password:
        raise Refusal(f"{place}, address: expected an address without a password in it")


def _plain(value: Any, place: str) -> Any:  # noqa: ANN401 - whatever TOML has
    """Return the value as JSON keeps it, too; dates and times become texts."""
    if isinstance(value, dict):
        return {key: _plain(each, place) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, place) for each in value]
    return value if isinstance(value, str | bool | int | float) else value.isoformat()


def _refuse_repetitions(entries: Sequence[ConnectionEntry], source: str) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        other = seen.setdefault(comparable(entry.name), entry.name)
        if seen[comparable(entry.name)] is not entry.name:
            raise Refusal(
                f"{source}: connection {entry.name}, name: expected each name once,"
                f" and there is {quoted(other)}"
            )
