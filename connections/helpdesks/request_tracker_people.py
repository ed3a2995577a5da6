"""Who is who at a Request Tracker: agents, customers and programs, asked once and remembered."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from connections.helpdesks.request_tracker_feed import identity, text, whole
from connections.helpdesks.request_tracker_wire import Json, TrackerWire, in_path

NOBODY: Final = "Nobody"
"""The login of the owner of what nobody owns."""

_PROGRAM: Final = "RT_System"
_REMEMBERED_FOR: Final = 3600.0
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class TrackerUser:
    """Somebody by their login; ``is_agent`` says that they work there, not write to it."""

    login: str
    name: str = ""
    email: str = ""
    is_agent: bool = False

    @property
    def is_program(self) -> bool:
        """Whether it is Request Tracker itself."""
        return self.login == _PROGRAM


class TrackerUsers:
    """The people of one Request Tracker, as far as a login may know them.

    Who is an agent is told of one person at a time only, and each question has its price: what was
    answered holds for an hour of ``clock``, in seconds. ``team`` holds the addresses of our own
    people.
    """

    def __init__(
        self,
        wire: TrackerWire,
        team: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.team = frozenset(each.casefold() for each in team)
        self._wire = wire
        self._clock = clock
        self._known: dict[str, tuple[float, TrackerUser]] = {}

    def named(self, login: str) -> TrackerUser:
        """Return who has a login; nobody's is a customer's of whom no more is known."""
        if login in (_PROGRAM, NOBODY):
            return TrackerUser(login)
        since, person = self._known.get(login, (0.0, None))
        if person is None or self._clock() - since > _REMEMBERED_FOR:
            if len(self._known) > _MOST:
                self._known.clear()
            person = self._asked(login) or TrackerUser(login)
            self._known[login] = (self._clock(), person)
        return person

    def with_address(self, email: str) -> TrackerUser | None:
        """Return whose an e-mail address is, None where nobody's or that of several."""
        where = [{"field": "EmailAddress", "value": email}]
        found = self._wire.read("/users", {"fields": "Name"}, where).rows
        return self._asked(identity(found[0])) if len(found) == 1 else None

    def with_login(self, login: str) -> TrackerUser | None:
        """Return who has a login, None where nobody."""
        return self._asked(login)

    def _asked(self, login: str) -> TrackerUser | None:
        answer = self._wire.look(f"/user/{in_path(login)}") if login else None
        return None if answer is None else _person_of(answer.record, login)


def _person_of(record: Json, asked: str) -> TrackerUser:
    return TrackerUser(
        login=text(record.get("Name")) or asked,
        name=text(record.get("RealName")),
        email=text(record.get("EmailAddress")),
        is_agent=whole(record.get("Privileged")) == 1,
    )
