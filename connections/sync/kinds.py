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

from connections.helpdesks.access import FixedAccess
from connections.helpdesks.help_desk import HelpDesk
from policy.conversation.connections import ConnectionEntry
from policy.refusal import Refusal

OF_EVERY_CONNECTION: Final = ("name", "kind", "tickets")
"""The keys that mean the same for every kind, and that a help desk's own settings are without."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of help desk.

    ``mapping`` is the name of the mapping that is shipped for it. ``check`` refuses settings that
    are none, naming where they stand; ``opened`` gives the help desk under a secret, to which the
    addresses of the team are ours.
    """

    mapping: str
    check: Callable[[ConnectionEntry, str], None]
    opened: Callable[[ConnectionEntry, SecretStr, frozenset[str]], HelpDesk]


def own_settings(entry: ConnectionEntry) -> dict[str, Any]:
    """Return what an entry says beside what every connection has."""
    return {name: value for name, value in entry.table.items() if name not in OF_EVERY_CONNECTION}


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


def _of_module(name: str) -> Kind:
    """Return the kind whose module has a function of its name, and checks in ``NAME_settings``."""

    def check(entry: ConnectionEntry, place: str) -> None:
        settings = f"{name}_settings"
        if is_there(settings):
            getattr(_module(settings), settings)(own_settings(entry), place)

    def opened(entry: ConnectionEntry, secret: SecretStr, team: frozenset[str]) -> HelpDesk:
        make = getattr(_module(name), name)
        help_desk: HelpDesk = make(own_settings(entry), secret.get_secret_value(), team)
        return help_desk

    return Kind(mapping=name, check=check, opened=opened)


def _mailbox() -> Kind:
    of_module = _of_module("mailbox")

    def opened(entry: ConnectionEntry, secret: SecretStr, members: frozenset[str]) -> HelpDesk:
        make = _module("mailbox").mailbox
        help_desk: HelpDesk = make(own_settings(entry) | {"name": entry.name}, secret, members)
        return help_desk

    return Kind(mapping="mailbox", check=of_module.check, opened=opened)


def _zendesk() -> Kind:
    of_module = _of_module("zendesk")

    def opened(entry: ConnectionEntry, secret: SecretStr, members: frozenset[str]) -> HelpDesk:
        make = _module("zendesk").zendesk
        access = FixedAccess(secret.get_secret_value())
        help_desk: HelpDesk = make(own_settings(entry), access, members)
        return help_desk

    return Kind(mapping="zendesk", check=of_module.check, opened=opened)


KINDS: Final[Mapping[str, Kind]] = {
    "request_tracker": _of_module("request_tracker"),
    "zendesk": _zendesk(),
    "mailbox": _mailbox(),
}
"""Every kind of help desk that a connection can be, by the word of the file."""
