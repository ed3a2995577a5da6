"""The small desk on which the examples of the docs are run: a team of five and eight tickets."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from policy.intake.incoming import IncomingTicket
from policy.roster.team_file import load_team
from policy.words import Status
from store.desk import Desk
from tests.examples import incoming

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
"""A Wednesday afternoon inside the handbook's open hours."""

AS = "mariam"
"""Who runs the examples: a lead."""

_TEAM = (
    ("mariam", "lead", "EMEA", "Mon-Fri 08:00-16:00"),
    ("gabe", "support", "EMEA", "Mon-Fri 08:00-16:00"),
    ("luz", "support", "Americas", "Mon-Fri 14:00-22:00"),
    ("priya", "support", "APAC", "Mon-Fri 00:00-08:00"),
    ("nikhil", "engineer", "EMEA", "Mon-Fri 09:00-17:00"),
    ("cole", "ce", "EMEA", "Mon-Fri 09:00-17:00"),
)
_TICKETS = (
    ("Acme", "Instance down for all users", "enterprise", 0, 55),
    ("Globex", "Search fails on large repositories", "team", 1, 100),
    ("Initech", "Export drops columns", "enterprise", 2, 300),
    ("Hooli", "Webhooks are late", "team", 2, 200),
    ("Piper", "How do I rename a project?", "free", 3, 70),
    ("Umbrella", "The trial does not start", "presales", 2, 30),
    ("Initech", "Export drops columns again", "enterprise", 2, 20),
    ("us", "Tidy up the runbooks", "internal", 3, 2000),
)


def team_file() -> str:
    """Return the team's file."""
    return "\n".join(
        f'[[member]]\nlogin = "{login}"\nname = "{login.title()}"\nrole = "{role}"\n'
        f'region = "{region}"\ntimezone = "UTC"\nhours = ["{hours}"]\n'
        f'email = "{login}@example.com"\n'
        for login, role, region, hours in _TEAM
    )


def _tickets() -> list[IncomingTicket]:
    return [
        incoming(
            number,
            source="helpdesk",
            customer=customer,
            subject=subject,
            tier=tier,
            severity=severity,
            received_at=NOW - timedelta(minutes=minutes),
            requester_name="Ada",
            requester_email=f"ada@{customer.lower()}.example",
            url=f"https://helpdesk.example/{number}",
        )
        for number, (customer, subject, tier, severity, minutes) in enumerate(_TICKETS, 1)
    ]


def fill(path: Path) -> None:
    """Make the desk in a new file, and the files that the examples name beside it."""
    since_morning = iter(NOW - timedelta(hours=6) + timedelta(minutes=5 * n) for n in range(99))
    with closing(Desk.open(str(path), actor=AS, clock=lambda: next(since_morning))) as desk:
        desk.team.import_members(load_team(team_file(), "team.toml"))
        desk.transfer.take_in(_tickets())
    with closing(
        Desk.open(str(path), actor="gabe", clock=lambda: NOW - timedelta(minutes=40))
    ) as desk:
        desk.tickets.take(4)
        desk.tickets.reply(4, Status.OPEN)
    for name, text in _FILES.items():
        path.with_name(name).write_text(text, encoding="utf-8")


_FILES = {
    "team.toml": team_file(),
    "ours.toml": '[response]\naim = "1h"\np2 = "2h"\n',
    "tickets.jsonl": json.dumps(
        {
            "external_id": "90",
            "subject": "Login page is slow",
            "customer": "Acme",
            "tier": "enterprise",
            "severity": 1,
            "received_at": "2026-03-04T13:00:00Z",
        }
    )
    + "\n",
    "gabe.ics": "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n",
}
