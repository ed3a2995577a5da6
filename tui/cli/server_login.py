"""What is said of the login that a server knows somebody by, and of the roles there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from store.access.logins import GROUP_OF

if TYPE_CHECKING:
    from store.desk import Desk


def told_login(desk: "Desk") -> str | None:
    """Return which login and groups a person has on the server; None on a file."""
    login = desk.access.login
    if login is None:
        return None
    groups = ", ".join(sorted(login.groups)) or "none of the groups"
    held = "holds everybody to their role" if desk.access.are_made() else "has no roles yet"
    return f"On the server you are {login.name}, in {groups}; it {held}."


def wrong_with_login(desk: "Desk") -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the roles of a server, and what to do about it."""
    login = desk.access.login
    if login is None:
        return
    if not desk.access.are_made():
        yield (
            "the server holds nobody to their role, so whoever reaches it may write anything",
            "run numberone db roles as the owner of the database",
        )
        return
    member = desk.team.roster().member(login.name)
    if member is not None and login.groups and GROUP_OF[member.role] not in login.groups:
        yield (
            f"{login.name} is {member.role} in the team, and on the server in"
            f" {', '.join(sorted(login.groups))}",
            f"have the server's owner run GRANT {GROUP_OF[member.role]} TO {login.name}",
        )
