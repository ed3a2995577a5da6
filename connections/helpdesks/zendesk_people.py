"""Who is who at a Zendesk: its agents, and whoever else stands beside tickets and comments."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from connections.files.zendesk_conversation import role_named
from connections.helpdesks.zendesk_wire import MOST_ROWS, Json, Query, ZendeskWire, text, whole
from policy.intake.conversation import MessageRole

_AGENTS_HOLD: Final = 600.0
_AGENTS_HOLD_AT_LEAST: Final = 30.0
_MOST_KNOWN: Final = 20_000
_ROLES: Final = ("agent", "admin")


class ZendeskPeople:
    """The people of one Zendesk, as far as a login may know them.

    ``team`` holds the addresses of our own people, who are ours whatever their role there. The list
    of agents holds for ten minutes of ``clock``, in seconds; who is not on it is looked for anew.
    """

    def __init__(
        self,
        wire: ZendeskWire,
        team: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wire = wire
        self._team = frozenset(each.casefold() for each in team)
        self._clock = clock
        self._known: dict[int, Json] = {}
        self._agents: list[Json] = []
        self._agents_since: float | None = None
        self._me: Json | None = None

    def me(self) -> Json:
        """Return whose login it is; who is not logged in has no id."""
        if self._me is None:
            self._me = self._wire.read("/users/me").named("user")
        return self._me

    def learn(self, users: Iterable[Json]) -> None:
        """Remember people as they were told of last."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known.update((whole(user.get("id")), user) for user in users)

    def known(self, numbers: Iterable[int]) -> Mapping[int, Json]:
        """Return people by their ids; whoever has not been told of yet is asked for."""
        wanted = {number for number in numbers if number}
        missing = sorted(wanted - self._known.keys())
        for start in range(0, len(missing), MOST_ROWS):
            some = missing[start : start + MOST_ROWS]
            query = {"ids": ",".join(map(str, some))}
            answer = self._wire.look("/users/show_many", query)
            self.learn([] if answer is None else answer.rows("users"))
        return {number: self._known[number] for number in wanted & self._known.keys()}

    def is_ours(self, user: Json) -> bool:
        """Return whether somebody works there, or is one of our people."""
        is_agent = role_named(user.get("role")) is MessageRole.US
        return is_agent or text(user.get("email")).casefold() in self._team

    def agent(self, *addresses: str | None) -> Json | None:
        """Return the agent who has the first of some addresses that is an agent's."""
        wanted = [each.casefold() for each in addresses if each]
        for least in (_AGENTS_HOLD, _AGENTS_HOLD_AT_LEAST):
            by_address = {text(each.get("email")).casefold(): each for each in self._listed(least)}
            for address in wanted:
                if address in by_address:
                    return by_address[address]
        return None

    def _listed(self, holds: float) -> list[Json]:
        since = self._agents_since
        if since is None or self._clock() - since > holds:
            self._agents = list(self._asked())
            self._agents_since = self._clock()
        return self._agents

    def _asked(self) -> Iterable[Json]:
        query: dict[str, str | int | tuple[str, ...]] = {"role[]": _ROLES, "page[size]": MOST_ROWS}
        while True:
            asked: Query = query
            answer = self._wire.read("/users", asked)
            yield from answer.rows("users")
            meta = answer.named("meta")
            if meta.get("has_more") is not True:
                return
            query["page[after]"] = text(meta.get("after_cursor"))
