"""The kinds of help desks, one registration each: its mapping, its settings, and how it is opened.

A fourth is one module in ``connections.helpdesks``, one mapping, and one line here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

from pydantic import SecretStr

from connections.helpdesks.access import Access
from connections.helpdesks.help_desk import HelpDesk
from connections.helpdesks.oauth import OAuthServer
from connections.helpdesks.oauth_settings import (
    OAUTH_KEYS,
    OAuthPlaces,
    oauth_server,
    oauth_settings,
)
from policy.conversation.connections import ConnectionEntry
from policy.refusal import Refusal
from policy.waits.references import REFERENCE_KEY

OF_EVERY_CONNECTION: Final = ("name", "kind", "tickets", REFERENCE_KEY)
"""The keys that mean the same for every kind, and that a help desk's own settings are without."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of help desk.

    ``mapping`` is the name of the mapping that is shipped for it. ``check`` refuses settings that
    are none, naming where they stand; ``opened`` gives the help desk with what it is called with,
    to which the addresses of the team are ours. ``oauth`` says where people log in to it, None
    where they have a token or a password.
    """

    mapping: str
    check: Callable[[ConnectionEntry, str], None]
    opened: Callable[[ConnectionEntry, Access, frozenset[str]], HelpDesk]
    oauth: OAuthPlaces | None = None


def own_settings(entry: ConnectionEntry) -> dict[str, Any]:
    """Return what an entry says beside what every connection has."""
    return {name: value for name, value in entry.table.items() if name not in OF_EVERY_CONNECTION}


def oauth_of(entry: ConnectionEntry, place: str = "") -> OAuthServer | None:
    """Return where people log in to a connection by OAuth, None where they do not.

    Raises:
        Refusal: it is by OAuth, and the connection does not say as which client.
    """
    places = KINDS[entry.kind].oauth
    if places is None:
        return None
    return oauth_server(entry.table, place or f"connection {entry.name}", places)


def _module(name: str) -> ModuleType:
    """Return a help desk's module, which is heavy and loaded only when it is needed.

    Raises:
        Refusal: this version has none of the name.
    """
    if not is_there(name):
        raise Refusal(f"kind {name}: this version of numberone cannot read it yet")
    return import_module(f"connections.helpdesks.{name}")


def is_there(name: str) -> bool:
    """Return whether this version has a module of the name for help desks."""
    return find_spec(f"connections.helpdesks.{name}") is not None


def _check_settings(name: str, settings: Mapping[str, Any], place: str) -> None:
    """Refuse what the module ``NAME_settings`` of a help desk refuses, where there is one."""
    of_settings = f"{name}_settings"
    if is_there(of_settings):
        getattr(_module(of_settings), of_settings)(settings, place)


def of_module(name: str) -> Kind:
    """Return the kind whose module has a function of its name, and checks in ``NAME_settings``.

    The function takes the settings, a token or password as text, and the addresses of the team.
    """

    def check(entry: ConnectionEntry, place: str) -> None:
        _check_settings(name, own_settings(entry), place)

    def opened(entry: ConnectionEntry, access: Access, team: frozenset[str]) -> HelpDesk:
        make = getattr(_module(name), name)
        help_desk: HelpDesk = make(own_settings(entry), access.token(), team)
        return help_desk

    return Kind(mapping=name, check=check, opened=opened)


def of_module_with_oauth(name: str, places: OAuthPlaces) -> Kind:
    """Return such a kind for a help desk where people log in by OAuth.

    Its function takes an ``Access`` in place of the text, for its tokens run out.
    """

    def check(entry: ConnectionEntry, place: str) -> None:
        oauth_settings(entry.table, place)
        _check_settings(name, without_oauth(entry), place)

    def opened(entry: ConnectionEntry, access: Access, team: frozenset[str]) -> HelpDesk:
        make = getattr(_module(name), name)
        help_desk: HelpDesk = make(without_oauth(entry), access, team)
        return help_desk

    return Kind(mapping=name, check=check, opened=opened, oauth=places)


def without_oauth(entry: ConnectionEntry) -> dict[str, Any]:
    """Return an entry's own settings but for those that are about its login alone."""
    return {name: each for name, each in own_settings(entry).items() if name not in OAUTH_KEYS}


def _mailbox() -> Kind:
    def opened(entry: ConnectionEntry, access: Access, members: frozenset[str]) -> HelpDesk:
        make = _module("mailbox").mailbox
        settings = own_settings(entry) | {"name": entry.name}
        help_desk: HelpDesk = make(settings, SecretStr(access.token()), members)
        return help_desk

    return Kind(mapping="mailbox", check=of_module("mailbox").check, opened=opened)


KINDS: Final[Mapping[str, Kind]] = {
    "request_tracker": of_module("request_tracker"),
    "zendesk": of_module_with_oauth(
        "zendesk",
        OAuthPlaces(
            authorize="/oauth/authorizations/new",
            token="/oauth/tokens",  # noqa: S106 - where it is, and none itself
            scopes=("read", "tickets:write"),
        ),
    ),
    "mailbox": _mailbox(),
}
"""Every kind of help desk that a connection can be, by the word of the file."""
