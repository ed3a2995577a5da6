"""Fills an empty database with the made-up desk, by living its last days through ``Desk``."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, groupby
from operator import attrgetter
from random import Random
from typing import Final, NamedTuple

from policy.clocks.business_time import business_time_between
from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from policy.vocabulary import Vocabulary
from policy.words import Work
from store.desk import Desk
from tui.demo.demo_team import team
from tui.demo.hours import Timed, hours_until
from tui.demo.parts import LEAD, customers
from tui.demo.script import SYNC, ScriptedTicket
from tui.demo.story import Story
from tui.demo.ticket_generator import MOVED_IN, TicketGenerator
from tui.demo.trades import DEVELOPER_TOOL, Trade
from tui.demo.translation import Translation
from tui.demo.unmet import Unmet
from tui.demo.wished_deadlines import WishedDeadlines

AWAY: Final = "hana"
"""Who is out before anything happens."""

_AWAY_SINCE: Final = timedelta(hours=30)
_AWAY_FOR: Final = timedelta(hours=40)

_SEED: Final = 17
_FIRST_ID: Final = 48_211
_AROUND_NOW: Final = timedelta(hours=4)
_EVERY_DAY: Final = """
[calendar]
timezone = "UTC"
open = ["Mon-Sun 00:00-24:00"]
"""


@dataclass(slots=True)
class SetClock:
    """A clock that shows the time it was set to, in UTC."""

    at: datetime

    def __call__(self) -> datetime:
        """Return the time it was set to."""
        return self.at


class DemoPolicy(NamedTuple):
    """The policy that a demonstration goes by, and the trade whose tickets it decides on."""

    rulebook: Rulebook
    trade: Trade = DEVELOPER_TOOL


@dataclass(frozen=True, slots=True)
class Step:
    """Something that ``by`` does at the desk at ``at`` (UTC)."""

    at: datetime
    by: str
    do: Callable[[Desk], object]


class _Deed(NamedTuple):
    """Something done to a ticket, and since when the desk knew of that (UTC)."""

    at: datetime
    known_at: datetime
    reference: str


def fill(
    address: str,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    policy: DemoPolicy | None = None,
) -> None:
    """Make the desk at ``address`` as lively as it is at ``now`` (UTC): same time, same desk.

    ``progress`` is told how many steps of how many are done. It goes by ``policy``, just as that
    is; without one by the handbook. Raises Refusal when the database cannot be written.
    """
    now = now.replace(microsecond=0)
    rulebook, trade = policy or DemoPolicy(rulebook_for(now))
    clock = SetClock(now - MOVED_IN)
    with closing(Desk.open(address, actor=LEAD, clock=clock)) as desk:
        desk.policy.adopt(rulebook)
        tickets = scripted_until(now, rulebook, trade)
        steps = _steps(tickets, hours_until(now), rulebook.vocabulary)
        for done, step in enumerate(steps, start=1):
            clock.at = step.at
            desk.act_as(step.by)
            step.do(desk)
            if progress is not None:
                progress(done, len(steps))
        clock.at = now
        desk.act_as(LEAD)
        _bring_in_the_team(desk, now)


def _bring_in_the_team(desk: Desk, now: datetime) -> None:
    """Tell the desk who works on it, and who of them is away today."""
    desk.team.import_members(team(now))
    desk.team.mark_out(AWAY, now - _AWAY_SINCE, now + _AWAY_FOR, "at a wedding")


def rulebook_for(now: datetime) -> Rulebook:
    """Return the handbook; at a weekend one without weekends, or no answer would be due soon."""
    usual = handbook()
    around = (now - _AROUND_NOW, now + _AROUND_NOW)
    if business_time_between(usual.contract_calendar, *around) == 2 * _AROUND_NOW:
        return usual
    return load_rulebook(_EVERY_DAY, "the demonstration's policy")


def scripted_until(
    now: datetime, rulebook: Rulebook, trade: Trade = DEVELOPER_TOOL
) -> list[ScriptedTicket]:
    """Return the desk's tickets as they lived until ``now`` (UTC), the first received first."""
    random = Random(_SEED)  # noqa: S311 - nothing here is a secret
    wished = WishedDeadlines(rulebook, now)
    translation = Translation(rulebook, customers(trade.cast).values())
    story = Story(random, trade, translation, wished)
    generator = TicketGenerator(random, trade, translation, wished)
    tickets = list(story.tickets(trade.told[0]))
    tickets += generator.tickets()
    tickets += chain.from_iterable(map(story.tickets, trade.told[1:]))
    tickets += Unmet(generator).tickets(tickets)
    return sorted(tickets, key=attrgetter("received_at"))


