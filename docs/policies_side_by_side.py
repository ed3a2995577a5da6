"""Ten tickets under three policies of the book: what each decides on them, reckoned by the program.

The page is made with the policies as they come with the program and with its own functions, so
that it says what the program would do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from textwrap import fill
from typing import Final

from policy.facts import known_facts
from policy.intake.rules import assess
from policy.ordering.explanation import explain
from policy.ordering.groups import Groups
from policy.ordering.order import Order, order_of
from policy.phrases import span
from policy.rulebook.book import text_in_the_book
from policy.rulebook.rulebook import Rulebook, load_rulebook
from policy.ticket import Ticket
from policy.words import FactValue, Mode, OpenedBy, Severity, Status, Tier

NOW: Final = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
"""A Wednesday: 09:05 in Boston, 15:05 in Stockholm."""

_WIDTH: Final = 100
_GITLAB, _BU, _SKYLTMAX = "gitlab", "bu", "skyltmax"


@dataclass(frozen=True, slots=True)
class Words:
    """What one policy takes a ticket for: its tier and severity where it has such, and facts."""

    tier: Tier | None = None
    severity: Severity | None = None
    facts: Mapping[str, FactValue] | None = None

    @property
    def written(self) -> str:
        """The words as the page says them."""
        words = {"plan": self.tier, "severity": self.severity}
        said = [f"{name} `{word}`" for name, word in words.items() if word is not None]
        said += [
            f"{name.replace('_', ' ')}" if value is True else f"{name.replace('_', ' ')} `{value}`"
            for name, value in (self.facts or {}).items()
        ]
        return ", ".join(said) or "nothing but itself"


@dataclass(frozen=True, slots=True)
class Told:
    """A ticket in plain words, when it came, and what each policy takes it for."""

    name: str
    says: str
    ago: timedelta
    words: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Policy:
    """One of the three: its name in the book and in full, and a few sentences on how it decides."""

    name: str
    title: str
    about: str


def _told(name: str, says: str, minutes: int, *, gitlab: Words, bu: Words, skyltmax: Words) -> Told:
    words = {_GITLAB: gitlab, _BU: bu, _SKYLTMAX: skyltmax}
    return Told(name, says, timedelta(minutes=minutes), words)


def _plan(tier: Tier, severity: Severity, **facts: FactValue) -> Words:
    return Words(tier, severity, facts)


def _facts(**facts: FactValue) -> Words:
    return Words(facts=facts)


TICKETS: Final = (
    _told(
        "All is down",
        "Nothing works for any of our 2,000 people, since ten minutes ago.",
        10,
        gitlab=_plan("priority", "emergency"),
        bu=_facts(kind="incident", impact="campus", urgency="critical"),
        skyltmax=_facts(),
    ),
    _told(
        "A price for 120",
        "We think of buying 120 of them. What would that cost?",
        75,
        gitlab=_plan("free", "low", topic="billing"),
        bu=_facts(kind="request", impact="individual", urgency="low"),
        skyltmax=_facts(kind="b2b_quote"),
    ),
    _told(
        "Slow for a team",
        "Every page takes a minute, for our whole team. We have found no way around it.",
        130,
        gitlab=_plan("priority", "high"),
        bu=_facts(kind="incident", impact="group", urgency="high"),
        skyltmax=_facts(),
    ),
    _told(
        "Charged twice",
        "You have charged us 1,800 EUR twice.",
        200,
        gitlab=_plan("standard", "low", topic="billing"),
        bu=_facts(kind="incident", impact="individual", urgency="high"),
        skyltmax=_facts(amount="1800 EUR"),
    ),
    _told(
        "A question",
        "How do I change the name that is shown?",
        320,
        gitlab=_plan("priority", "low"),
        bu=_facts(kind="request", impact="individual", urgency="moderate"),
        skyltmax=_facts(),
    ),
    _told(
        "One cannot sign in",
        "A colleague cannot sign in, and has a talk to give at three.",
        25,
        gitlab=_plan("standard", "medium"),
        bu=_facts(kind="incident", impact="individual", urgency="critical"),
        skyltmax=_facts(contract=True),
    ),
    _told(
        "Arrived broken",
        "The screen came with a crack, and we open on Saturday.",
        260,
        gitlab=_plan("standard", "medium"),
        bu=_facts(kind="incident", impact="individual", urgency="moderate"),
        skyltmax=_facts(kind="damaged_goods", has_deadline=True),
    ),
    _told(
        "Set up sixty",
        "Please set up sixty new people by Monday.",
        180,
        gitlab=_plan("priority", "medium"),
        bu=_facts(kind="request", impact="multiple_groups", urgency="high"),
        skyltmax=_facts(contract=True),
    ),
    _told(
        "Trial shows errors",
        "We are trying it out, and every page shows an error.",
        45,
        gitlab=_plan("trial", "emergency"),
        bu=_facts(kind="incident", impact="individual", urgency="high"),
        skyltmax=_facts(),
    ),
    _told(
        "Never arrived",
        "What we ordered two weeks ago has not come, and the fair is on Friday.",
        390,
        gitlab=_plan("standard", "high"),
        bu=_facts(kind="incident", impact="group", urgency="high"),
        skyltmax=_facts(kind="missing_order", has_deadline=True),
    ),
)
"""All ten, numbered from 1 in this order."""

POLICIES: Final = (
    Policy(
        _GITLAB,
        "GitLab",
        "Customers have **plans**, and say themselves how bad it is. Plan and severity together"
        " promise a first answer: the best plan's emergencies in half an hour at any hour of the"
        " week, everything else in the open hours of a week that ends on Friday. Questions of"
        " billing have a time of their own, on any plan. The strictest promise goes first, so that"
        " who is promised nothing comes last, however bad it is.",
    ),
    Policy(
        _BU,
        "Boston University",
        "There are no plans: everybody at a university is served alike. How many it touches"
        " (**impact**) and how soon it must be right (**urgency**) make the priority together. An"
        " incident and a request of one priority have other times, for the first answer and for"
        " the solution, from nine to five where the campus is; a P1 at any hour.",
    ),
    Policy(
        _SKYLTMAX,
        "Skyltmax",
        "A web shop. All is one priority, and only a business that asks for a price is promised an"
        " answer, on the same day. When somebody is away and it is too much for the others,"
        " **groups** say who goes first: quotes for businesses, large and special orders,"
        " customers with a contract, then what was lost or came broken and has a deadline.",
    ),
)


@dataclass(frozen=True, slots=True)
class Decided:
    """One policy's decision on all ten: the tickets in both orders, by their numbers."""

    rulebook: Rulebook
    normal: Sequence[Ticket]
    hard: Sequence[Ticket]

    def place(self, number: int, mode: Mode = Mode.NORMAL) -> int:
        """Return the place of a ticket in the queue, from 1."""
        queue = self.normal if mode is Mode.NORMAL else self.hard
        return next(place for place, each in enumerate(queue, start=1) if each.id == number)

    def ticket(self, number: int) -> Ticket:
        """Return the ticket of a number."""
        return next(each for each in self.normal if each.id == number)


