"""The team as a file: TOML with one ``[[member]]`` each, checked, frozen, and written again."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Final

from policy.checked_table import (
    CheckedTable,
    Mistake,
    MistakeKind,
    WrongTableError,
    after,
    before,
)
from policy.clocks.calendar import Calendar
from policy.intake.limits import EMAIL_AT_MOST, LOGIN_AT_MOST, NAME_AT_MOST
from policy.names import comparable
from policy.refusal import Refusal, expected, one_of, quoted
from policy.roster.members import Member
from policy.rulebook.fields import Flag, Hours, Line, ZoneName
from policy.toml_text import tables_in
from policy.words import Role

_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
MOST_MEMBERS: Final = 2_000
"""How many members a team may have."""

_MISSING = "expected this key, and it is missing"
_EMPTY = "expected at least one entry, not an empty list"
_ROLES = {role.value: role for role in Role}


def _short(at_most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if len(text) > at_most:
            raise ValueError(expected(f"at most {at_most} characters", text))
        return text

    return check


def _login(text: str) -> str:
    if len(text) > LOGIN_AT_MOST or any(character.isspace() for character in text):
        raise ValueError(expected(f"one word of at most {LOGIN_AT_MOST} characters", text))
    return text


def _role(value: object) -> Role:
    if not isinstance(value, str) or value not in _ROLES:
        raise ValueError(expected(one_of(_ROLES), value))
    return _ROLES[value]


def _country(text: str) -> str:
    if not _COUNTRY.fullmatch(text):
        what = "a country such as EG, or with its subdivision such as DE-BY"
        raise ValueError(expected(what, text))
    return text


def _email(text: str) -> str:
    if len(text) > EMAIL_AT_MOST or not _EMAIL.fullmatch(text):
        raise ValueError(expected("an address such as mariam@example.com", text))
    return text


_Login = Annotated[Line, after(_login)]
_Name = Annotated[Line, after(_short(NAME_AT_MOST))]


class MemberEntry(CheckedTable):
    """One ``[[member]]`` of the team file, as written there; ``hours`` are in ``timezone``.

    "``hours`` may be left out or empty for who is not scheduled (leads, engineers, CEs)."
    """

    login: _Login
    name: _Name
    role: Annotated[Role, before(_role)]
    region: _Name
    timezone: ZoneName
    hours: tuple[Hours, ...] = ()
    holidays: Annotated[Line, after(_country)] | None = None
    email: Annotated[Line, after(_email)] | None = None
    at_capacity: Flag = False
    backup: _Login | None = None


class _TeamFile(CheckedTable):
    member: tuple[MemberEntry, ...] = ()


def load_team(text: str, source: str) -> tuple[MemberEntry, ...]:
    """Return the members that ``text``, a TOML file named ``source``, says, in its order.

    Raises:
        Refusal: with one line that names the first problem (the member by login or by number, the
            key, what was expected and the value), and how many more there are.
    """
    tables = tables_in(text, source)
    try:
        entries = _TeamFile.read(tables).member
    except WrongTableError as error:
        raise _refusal(source, _problems(error.mistakes, tables)) from None
    problems = _problems_between(entries, tables)
    if problems:
        raise _refusal(source, problems)
    return entries


def team_toml(entries: Sequence[MemberEntry]) -> dict[str, Any]:
    """Return the members as plain values for a TOML file that ``load_team`` reads back exactly."""
    return {"member": [entry.without_defaults() for entry in entries]}


def member_of(entry: MemberEntry, holidays: frozenset[date] = frozenset()) -> Member:
    """Return the member that an entry describes.

    ``holidays`` are the public holidays of the country that the entry names, for all the years
    that matter: which days these are is for the caller to look up.
    """
    hours = Calendar(entry.timezone, (), holidays)
    if entry.hours:
        hours = Calendar.of(entry.timezone, entry.hours, holidays)
    return Member(
        login=entry.login,
        name=entry.name,
        role=entry.role,
        region=entry.region,
        hours=hours,
        email=entry.email,
        holidays=entry.holidays,
        at_capacity=entry.at_capacity,
        backup=entry.backup,
    )


def _refusal(source: str, problems: Sequence[str]) -> Refusal:
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return Refusal(f"{source}: {problems[0]}{more}")


def _problems(mistakes: Sequence[Mistake], tables: dict[str, Any]) -> list[str]:
    # A misspelt key comes before the one that is missing because of it.
    found = sorted(mistakes, key=lambda each: each.kind is MistakeKind.MISSING)
    return [f"{_place(each.place, tables)}: {_sentence(each)}" for each in found]


def _place(location: Sequence[int | str], tables: dict[str, Any]) -> str:
    """Return where it is, as a person says it: "member gabe, hours", "member 3, login"."""
    if len(location) == 1 or not isinstance(location[1], int):
        return _key(location[0])
    entry = tables["member"][location[1]]
    login = entry.get("login") if isinstance(entry, dict) else None
    named = isinstance(login, str) and login.isprintable() and 0 < len(login) <= LOGIN_AT_MOST
    who = f"member {login if named else location[1] + 1}"
    return ", ".join([who, *(_key(key) for key in location[2:3])])


def _key(key: int | str) -> str:
    return quoted(key)[1:-1] if isinstance(key, str) else f"entry {key + 1}"


def _sentence(mistake: Mistake) -> str:
    place, said, kind = mistake
    if kind is MistakeKind.UNKNOWN_KEY:
        keys = MemberEntry.known_keys() if len(place) > 1 else ("member",)
        return f"expected {one_of(keys)}, not this key"
    if kind is MistakeKind.NO_LIST and place == ("member",):
        return said.replace("a list", "a [[member]] for each", 1)
    return said


def _problems_between(entries: Sequence[MemberEntry], tables: dict[str, Any]) -> list[str]:
    """Return what is wrong with the members together, a line each."""
    if len(entries) > MOST_MEMBERS:
        return [f"expected at most {MOST_MEMBERS:,} [[member]], and there are {len(entries):,}"]
    if not entries:
        return ["expected at least one [[member]], and there is none"]
    return [*_logins_again(entries), *_without_hours(entries, tables), *_unknown_backups(entries)]


def _logins_again(entries: Sequence[MemberEntry]) -> Iterator[str]:
    """Yield a line for each login that an earlier member has; capitals make no difference."""
    seen: dict[str, tuple[int, str]] = {}
    for number, entry in enumerate(entries, start=1):
        first, login = seen.setdefault(comparable(entry.login), (number, entry.login))
        if first != number:
            what = f"expected each login once, and member {first} has {quoted(login)}"
            yield f"member {number}, login: {what}"


def _without_hours(entries: Sequence[MemberEntry], tables: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each member in support who has no hours, as they would never be in."""
    for entry, table in zip(entries, tables["member"], strict=True):
        if entry.role is Role.SUPPORT and not entry.hours:
            what = _EMPTY if "hours" in table else _MISSING
            yield f"member {entry.login}, hours: {what}"


def _unknown_backups(entries: Sequence[MemberEntry]) -> Iterator[str]:
    """Yield a line for each backup who is nobody else of the team."""
    known = {comparable(entry.login) for entry in entries}
    is_first = True
    for entry in entries:
        if entry.backup is None:
            continue
        meant = comparable(entry.backup)
        if meant not in known or meant == comparable(entry.login):
            what = expected("the login of another member", entry.backup)
            yield f"member {entry.login}, backup: {what}{_nearest(entry, entries, is_first)}"
            is_first = False


def _nearest(entry: MemberEntry, entries: Sequence[MemberEntry], is_first: bool) -> str:
    """Return which member was probably meant by a backup; looked for only once in a file."""
    if entry.backup is None or not is_first:
        return ""
    others = sorted(each.login for each in entries if each is not entry)
    near = get_close_matches(entry.backup, others, n=1)
    return f"; did you mean {near[0]}?" if near else ""
