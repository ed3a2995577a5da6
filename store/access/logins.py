"""Who somebody is: the login of a server's, of the operating system, or a name that was given."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from policy.words import Role

READER: Final = "numberone_reader"
"""The group that sees the views alone."""

LOOP: Final = "numberone_loop"
"""The group of what runs by itself: sync, deliver and importers."""

GROUP_OF: Final[Mapping[Role, str]] = MappingProxyType(
    {role: f"numberone_{role.value}" for role in Role}
)
"""The group of those who have a role in the team."""

GROUPS: Final = (*GROUP_OF.values(), READER, LOOP)
"""The group roles that ``db roles`` makes on a server."""

_LISTED = ", ".join(f"'{group}'" for group in GROUPS)

WHO_IS_IT: Final = (
    "SELECT session_user::text,"  # noqa: S608 - our own names
    " ARRAY(SELECT made.rolname::text FROM pg_roles AS made, pg_roles AS own"
    f" WHERE made.rolname IN ({_LISTED}) AND own.rolname = session_user AND NOT own.rolsuper"
    " AND pg_has_role(own.oid, made.oid, 'USAGE')),"
    " EXISTS (SELECT FROM member WHERE lower(member.login) = lower(session_user::text))"
)  # fmt: skip
"""Asks a server which login this is, in which of the groups, and whether the team has it."""


class ServerLogin(NamedTuple):
    """The login that a server knows somebody by; its superusers are in no group."""

    name: str
    groups: frozenset[str]
    in_team: bool

    @property
    def counts(self) -> bool:
        """Whether it says who somebody is here: it is the team's, or in one of the groups."""
        return self.in_team or bool(self.groups)


class Person(NamedTuple):
    """Who acts, and the login that really does it; None where nobody asked for that."""

    actor: str
    login: str | None


def person(named: str | None, login: str | None, server: ServerLogin | None) -> Person:
    """Return who acts: whoever is named, else who is logged in.

    On a server that is its own login, as far as it counts there; else the ``login`` of the
    operating system, None where nobody asked for it.
    """
    if server is not None and server.counts:
        login = server.name
    actor = login if named is None else named
    if actor is None:
        raise AssertionError("nobody acts")
    return Person(actor, login)


def server_login(row: tuple[str, list[str], bool]) -> ServerLogin:
    """Return the login that a row of ``WHO_IS_IT`` says."""
    name, groups, in_team = row
    return ServerLogin(name, frozenset(groups), in_team)