def decided(name: str) -> Decided:
    """Return what the policy of the book that is called so decides on the ten tickets."""
    rulebook = load_rulebook(text_in_the_book(name), name)
    tickets = [
        assess(rulebook, _ticket(number, told, told.words[name], rulebook))
        for number, told in enumerate(TICKETS, start=1)
    ]
    return Decided(rulebook, *(sorted(tickets, key=order_of(rulebook, mode).key) for mode in Mode))


def page() -> str:
    """Return the page about the three policies, as Markdown."""
    by_name = {each.name: decided(each.name) for each in POLICIES}
    lines = [_HEAD, *_tickets(), *_side_by_side(by_name)]
    for each in POLICIES:
        lines += _alone(each, by_name[each.name])
    return "\n".join([*lines, _FOOT])


def _ticket(number: int, told: Told, words: Words, rulebook: Rulebook) -> Ticket:
    received = NOW - told.ago
    return Ticket(
        id=number,
        source="desk",
        external_id=str(number),
        subject=told.name,
        customer="Acme",
        tier=words.tier,
        severity=words.severity,
        opened_by=OpenedBy.CUSTOMER,
        status=Status.NEW,
        received_at=received,
        waiting_since=received,
        because="",
        facts=tuple(sorted(known_facts(words.facts or {}, rulebook.fact_kinds).items())),
    )


