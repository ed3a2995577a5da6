"""A year at a desk, made up and lived through: tickets come, and people do what they do."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from datetime import UTC, date, datetime, timedelta
from random import Random

from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.refusal import Refusal
from policy.roster.team_file import MemberEntry, load_team
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.ticket import Ticket
from policy.words import Mode, NoticeState, NoticeWay, PriorityInput, Status
from store.desk import Desk
from store.queue.query import Query, Scope

FIRST_DAY = date(2025, 3, 3)
DAYS = 365

_SHIFTS = {
    "mariam": ("lead", "Europe/Warsaw", "Mon-Fri 08:00-16:00"),
    "gabe": ("support", "Europe/Lisbon", "Mon-Fri 09:00-17:00"),
    "luz": ("support", "America/Sao_Paulo", "Mon-Fri 09:00-17:00"),
    "tomasz": ("support", "Europe/Warsaw", "Mon-Fri 08:00-16:00"),
    "priya": ("support", "Asia/Kolkata", "Mon-Fri 09:00-17:00"),
    "kenji": ("support", "Asia/Tokyo", "Mon-Fri 09:00-17:00"),
    "hana": ("support", "America/Los_Angeles", "Mon-Fri 09:00-17:00"),
    "nikhil": ("engineer", "Europe/Lisbon", "Mon-Fri 09:00-17:00"),
    "cole": ("ce", "America/New_York", "Mon-Fri 09:00-17:00"),
}
_SUPPORT = [login for login, (role, *_) in _SHIFTS.items() if role == "support"]
_TIERS = ("presales", "enterprise", "enterprise", "team", "team", "free", "open_source", "internal")
_SUBJECTS = (
    "Search is slow", "=SUM(A1:A9)", "Export drops columns", "-- urgent --", "Ошибка входа",
    "検索が遅い", "'quoted' name fails", "Line\twith a tab",
    "@everyone cannot log in", "[/] crashes",
)  # fmt: skip
_BODIES = ("", "It began on Monday.\n\n- first\n- then", "=cmd|' /C calc'!A0", 'He said: "no".\n')


class Year:
    """Lives through a year at a desk, always the same one for the same ``seed``."""

    def __init__(self, address: str, *, tickets: int, deeds: int, seed: int = 1) -> None:
        self.random = Random(seed)  # noqa: S311 - nothing here is a secret
        self.done = Counter[str]()
        self.now = datetime.combine(FIRST_DAY, datetime.min.time(), UTC)
        self._address = address
        self._tickets = tickets
        self._deeds = deeds
        self._desks: dict[str, Desk] = {}
        self._known: list[int] = []
        self._ahead: list[Callable[[Year], None]] = []

    def live(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Live through all of it."""
        with ExitStack() as opened:
            for login in _SHIFTS:
                desk = Desk.open(self._address, actor=login, clock=lambda: self.now)
                self._desks[login] = opened.enter_context(closing(desk))
            for day in range(DAYS):
                self._live_through(day)
                if progress is not None:
                    progress(day + 1, DAYS)

    def _live_through(self, day: int) -> None:
        midnight = datetime.combine(FIRST_DAY + timedelta(days=day), datetime.min.time(), UTC)
        if day == 0:
            self.now = midnight
            self.desk("mariam").team.import_members(_team())
        arrivals = [self._arrive] * self._share(self._tickets, day)
        deeds = [self._do_something] * self._share(self._deeds, day)
        for step in sorted(arrivals + deeds, key=lambda _: self.random.random()):
            left = midnight + timedelta(hours=23) - max(self.now, midnight)
            self.now = max(self.now, midnight) + left * self.random.random() / 4
            self.now = self.now.replace(microsecond=0)
            step()

    def _share(self, whole: int, day: int) -> int:
        """Return how many of the whole year fall on a day; together they are all."""
        return whole * (day + 1) // DAYS - whole * day // DAYS

    def desk(self, login: str | None = None) -> Desk:
        """Return the desk of somebody, or of anybody in support."""
        return self._desks[login or self.random.choice(_SUPPORT)]

    def ticket(self, scope: Scope = Scope.ALL) -> Ticket:
        """Return one of the tickets that came lately, or of the queue."""
        desk = self._desks["mariam"]
        if scope is Scope.QUEUE:
            page = desk.queue.page(Query(), self.random.randrange(5), 1)
            if page:
                return page[0]
        return desk.tickets.get(self.random.choice(self._known[-80:]))

    def _arrive(self) -> None:
        number = len(self._known) + 1
        self.desk("tomasz").transfer.take_in([self._incoming(number, self.now)])
        self._known.append(self._desks["mariam"].tickets.resolve(f"helpdesk:{number}"))

    def _incoming(self, number: int, received_at: datetime, **fields: object) -> IncomingTicket:
        again = Random(number)  # noqa: S311 - the same ticket is told the same way later
        tier = again.choice(_TIERS)
        plain = {
            "source": "helpdesk",
            "external_id": number,
            "subject": again.choice(_SUBJECTS),
            "body": again.choice(_BODIES),
            "customer": f"Customer {again.randrange(1 + self._tickets // 8)} {tier}",
            "tier": tier,
            "severity": again.choice((0, 1, 2, 2, 2, 3, 3)),
            "opened_by": again.choice(("customer", "customer", "ce", "support")),
            "requester_name": f"Person {again.randrange(9)}",
            "requester_email": again.choice((None, f"p{again.randrange(9)}@example.org")),
            "requester_timezone": again.choice((None, "Asia/Tokyo", "America/New_York")),
            "tags": again.choice(([], ["vip"], ["needs help", "a,b"])),
            "received_at": received_at - timedelta(minutes=5),
        }
        return incoming_ticket({**plain, **fields}, handbook().vocabulary)

    def _do_something(self) -> None:
        if not self._known:
            return
        if not self._ahead:  # so that even a short year has some of everything
            self._ahead = [deed for deed, weight in DEEDS for _ in range(weight)]
            self.random.shuffle(self._ahead)
        deed = self._ahead.pop()
        with suppress(Refusal):
            deed(self)
            self.done[deed.__name__] += 1

    def say_otherwise(self) -> None:
        """Let the other help desk say something new of a ticket."""
        ticket = self.ticket()
        if ticket.source != "helpdesk":
            return
        renewed = self._incoming(
            int(ticket.external_id), ticket.received_at + timedelta(minutes=5),
            subject=f"{ticket.subject} again", last_customer_message_at=self.now,
        )  # fmt: skip
        self.desk("tomasz").transfer.take_in([renewed])


