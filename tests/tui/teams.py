"""Teams on a real desk, for the board's tests: of three, of twelve, of eighty, and of nine."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from policy.intake.incoming import IncomingTicket
from policy.roster.team_file import load_team
from store.desk import Desk
from tests.databases import made
from tests.examples import incoming
from tests.tui.boards import NOW

_NAMES = ("Ana", "Ben", "Cleo", "Dana", "Eli", "Fay", "Gabe", "Hana", "Ivo", "Jo", "Kai", "Lou")
_SHIFTS = (
    ("EMEA", "Africa/Cairo", "09:00-17:00"),
    ("EMEA", "Europe/Berlin", "09:00-17:30"),
    ("early US", "America/New_York", "08:00-16:00"),
    ("late US", "America/Los_Angeles", "10:00-18:00"),
    ("APAC", "Asia/Singapore", "08:00-16:30"),
)


def member(
    login: str, *, name: str = "", role: str = "support", shift: int = 0, **more: str
) -> str:
    """Return a member as the team file says them."""
    region, timezone, hours = _SHIFTS[shift % len(_SHIFTS)]
    fields = {
        "login": login,
        "name": name or login.capitalize(),
        "role": role,
        "region": region,
        "timezone": timezone,
        "email": f"{login}@example.com",
        **more,
    }
    lines = [f'{key} = "{value}"' for key, value in fields.items()]
    return "\n".join(["[[member]]", *lines, f'hours = ["Mon-Fri {hours}"]', ""])


def spread_team(people: int) -> str:
    """Return a lead and so many people around the world, as a team file."""
    names = [
        _NAMES[number % 12] + (f" {number // 12 + 1}" if number >= 12 else "")
        for number in range(people)
    ]
    members = [
        member(name.lower().replace(" ", ""), name=name, shift=number)
        for number, name in enumerate(names)
    ]
    return "\n".join([member("mariam", role="lead"), *members])


def nine_in_a_room() -> str:
    """Return a lead, an engineer, nine people who are all in now, and Zoe who comes at 18:00."""
    nine = [*(member(f"m{number}", backup="m9") for number in range(1, 9)), member("m9")]
    zoe = member("zoe", shift=3)
    return "\n".join([
        member("mariam", role="lead"), member("erin", role="engineer"), *nine, zoe,
    ])  # fmt: skip


def waiting(count: int, *, longer: timedelta = timedelta()) -> list[IncomingTicket]:
    """Return so many tickets, of the tiers in turn, most urgent to the contract last in tier.

    They have waited for 50 to 99 minutes, and ``longer``.
    """
    tiers = ("team", "enterprise", "free")
    return [
        incoming(
            number,
            customer=f"Customer {number}",
            subject=f"Search is slow ({number})",
            tier=tiers[number % 3],
            severity=1,
            received_at=NOW - longer - timedelta(minutes=50 if number % 3 == 1 else 100 - number),
            requester_name=f"Req {number}",
            requester_email=f"r{number}@example.org",
        )
        for number in range(1, count + 1)
    ]


def staffed(
    path: Path,
    team: str,
    tickets: Sequence[IncomingTicket] = (),
    *,
    then: Callable[[Desk], object] | None = None,
    now: datetime = NOW - timedelta(hours=1),
) -> Path:
    """Make a desk in ``path`` with a team and tickets as of ``now``, and return the path."""
    with closing(Desk.open(made(path), actor="mariam", clock=lambda: now)) as desk:
        desk.team.import_members(load_team(team, "team.toml"))
        desk.transfer.take_in(tickets)
        if then is not None:
            then(desk)
    return path
