"""The open tickets of a large, made-up desk, as a file of JSON lines."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tui.demo import demo_wording as wording
from tui.demo.parts import customers, members

NUMBER_ONE = "The whole instance is down, for all users of all teams"
"""The subject of the only p0, which no other ticket has."""

_TICKETS_OF_A_CUSTOMER = 20
_OLDEST = timedelta(days=20)
_ANSWERED = 0.4


def write_tickets(path: Path, count: int) -> None:
    """Write ``count`` open tickets, of which one is p0, to a new file."""
    now = datetime.now(UTC).replace(microsecond=0)
    with path.open("w", encoding="utf-8") as file:
        for ticket in _tickets(count, now):
            file.write(json.dumps(ticket, ensure_ascii=False) + "\n")


def _tickets(count: int, now: datetime) -> Iterator[dict[str, Any]]:
    random = Random(count)  # noqa: S311 - nothing here is a secret
    kinds = [each for each in customers().values() if each.tier != "presales"]
    logins = [member.login for member in members()]
    for number in range(count):
        kind = random.choice(kinds)
        branch = random.randrange(max(1, count // _TICKETS_OF_A_CUSTOMER // len(kinds)))
        customer = replace(kind, name=f"{kind.name} {branch}")
        severity = random.choices((1, 2, 3), (1, 9, 10))[0]
        received = now - _OLDEST * random.random()
        is_first = number == count // 2
        yield {
            "external_id": f"{number}",
            "subject": NUMBER_ONE if is_first else wording.subject(random, customer, severity),
            "body": wording.body(random, customer),
            "customer": customer.name,
            "tier": "enterprise" if is_first else customer.tier,
            "severity": 0 if is_first else severity,
            "received_at": received.isoformat(),
            "first_response_at": now.isoformat() if random.random() < _ANSWERED else None,
            "assignee": random.choice([None, *logins]),
            **customer.requester(random),
        }
