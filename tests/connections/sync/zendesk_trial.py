"""Run as a program: many changes at a Zendesk and here at once, with all that can go wrong.

Agents, customers and rules work there, two people work here, and loops keep both in step while
answers are refused, broken off and lost, tokens run out, and loops are killed. In the end both
sides are equal field by field, nothing was written twice, nothing was lost, and every request was
one that Zendesk's own description allows, where that is there.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import text

from connections.attempts import Delivery
from connections.helpdesks.access import Access, FixedAccess
from connections.helpdesks.help_desk import Account, Cursor, HelpDesk, MessageRead, Reading
from connections.helpdesks.zendesk import zendesk
from connections.sync.rounds import Round, Syncer
from policy.conversation.connections import ConnectionEntry
from policy.conversation.steps import OutgoingStep
from policy.refusal import Refusal
from policy.roster.team_file import load_team
from policy.words import Status
from store.desk import Desk
from tests.connections.helpdesks.zendesk_asked import DROPPED, ZendeskAsked
from tests.connections.helpdesks.zendesk_over_there import CurrentAccess
from tests.connections.helpdesks.zendesk_server import RateWindow, ZendeskServer
from tests.connections.helpdesks.zendesk_state import Company, Person, TicketOverThere
from tests.store.checking import check

NAME: Final = "desk"
GIVES_UP_AFTER: Final = 5
HERE: Final = ("mo", "luz")
AGENTS: Final = ("mariam", "tomasz")
TIERS: Final = ("enterprise", "team", "free", "presales", "open_source")
STATUSES: Final = ("open", "pending", "hold", "solved")
PARKED: Final = ("pending", "hold")
OURS: Final = (Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED)
SAME: Final = {
    "new": Status.NEW,
    "open": Status.OPEN,
    "pending": Status.PENDING,
    "hold": Status.ON_HOLD,
    "solved": Status.SOLVED,
    "closed": Status.CLOSED,
}
SEVERITIES: Final = {"urgent": 0, "high": 1, "normal": 2, "low": 3, None: 2}
TEAM: Final = "".join(
    f'[[member]]\nlogin = "{login}"\nname = "{login.title()}"\nrole = "support"\nregion = "EMEA"\n'
    f'timezone = "UTC"\nhours = ["Mon-Sun 00:00-24:00"]\nemail = "{login}@help.example"\n'
    for login in (*HERE, *AGENTS)
)
AT_MOST: Final = 400
"""How many rounds it may take until all is quiet."""


Given = TypeVar("Given")


class CutShort(BaseException):
    """The loop was killed: nothing after this happens."""


@dataclass
class Deadly:
    """A help desk in whose every call whoever calls may be killed, before it or after it."""

    through: HelpDesk
    chance: random.Random
    share: float

    @property
    def settles_after(self) -> timedelta:
        """For how long it may go on."""
        return self.through.settles_after

    def account(self) -> Account:
        """Return whom we are there."""
        return self.through.account()

    def changes(self, since: Cursor, limit: int) -> Reading:
        """Return what changed, if nobody is killed."""
        return self._survived(lambda: self.through.changes(since, limit))

    def conversation(self, external_id: str) -> Sequence[MessageRead]:
        """Return a conversation."""
        return self.through.conversation(external_id)

    def attachment(self, reference: str) -> bytes:
        """Return a file."""
        return self.through.attachment(reference)

    def write(self, step: OutgoingStep) -> Delivery:
        """Carry out a step, if nobody is killed."""
        return self._survived(lambda: self.through.write(step))

    def find(self, step: OutgoingStep) -> bool | None:
        """Return whether a step is there, if nobody is killed."""
        return self._survived(lambda: self.through.find(step))

    def close(self) -> None:
        """Hang up."""
        self.through.close()

    def _survived(self, do: Callable[[], Given]) -> Given:
        if self.chance.random() < self.share:
            raise CutShort
        done = do()
        if self.chance.random() < self.share:
            raise CutShort
        return done


@dataclass
class ZendeskTrial:
    """Both sides, and how often what was done; ``chance`` decides everything."""

    server: ZendeskServer
    path: Path
    chance: random.Random
    kills: float = 0.01
    done: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    troubled: bool = True

    def __post_init__(self) -> None:
        """Connect a new desk, with a team."""
        for login in HERE:
            self.server.hires(login, login.title())
        self.there = self.server.there
        self.companies = [self.there.ferry, *(self.there.founds(f"Company {n}") for n in range(6))]
        self.customers = [self._customer(number) for number in range(12)]
        self.entry = ConnectionEntry(
            name=NAME,
            kind="zendesk",
            address=self.server.address,
            settings={
                "gives_up_after": GIVES_UP_AFTER,
                "tickets": {"constants": {"tier": "free"}},
            },
        )
        self.desks = {login: self._desk(login) for login in HERE}
        self.mo = self.desks["mo"]
        self.mo.team.import_members(load_team(TEAM, "team.toml"))
        self.mo.connections.import_entries([self.entry])
        self.server.windows = {
            "account": RateWindow(r"", 400, timedelta(seconds=60)),
            "tickets-index": RateWindow(r"GET .*/tickets$", 100, timedelta(seconds=60)),
            "deleted": RateWindow(r"GET .*/deleted_tickets", 10, timedelta(seconds=60)),
            "incremental": RateWindow(r"GET .*/incremental/", 10, timedelta(seconds=60)),
        }
        self.server.faults.drawn = self._fault
        self.loops: dict[str, tuple[Syncer, list[HelpDesk]]] = {}
        self.numbers: Counter[str] = Counter()

    def close(self) -> None:
        """Hang up and close the desks."""
        for name in list(self.loops):
            self._forget(name)
        for desk in self.desks.values():
            desk.close()

    def now(self) -> datetime:
        """Return what time it is on both sides (UTC)."""
        return datetime.now(UTC) + self.there.ahead

    # Changes

    def change(self) -> None:
        """Let one thing happen, there or here."""
        deeds: tuple[tuple[Callable[[], None], int], ...] = (
            (self._opens, 8),
            (self._writes, 14),
            (self._answers_there, 9),
            (self._notes_there, 4),
            (self._sets_there, 12),
            (self._gives_there, 8),
            (self._automatic, 4),
            (self._tags_there, 2),
            (self._deletes_there, 1),
            (self._merges_there, 2),
            (self._somebody_changes, 2),
            (self._a_company_changes, 2),
            (self._hides, 1),
            (self._writes_here, 16),
            (self._sets_here, 9),
            (self._gives_here, 6),
            (self._undoes_here, 1),
        )
        (deed,) = self.chance.choices(
            [each for each, _ in deeds], weights=[weight for _, weight in deeds]
        )
        deed()

    def _count(self, what: str) -> str:
        self.done[what] += 1
        return f"{what} {self.done[what]}"

    def _opens(self) -> None:
        by = self.chance.choice(self.customers)
        name = self._count("opened there")
        ticket = self.there.opens(name, f"{name}: help.", by)
        if self.chance.random() < 0.7:
            ticket.tags.append(self.chance.choice(TIERS))
        ticket.priority = self.chance.choice([*sorted(filter(None, SEVERITIES)), None])

    def _writes(self) -> None:
        if (ticket := self._some()) is not None:
            comment = {"body": self._count("customer wrote"), "public": True}
            self.there.changes(ticket, ticket.requester, {}, comment, via="email")

    def _answers_there(self) -> None:
        if (ticket := self._some()) is not None:
            comment = {"body": self._count("agent answered"), "public": True}
            status = {"status": self.chance.choice(STATUSES)} if self.chance.random() < 0.5 else {}
            self.there.changes(ticket, self._agent().id, status, comment)

    def _notes_there(self) -> None:
        if (ticket := self._some()) is not None:
            comment = {"body": self._count("agent noted"), "public": False}
            self.there.changes(ticket, self._agent().id, {}, comment)

    def _sets_there(self) -> None:
        if (ticket := self._some()) is not None:
            self._count("agent set a status")
            ways: list[dict[str, Any]] = [{"status": each} for each in STATUSES]
            ways += [{"priority": each} for each in ("urgent", "low")]
            if ticket.status == "solved" and self.chance.random() < 0.2:
                ways = [{"status": "closed"}]
            self.there.changes(ticket, self._agent().id, self.chance.choice(ways))

    def _gives_there(self) -> None:
        if (ticket := self._some()) is not None:
            self._count("agent assigned")
            to = self.chance.choice([*(each.id for each in self._people()), None])
            self.there.changes(ticket, self._agent().id, {"assignee": to})

    def _automatic(self) -> None:
        if (ticket := self._some()) is not None:
            comment = {"body": self._count("machine wrote"), "public": True}
            if self.chance.random() < 0.5:
                self.there.changes(ticket, ticket.requester, {}, comment, via="email", flags=[4])
            else:
                self.there.changes(ticket, -1, {}, comment, via="rule")

    def _tags_there(self) -> None:
        if (ticket := self._some()) is not None:
            self._count("agent tagged")
            kept = [each for each in ticket.tags if each not in TIERS]
            tags = [*kept, self.chance.choice(TIERS)]
            self.there.changes(ticket, self._agent().id, {"tags": tags})

    def _deletes_there(self) -> None:
        if (ticket := self._some()) is not None:
            self._count("agent deleted")
            self.there.deletes(ticket)

    def _merges_there(self) -> None:
        ticket, into = self._some(), self._some()
        if ticket is not None and into is not None and ticket is not into:
            self._count("agent merged")
            self.there.merges(ticket, into, self._agent())

    def _somebody_changes(self) -> None:
        person = self.chance.choice(self.customers)
        self.there.renames(person, name=self._count("a person changed"))

    def _a_company_changes(self) -> None:
        company = self.chance.choice(self.companies)
        self.there.alters(company, name=self._count("a company changed"))

    def _hides(self) -> None:
        """Have the list not show a ticket any more, as it may happen; the export does."""
        if (ticket := self._some()) is not None:
            self._count("hidden from the list")
            self.there.hidden.add(ticket.id)

    def _writes_here(self) -> None:
        desk, number = self._here()
        said = self._name("Written here")
        status = self.chance.choice([None, None, *OURS])
        is_note = self.chance.random() < 0.3
        write = desk.conversation.note if is_note else desk.conversation.answer
        with suppress(Refusal):
            write(number, said, status)
            self.said[said] += 1
            self._count("written here")

    def _sets_here(self) -> None:
        desk, number = self._here()
        with suppress(Refusal):
            desk.tickets.set_status(number, self.chance.choice(OURS))
            self._count("status set here")

    def _gives_here(self) -> None:
        desk, number = self._here()
        with suppress(Refusal):
            desk.tickets.assign(number, self.chance.choice([*HERE, *AGENTS, None]))
            self._count("assigned here")

    def _undoes_here(self) -> None:
        with suppress(Refusal):
            for event in self.desks["luz"].history.undo():  # for Mo has made the team, too
                if event.kind == "message_written" and event.after is not None:
                    self.said[event.after["message"]["text"]] -= 1
                self._count("undone here")

    def _name(self, what: str) -> str:
        self.numbers[what] += 1
        return f"{what} {self.numbers[what]}."

    def _here(self) -> tuple[Desk, int]:
        desk = self.desks[self.chance.choice(HERE)]
        with desk._session.database.read() as connection:
            numbers = list(connection.scalars(text("SELECT id FROM ticket ORDER BY id")))
        return desk, self.chance.choice(numbers or [1])

    def _some(self) -> TicketOverThere | None:
        there = [
            each
            for each in self.there.tickets.values()
            if not each.deleted and each.status != "closed"
        ]
        return self.chance.choice(there) if there else None

    def _agent(self) -> Person:
        return self.there.logins[self.chance.choice(AGENTS)]

    def _people(self) -> list[Person]:
        return [self.there.logins[each] for each in (*AGENTS, *HERE)]

    def _customer(self, number: int) -> Person:
        person = self.there.by_address(f"customer{number}@c{number}.example")
        company: Company = self.chance.choice(self.companies)
        person.name, person.organization = f"Customer {number}", company.id
        return person

    # What goes wrong

    def _fault(self, asked: ZendeskAsked) -> tuple[str, int | str] | None:
        if not self.troubled:
            return None
        drawn = self.chance.random()
        ways: tuple[tuple[str, int | str, float], ...] = (
            ("before", 429, 0.01),
            ("before", 500, 0.006),
            ("after", 500, 0.006),
            ("before", DROPPED, 0.004),
            ("after", DROPPED, 0.004),
            ("after", 503, 0.004),
            ("before", 409, 0.05 if asked.method == "PUT" else 0.0),
        )
        for when, what, share in ways:
            if drawn < share:
                self.done[f"trouble: {what} {when} it was done"] += 1
                return when, what
            drawn -= share
        return None

    # Between

    def round(self) -> Round | None:
        """Go round with one of two loops, which may be killed; return what it did."""
        name = self.chance.choice(("one", "two"))
        if name not in self.loops:
            self.loops[name] = self._loop(name)
        syncer, _ = self.loops[name]
        try:
            done = syncer.round()
            syncer.stop()
        except CutShort:
            self.done["loop killed"] += 1
            self._forget(name)
            return None
        except Refusal as refusal:
            if refusal.__cause__ is not None:
                raise
            self.done["somebody else read"] += 1
            return None
        self.done["rounds"] += 1
        self.done["sent"] += done.sent
        self.done["refused for good"] += done.failed
        self.done["rounds that failed"] += done.error is not None
        return done

    def quiet(self) -> None:
        """Go round without any trouble until nothing is left to do."""
        self.troubled = False
        calm = 0
        for _ in range(AT_MOST):
            self.there.later(seconds=61)
            done = self.round()
            is_calm = done is not None and not done.error and not done.unread
            is_calm = is_calm and not self.mo.connections.status(NAME).waiting_out
            nothing = done is not None and done.taken.read == 0 and done.sent == 0
            calm = calm + 1 if is_calm and nothing else 0
            if calm > 5:  # longer than the exports are behind
                return
        raise AssertionError("it is never quiet")

    def killed_for_real(self) -> None:
        """Start a loop as a program of its own, and kill it at some moment."""
        started = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.connections.sync.zendesk_trial", "--loop"),
                *(str(self.path), "--ahead", str(self.there.ahead.total_seconds())),
                *("--worker", self._name("killed loop")),
            ],
            env={**os.environ, "NUMBERONE_DESK_TOKEN": self.server.tokens["numberone"]},
        )
        until = time.monotonic() + self.chance.uniform(1.0, 5.0)
        while time.monotonic() < until and started.poll() is None:
            for _ in range(2):
                self.change()
            time.sleep(0.2)
        os.kill(started.pid, signal.SIGKILL)
        started.wait()
        self.done["loop killed with -9"] += 1

    def _desk(self, login: str) -> Desk:
        return Desk.open(str(self.path), actor=login, clock=self.now)

    def _loop(self, name: str) -> tuple[Syncer, list[HelpDesk]]:
        opened: dict[str, HelpDesk] = {}

        def open_as(author: str) -> HelpDesk:
            # Luz has logged in there herself; what Mo does is done by the loop.
            login = "luz" if author == "luz" else "numberone"
            if login not in opened:
                access: Access = CurrentAccess(self.server, login)
                settings = {"address": self.server.address, "gives_up_after": GIVES_UP_AFTER}
                made = zendesk(settings, access, self.mo.connections.team_addresses())
                opened[login] = Deadly(made, self.chance, self.kills if self.troubled else 0)
                listed.append(opened[login])
            if not self.troubled:
                for each in opened.values():
                    each.share = 0  # type: ignore[attr-defined] # all are Deadly
            return opened[login]

        listed: list[HelpDesk] = []
        worker = self._name(f"loop {name}")
        return Syncer(self.mo, self.entry, worker, open_as), listed

    def _forget(self, name: str) -> None:
        _, opened = self.loops.pop(name)
        for each in opened:
            each.close()

    # What holds in the end

    def differences(self) -> list[str]:
        """Return where both sides differ, in words."""
        found = list(self.server.violations)
        decides = self._to_be_decided()
        for theirs in self.there.tickets.values():
            found += [f"{theirs.id}: {each}" for each in self._differs(theirs, decides)]
        found += self._lost_or_twice()
        return found

    def _differs(self, theirs: TicketOverThere, decides: set[str]) -> list[str]:
        name = f"{NAME}:{theirs.id}"
        try:
            ours = self.mo.tickets.get(self.mo.tickets.resolve(name))
        except Refusal:
            gone = theirs.deleted or theirs.status == "closed"
            return [] if gone else ["it is not here"]
        if theirs.deleted or theirs.merged_into is not None:
            return [] if ours.status is Status.CLOSED else [f"it is {ours.status} here, and gone"]
        found = []
        is_over = ours.continued_in is not None
        wanted = SAME[theirs.status]
        is_begun = (ours.status, wanted) == (Status.OPEN, Status.NEW)
        # A customer who wrote, and was read with a later change or with a merge, opens here what
        # rests there.
        merged = [each for each in self.there.tickets if self._leads_to(each, theirs.id)]
        rests = (*PARKED, "solved") if merged else PARKED
        is_woken = ours.status is Status.OPEN and theirs.status in rests
        asked = sum(each["author_id"] == theirs.requester for each in theirs.comments)
        is_woken = is_woken and (asked > 1 or bool(merged))
        self.done["open here as the customer wrote, at rest there"] += is_woken
        is_meant = is_begun or is_woken or is_over or name in decides
        if ours.status != wanted and not is_meant:
            found.append(f"it is {ours.status} here, {theirs.status} there")
        owner = None if theirs.assignee is None else self.there.people[theirs.assignee].email
        login = None if owner is None else owner.partition("@")[0]
        if ours.assignee != login and not is_over and name not in decides:
            found.append(f"it is {ours.assignee}'s here, {login}'s there")
        if theirs.status not in ("solved", "closed"):
            found += self._described(ours, theirs)
        there = Counter(_own(each["body"]) for each in theirs.comments)
        here = Counter(
            _own(each.text) for each in self.mo.conversation.of(ours.id) if _arrived(each)
        )
        missing, more = there - here, here - there
        if missing:
            found.append(f"not here: {sorted(missing)}")
        if more and not merged and not is_over:
            found.append(f"not there: {sorted(more)}")
        return found

    def _described(self, ours: Any, theirs: TicketOverThere) -> list[str]:  # noqa: ANN401 - JSON
        asks = self.there.people[theirs.requester]
        company = self.there.companies[theirs.organization] if theirs.organization else None
        tier = next((each for each in sorted(theirs.tags) if each in TIERS), "free")
        pairs = {
            "subject": (ours.subject, theirs.subject),
            "customer": (ours.customer, asks.name if company is None else company.name),
            "requester": (ours.requester.name, asks.name),
            "address": (ours.requester.email, asks.email),
            "tier": (str(ours.tier), tier),
            "severity": (ours.severity, SEVERITIES[theirs.priority]),
            "received": (ours.received_at, theirs.created),
        }
        return [f"{what} {here} is {there} there" for what, (here, there) in pairs.items()
                if here != there]  # fmt: skip

    def _leads_to(self, ticket: int, into: int) -> bool:
        return self.there.tickets[ticket].merged_into == into

    def _to_be_decided(self) -> set[str]:
        """Return the tickets of which something was refused for good: a person decides."""
        query = text("SELECT DISTINCT external_id FROM outgoing_step WHERE state = 'failed'")
        with self.mo._session.database.read() as connection:
            return {f"{NAME}:{each}" for each in connection.scalars(query)}

    def _lost_or_twice(self) -> list[str]:
        """Return which of our messages are not there once, but for those that were refused."""
        there, gone = Counter[str](), Counter[str]()
        for ticket in self.there.tickets.values():
            on = gone if ticket.deleted else there
            on.update(_own(each["body"]) for each in ticket.comments)
        query = text(
            "SELECT t.text FROM message m JOIN message_text t ON t.message_id = m.id"
            " WHERE m.state = 'failed'"
        )
        with self.mo._session.database.read() as connection:
            refused = Counter(connection.scalars(query))
        self.done["messages refused for good"] = refused.total()
        found = []
        for said, times in self.said.items():
            wanted = times - refused[said]
            # Whether what may have arrived did so is not to be known once its ticket is deleted.
            is_right = wanted in (there[said], there[said] + gone[said])
            if not is_right and not self._is_gone_with_its_ticket(said):
                found.append(f"{said!r} is there {there[said]} times, not {wanted}")
        twice = [said for said, times in there.items() if times > 1 and said in self.said]
        return found + [f"{said!r} is there twice" for said in twice]

    def _is_gone_with_its_ticket(self, said: str) -> bool:
        """Return whether a message waited on a ticket that was deleted there before it went out."""
        query = text("SELECT count(*) FROM message_text WHERE text = :said")
        with self.mo._session.database.read() as connection:
            return not connection.scalar(query, {"said": said})


def _arrived(message: Any) -> bool:  # noqa: ANN401 - of a conversation
    return message.state in ("received", "sent")


def _own(body: str) -> str:
    """Return what was written, without the name that the loop put beneath it."""
    return body.partition("\n\n— ")[0]


def run(
    folder: Path, changes: int, *, seed: int, kills: int = 0, deaths: float = 0.01
) -> tuple[Counter[str], list[str]]:
    """Make so many changes on both sides; return what was done and where both differ in the end.

    ``kills`` loops are programs of their own and killed; ``deaths`` is the share of calls in which
    a loop of this process is.
    """
    with ZendeskServer() as server:
        trial = ZendeskTrial(server, folder / "desk.db", random.Random(seed), deaths)  # noqa: S311 - no secret
        with closing(trial):
            made = killed = 0
            for _ in range(max(10, changes // 40)):
                trial._opens()
            while made < changes:
                before = made
                for _ in range(trial.chance.randint(1, 5)):
                    trial.change()
                    made += 1
                trial.there.later(seconds=trial.chance.uniform(0.0, 6.0))
                done = trial.round()
                rest = timedelta(0) if done is None else done.pause
                trial.there.later(seconds=min(rest.total_seconds(), 30.0))
                if before // 150 != made // 150:
                    server.expires("numberone")
                    trial.done["token expired"] += 1
                if kills and killed < kills and made * kills // changes > killed:
                    trial.killed_for_real()
                    killed += 1
            trial.done["changes"] = made
            trial.quiet()
            trial.done["requests"] = len(server.asked)
            trial.done["writes asked for"] = sum(each.method == "PUT" for each in server.asked)
            trial.done["held against the description"] = server.description is not None
            trial.done["tickets"] = len(server.there.tickets)
            check(trial.mo, str(trial.path))
            assert trial.mo.transfer.problems() == []
            return trial.done, trial.differences()


def _go_round(path: str, ahead: float, worker: str) -> None:
    """Go round until somebody kills this program."""

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=ahead)

    with closing(Desk.open(path, actor="mo", clock=now)) as desk:
        (entry,) = desk.connections.entries()
        settings = {"address": entry.address, "gives_up_after": GIVES_UP_AFTER}
        access = FixedAccess(os.environ["NUMBERONE_DESK_TOKEN"])
        help_desk = zendesk(settings, access, desk.connections.team_addresses())
        syncer = Syncer(desk, entry, worker, lambda _: help_desk)
        while True:
            with suppress(Refusal):
                syncer.round()
                syncer.stop()


def main() -> None:
    """Run what the command line asks for, and print what was done and how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=20, help="how many loops to kill with -9")
    parser.add_argument("--loop", help=argparse.SUPPRESS)
    parser.add_argument("--ahead", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.loop:
        _go_round(asked.loop, asked.ahead, asked.worker)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done, differences = run(Path(folder), asked.changes, seed=asked.seed, kills=asked.kills)
    for what, times in sorted(done.items()):
        print(f"{times:6,} {what}")
    print(f"{time.monotonic() - start:,.0f} s")
    print("\n".join(differences) or "both sides are equal, nothing is lost, and nothing came twice")
    sys.exit(bool(differences))


if __name__ == "__main__":
    main()
