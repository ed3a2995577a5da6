"""A request to the in-process Zendesk, what is answered, and what goes wrong."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.connections.helpdesks.zendesk_state import Person

Answered = tuple[int, object, dict[str, str]]
"""A code, what is said as JSON, and headers."""

DROPPED = "drop the connection"


@dataclass(frozen=True)
class ZendeskAsked:
    """A request: by whom, for what, with what; ``elsewhere`` where another host was asked."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    user: Person | None = None
    elsewhere: bool = False

    @property
    def content(self) -> Any:  # noqa: ANN401 - whatever is sent
        """What was sent as JSON."""
        return json.loads(self.body or b"null")

    @property
    def line(self) -> str:
        """Its method and path."""
        return f"{self.method} {self.path}"

    def one(self, name: str, otherwise: str = "") -> str:
        """Return one value of the query."""
        return self.query.get(name, [otherwise])[0]

    def number(self, name: str, otherwise: int) -> int:
        """Return a number of the query."""
        written = self.one(name)
        return int(written) if written.isdigit() else otherwise


@dataclass
class ZendeskFaults:
    """What goes wrong, for each request that fits ``METHOD path``: a code, or DROPPED.

    A fault ``before`` keeps the request from being carried out, one ``after`` only the answer back;
    ``drawn`` may add one of either kind to any request. ``headers`` come with each answer.
    """

    before: dict[str, int | str] = field(default_factory=dict)
    after: dict[str, int | str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    drawn: Callable[[ZendeskAsked], tuple[str, int | str] | None] = lambda _: None

    def of(self, asked: ZendeskAsked) -> tuple[int | str | None, int | str | None]:
        """Return what goes wrong with a request before and after it is carried out."""
        drawn = self.drawn(asked)
        before = next(
            (what for form, what in self.before.items() if re.search(form, asked.line)), None
        )
        after = next(
            (what for form, what in self.after.items() if re.search(form, asked.line)), None
        )
        if drawn is not None:
            before = drawn[1] if drawn[0] == "before" else before
            after = drawn[1] if drawn[0] == "after" else after
        return before, after


def _fitting(faults: dict[str, int | str], asked: ZendeskAsked) -> int | str | None:
    return next((what for form, what in faults.items() if re.search(form, asked.line)), None)
