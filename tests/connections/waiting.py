"""A desk in hard choices on which many customers wait, for the tests of what they are told."""

from datetime import UTC, datetime, timedelta

from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.roster.team_file import load_team
from policy.words import Mode, NoticeWay
from store.desk import Desk
from store.notices.notice_models import Notice
from tests.examples import WORDS

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
"""A Wednesday inside the handbook's open hours."""

DOMAIN = "support.example"

_TEAM = """
[[member]]
login = "mo"
name = "Mo"
role = "lead"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 09:00-17:00"]

[[member]]
login = "ada"
name = "Ada"
role = "support"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 09:00-17:00"]

[[member]]
login = "gabe"
name = "Gabe"
role = "support"
region = "US"
timezone = "America/New_York"
hours = ["Mon-Fri 12:00-20:00"]
"""


class SetClock:
    """A clock that stands until it is moved; times are UTC."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        """Move on by some ``minutes`` or ``seconds``."""
        self.at += timedelta(**span)


def fill(desk: Desk, customers: int, *, now: datetime = NOW, **fields: object) -> None:
    """Let this many customers wait, and choices be hard by hand; ``desk`` is mo's."""
    desk.team.import_members(load_team(_TEAM, "team.toml"))
    desk.policy.set_mode(Mode.HARD_CHOICES, reason="a test", until=now + timedelta(days=2))
    desk.transfer.take_in([waiting(number, now, **fields) for number in range(1, customers + 1)])


def waiting(number: int, now: datetime = NOW, **fields: object) -> IncomingTicket:
    """Return a ticket of a customer of its own, who should have had an answer by now."""
    plain = {
        "external_id": str(number),
        "subject": f"Problem {number}",
        "customer": f"Customer {number}",
        "tier": "enterprise",
        "severity": 2,
        "received_at": now - timedelta(hours=4),
        "requester_name": f"Person {number}",
        "requester_email": f"person{number}@customer.example",
    }
    return incoming_ticket(plain | fields, WORDS)


def queued(desk: Desk, way: NoticeWay = NoticeWay.MAIL) -> tuple[Notice, ...]:
    """Send every draft there is; they go out ten seconds later."""
    return desk.waits.send(desk.waits.read().drafts, way=way, domain=DOMAIN)


def states(desk: Desk) -> list[str]:
    """Return how far the notices of the ledger have come, the first one first."""
    return [str(each.state) for each in sorted(desk.waits.read().ledger, key=lambda each: each.id)]