def _steps(
    tickets: Iterable[ScriptedTicket], hours: Iterable[Timed], words: Vocabulary
) -> list[Step]:
    """Return all that happens at the desk, the earliest first."""
    named = [
        (_named(scripted, number, words), scripted)
        for number, scripted in enumerate(tickets, start=_FIRST_ID)
    ]
    worked_on = _worked_on(named, words)
    steps = [
        *_arrivals(named),
        *chain.from_iterable(_actions(*one) for one in named),
        *chain.from_iterable(_timers(timed, worked_on.get(timed.login, ())) for timed in hours),
    ]
    return sorted(steps, key=attrgetter("at"))


def _named(scripted: ScriptedTicket, number: int, words: Vocabulary) -> IncomingTicket:
    source = "tracker" if scripted.fields["tier"] in words.internal else "helpdesk"
    return incoming_ticket(
        {
            **scripted.fields,
            "source": source,
            "external_id": number,
            "received_at": scripted.received_at,
            "url": f"https://{source}.example/tickets/{number}",
        },
        words,
    )


def _arrivals(named: Iterable[tuple[IncomingTicket, ScriptedTicket]]) -> Iterator[Step]:
    """Yield one step for all the tickets that the desk hears of at once."""
    by_arrival = sorted(named, key=lambda one: one[1].arrives_at)
    for at, arriving in groupby(by_arrival, key=lambda one: one[1].arrives_at):
        yield Step(at, SYNC, partial(_take_in, [incoming for incoming, _ in arriving]))


def _actions(incoming: IncomingTicket, scripted: ScriptedTicket) -> Iterator[Step]:
    reference = _reference(incoming)
    for action in scripted.actions:
        yield Step(action.at, action.by, partial(_do, action.do, reference))


def _worked_on(
    named: Iterable[tuple[IncomingTicket, ScriptedTicket]], words: Vocabulary
) -> dict[str, list[_Deed]]:
    """Return what each person does to customers' tickets, by login."""
    found: dict[str, list[_Deed]] = defaultdict(list)
    for incoming, scripted in named:
        if incoming.tier not in words.internal:
            for action in scripted.actions:
                found[action.by].append(_Deed(action.at, scripted.arrives_at, _reference(incoming)))
    return found


def _timers(timed: Timed, deeds: Iterable[_Deed]) -> Iterator[Step]:
    """Yield the start and the end of a timer: on the ticket that was worked on last."""
    end, on = timed.end, None
    if end is not None and timed.work is Work.CUSTOMER:
        known = (each for each in deeds if each.known_at <= timed.start and each.at < end)
        latest = max(known, default=None)
        on = None if latest is None else latest.reference
    yield Step(timed.start, timed.login, partial(_start_timer, timed, on))
    if end is not None:
        yield Step(end, timed.login, lambda desk: desk.time.stop_timer())


def _do(action: Callable[[Desk, int], object], reference: str, desk: Desk) -> object:
    with desk.transaction():
        return action(desk, desk.tickets.resolve(reference))


def _take_in(batch: Sequence[IncomingTicket], desk: Desk) -> object:
    return desk.transfer.take_in(batch)


def _start_timer(timed: Timed, on: str | None, desk: Desk) -> object:
    if on is None:
        return desk.time.start_timer(work=timed.work, note=timed.note)
    return desk.time.start_timer(desk.tickets.resolve(on), note=timed.note)


def _reference(incoming: IncomingTicket) -> str:
    return f"{incoming.source}:{incoming.external_id}"