_HEAD = """# Ten tickets under three policies

A written policy answers two questions of a support team: until when must this customer have an
answer, and which of all that wait comes first? Teams answer them differently. Here are the public
policies of three, as `numberone policy book` has them, and what each decides on the same ten
tickets. It is made by the program itself, with the functions by which it would rank your queue.

It is Wednesday, 4 March 2026, 14:05 in UTC: a little after nine in Boston, a little after three in
Stockholm. Nobody has been answered yet. All times are in UTC; – says that nothing is promised.

## The ten tickets
"""

_FOOT = """## Look for yourself

`numberone demo --policy gitlab` (or `bu`, `skyltmax`, any of the twelve) opens the board on a
made-up queue under that policy. How to start from one of them and make it your own is in
[Adopt a policy of your own](adopt-a-policy.md).
"""


def _tickets() -> Iterator[str]:
    yield "| | what | in the customer's words | came |"
    yield "|--:|---|---|---|"
    for number, told in enumerate(TICKETS, start=1):
        yield f"| #{number} | {told.name} | {told.says} | {span(told.ago)} ago |"
    yield ""


def _side_by_side(by_name: Mapping[str, Decided]) -> Iterator[str]:
    yield "## Side by side"
    yield ""
    yield "In each cell: the place in the queue, the priority, and until when the first answer is"
    yield "due; a second time is until when it must be solved."
    yield ""
    yield f"| | what | {' | '.join(each.title for each in POLICIES)} |"
    yield f"|--:|---|{'---|' * len(POLICIES)}"
    for number, told in enumerate(TICKETS, start=1):
        cells = (_cell(by_name[each.name], number) for each in POLICIES)
        yield f"| #{number} | {told.name} | {' | '.join(cells)} |"
    yield ""


def _cell(found: Decided, number: int) -> str:
    ticket = found.ticket(number)
    place = found.place(number)
    times = _at(ticket.respond_by)
    if ticket.resolve_by is not None:
        times += f", solved {_at(ticket.resolve_by)}"
    return f"**{place}.** {ticket.priority} · {times}"


def _alone(policy: Policy, found: Decided) -> Iterator[str]:
    """Yield the section of one policy: how it decides, and each ticket in its order with why."""
    yield f"## {policy.title}"
    yield ""
    yield fill(policy.about, _WIDTH)
    yield ""
    yield "| place | what | written with | priority | answer by | solved by | why |"
    yield "|--:|---|---|---|---|---|---|"
    order = order_of(found.rulebook, Mode.NORMAL)
    for place, ticket in enumerate(found.normal, start=1):
        behind = found.normal[place] if place < len(found.normal) else None
        told = TICKETS[ticket.id - 1]
        cells = [
            f"{place}",
            f"#{ticket.id} {told.name}",
            told.words[policy.name].written,
            f"{ticket.priority}",
            _at(ticket.respond_by),
            _at(ticket.resolve_by),
            f"{ticket.because} {_before(ticket, behind, order)}".strip(),
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    if found.rulebook.groups:
        yield from _in_groups(found)
    elif found.hard == found.normal:
        yield "When choices are hard, their order is the same."
        yield ""


def _in_groups(found: Decided) -> Iterator[str]:
    """Yield the order when choices are hard, with the group that puts each ticket where it is."""
    groups = Groups(found.rulebook.groups)
    order = order_of(found.rulebook, Mode.HARD_CHOICES)
    yield "When choices are hard, because too many people are out, their order is another one:"
    yield ""
    yield "| place | what | group | why before the next |"
    yield "|--:|---|---|---|"
    for place, ticket in enumerate(found.hard, start=1):
        behind = found.hard[place] if place < len(found.hard) else None
        cells = [
            f"{place}",
            f"#{ticket.id} {ticket.subject}",
            groups.name(ticket) or "–",
            _before(ticket, behind, order),
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _before(ticket: Ticket, behind: Ticket | None, order: Order) -> str:
    return "" if behind is None else explain(ticket, behind, order).why


def _at(moment: datetime | None) -> str:
    return "–" if moment is None else f"{moment:%a %H:%M}"