def take(year: Year) -> None:
    """Take one of the first tickets."""
    year.desk().tickets.take(year.ticket(Scope.QUEUE).id)


def assign(year: Year) -> None:
    """Give a ticket to somebody else."""
    year.desk().tickets.assign(year.ticket(Scope.QUEUE).id, year.random.choice(_SUPPORT))


def reply(year: Year) -> None:
    """Answer a customer."""
    status = year.random.choice((None, Status.OPEN, Status.PENDING, Status.SOLVED))
    year.desk().tickets.reply(year.ticket(Scope.QUEUE).id, status)


def heard(year: Year) -> None:
    """Hear from a customer."""
    year.desk().tickets.heard(year.ticket().id)


def change_status(year: Year) -> None:
    """Say whose step is next."""
    year.desk().tickets.set_status(year.ticket().id, year.random.choice(list(Status)))


def assign_priority(year: Year) -> None:
    """Assign another priority."""
    year.desk().tickets.assign_priority(
        year.ticket(Scope.QUEUE).id,
        year.random.choice(handbook().priorities.order),
        reason="=They cannot ship",
        rests_on=year.random.choice(list(PriorityInput)),
    )


def open_ticket(year: Year) -> None:
    """Open a ticket of our own."""
    tier = year.random.choice(("presales", "internal", "team"))
    login = "cole" if tier == "presales" else None
    fields = {"external_id": "x", "subject": "Ours", "customer": "Us", "tier": tier, "severity": 1}
    opened = incoming_ticket(
        {**fields, "opened_by": "ce", "received_at": year.now}, handbook().vocabulary
    )
    year.desk(login).tickets.open_ticket(opened)


def go_out(year: Year) -> None:
    """Be out for some hours or days."""
    until = year.now + timedelta(hours=year.random.choice((3, 24, 96)))
    year.desk("mariam").team.mark_out(year.random.choice(_SUPPORT), until=until, reason="-- flu")


def come_back(year: Year) -> None:
    """Come back sooner."""
    year.desk("mariam").team.mark_back(year.random.choice(_SUPPORT))


def set_mode(year: Year) -> None:
    """Set the mode by hand, or no longer."""
    mode = year.random.choice((None, Mode.NORMAL, Mode.HARD_CHOICES))
    until = None if mode is None else year.now + timedelta(hours=4)
    year.desk("mariam").policy.set_mode(mode, reason="Because" if mode else "", until=until)


def adopt_policy(year: Year) -> None:
    """Adopt another policy."""
    hours = year.random.choice((None, 4, 6))
    ours = None if hours is None else load_rulebook(f'[response]\np2 = "{hours}h"\n', "ours")
    year.desk("mariam").policy.adopt(ours or handbook())


