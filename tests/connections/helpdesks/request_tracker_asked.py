"""A request to the in-process Request Tracker, and what is answered."""

import json
from dataclasses import dataclass
from typing import Any

from tests.connections.helpdesks.request_tracker_state import User

Said = tuple[int, object, dict[str, str]]
"""A code, what is said as JSON, and headers."""


@dataclass(frozen=True)
class TrackerAsked:
    """A request: by whom, for what, with what."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    user: User | None = None

    @property
    def content(self) -> Any:  # noqa: ANN401 - whatever is sent
        """What was sent as JSON."""
        return json.loads(self.body or b"null")

    @property
    def per_page(self) -> int:
        """How many rows a page has: twenty, a hundred at most, and nobody is told."""
        written = self.query.get("per_page", "20")
        return min(int(written), 100) if written.isdigit() and int(written) else 20

    @property
    def fields(self) -> list[str]:
        """Which fields are asked for."""
        return [name for name in self.query.get("fields", "").split(",") if name]