def send_waits(year: Year) -> None:
    """Tell some customers that they wait, and have it delivered, or take it back."""
    desk = year.desk()
    drafts = desk.waits.read().drafts[:3]
    way = year.random.choice((NoticeWay.MAIL, NoticeWay.BY_HAND))
    queued = desk.waits.send(drafts, way=way, domain="example.com")
    if year.random.random() < 0.3:
        desk.waits.take_back([notice.id for notice in queued])
    year.now += timedelta(minutes=1)
    states = (NoticeState.SENT, NoticeState.IN_DOUBT, NoticeState.UNDELIVERABLE)
    while (claimed := desk.waits.claim("loop")) is not None:
        desk.waits.record(claimed, year.random.choice(states), "=250 OK")


def put_first(year: Year) -> None:
    """Put a ticket first, until then or until it is answered."""
    until = year.random.choice((None, year.now + timedelta(hours=3)))
    ticket = year.ticket(Scope.QUEUE)
    year.desk("mariam").deviations.put_first(ticket.id, reason="@Their launch", until=until)


def end_deviation(year: Year) -> None:
    """Put the first ticket back in its place."""
    first = year.desk("mariam").queue.overview().number_one
    if first is not None:
        year.desk("mariam").deviations.end(first.id)


def hand_over(year: Year) -> None:
    """Fill in what engineering needs, and hand it over."""
    ticket, desk = year.ticket(Scope.QUEUE).id, year.desk()
    names = desk.policy.rulebook().engineering.context
    with desk.one_action():
        desk.engineering.fill_context(ticket, {name: f"+{name}" for name in names})
        desk.engineering.hand_over(ticket)


def escalate(year: Year) -> None:
    """Answer whether it can wait a day."""
    ticket = year.ticket(Scope.QUEUE).id
    cannot_wait = year.random.random() < 0.5
    because = "Nobody can work" if cannot_wait else ""
    year.desk().engineering.escalate(ticket, cannot_wait=cannot_wait, because=because)


def review(year: Year) -> None:
    """Decide the timing of what waits for engineering, or send it back."""
    nikhil = year.desk("nikhil")
    waiting = nikhil.engineering.waiting().waiting
    if not waiting:
        return
    ticket = year.random.choice(waiting).ticket.id
    timing = year.random.choice(("now", "next_release", "backlog", "scheduled", ""))
    day = year.now.date() + timedelta(days=9) if timing == "scheduled" else None
    if timing:
        nikhil.engineering.review(ticket, timing, scheduled_for=day, note="=note")
    else:
        nikhil.engineering.send_back(ticket, "Which version?")


def comment(year: Year) -> None:
    """Comment on a ticket."""
    year.desk(year.random.choice(["nikhil", *_SUPPORT])).tickets.comment(year.ticket().id, "-1")


def merge(year: Year) -> None:
    """Merge a ticket into another one of the same customer."""
    ticket = year.ticket(Scope.QUEUE).id
    others = year.desk("mariam").merging.candidates(ticket)
    if others:
        year.desk().merging.merge(ticket, others[0].id)


def split(year: Year) -> None:
    """Make a part of a ticket one of its own."""
    year.desk().merging.split(year.ticket(Scope.QUEUE).id, "=A part", "- of it")


def work(year: Year) -> None:
    """Let the timer run for a while; the next day may find it running."""
    desk = year.desk()
    desk.time.start_timer(year.ticket().id, note="=1")
    if year.random.random() < 0.9:
        year.now += timedelta(minutes=year.random.randrange(5, 90))
        desk.time.stop_timer()


def undo(year: Year) -> None:
    """Take back what somebody did last; not the lead, whose first deed was to make the team."""
    year.desk().history.undo()


def redo(year: Year) -> None:
    """Do it again."""
    year.desk().history.redo()


DEEDS: tuple[tuple[Callable[[Year], None], int], ...] = (
    (take, 16),
    (reply, 24),
    (heard, 10),
    (change_status, 6),
    (assign, 3),
    (assign_priority, 3),
    (open_ticket, 2),
    (go_out, 2),
    (come_back, 2),
    (set_mode, 1),
    (adopt_policy, 1),
    (send_waits, 3),
    (put_first, 2),
    (end_deviation, 1),
    (hand_over, 6),
    (escalate, 2),
    (review, 6),
    (comment, 3),
    (merge, 2),
    (split, 2),
    (work, 8),
    (undo, 4),
    (redo, 2),
    (Year.say_otherwise, 6),
)
"""What people do, each with how often."""


def _team() -> tuple[MemberEntry, ...]:
    members = (
        f'[[member]]\nlogin = "{login}"\nname = "{login.title()}"\nrole = "{role}"\n'
        f'region = "R{number % 3}"\ntimezone = "{zone}"\nhours = ["{hours}"]\n'
        for number, (login, (role, zone, hours)) in enumerate(_SHIFTS.items())
    )
    return load_team("\n".join(members), "team.toml")
