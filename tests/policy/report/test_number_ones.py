"""Who was number one when: as anybody would have found it who sorted the queue at that instant."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.ordering.order import order_of
from policy.report.levels_held import ModeSpan
from policy.report.number_ones import PickUp, Reigns, reigns
from policy.report.ticket_changes import Since, TicketChange, value_at
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from policy.ticket import Deviation, Ticket
from policy.words import Mode, Status
from tests.examples import PRIORITIES, TIERS, ticket
from tests.policy.teams import HOUR, MINUTE, MONDAY

END = MONDAY + 2 * HOUR
LATER = st.integers(0, 119).map(lambda minutes: MONDAY + minutes * MINUTE)
TIERS_TURNED = load_rulebook(
    "[tiers]\n"
    'order = ["internal", "open_source", "free", "team", "enterprise", "presales"]\n'
    '[order]\nnormal = ["deviation", "tier", "received_at"]',
    "turned.toml",
)


def put_first(since: datetime, until: datetime | None = None) -> Deviation:
    return Deviation(by="mo", reason="The board asked.", since=since, until=until)


@st.composite
def standings(draw: st.DrawFn, number: int) -> Ticket:
    since = draw(LATER)
    until = draw(st.none() | st.integers(1, 90).map(lambda minutes: since + minutes * MINUTE))
    return ticket(
        number,
        status=draw(st.sampled_from([Status.NEW, Status.OPEN, Status.OPEN, Status.PENDING])),
        tier=draw(st.sampled_from(TIERS)),
        priority=draw(st.sampled_from(PRIORITIES)),
        respond_by=draw(st.none() | LATER),
        assignee=draw(st.sampled_from([None, "mo"])),
        waiting_since=draw(st.none() | st.just(MONDAY)),
        deviation=draw(st.none() | st.just(put_first(since, until))),
    )


@st.composite
def pasts(
    draw: st.DrawFn,
) -> tuple[list[Ticket], list[TicketChange], list[ModeSpan], list[Since[Rulebook]]]:
    at_first = [draw(standings(number)) for number in range(1, draw(st.integers(1, 4)))]
    now: dict[int, Ticket | None] = {each.id: each for each in at_first}
    changes = []
    for at in sorted(draw(st.lists(LATER, max_size=10))):
        number = draw(st.integers(1, 5))
        before = now.get(number)
        after = draw(st.none() | standings(number)) if before else draw(standings(number))
        now[number] = after
        kind = draw(st.sampled_from(["assigned", "replied"]))
        changes.append(TicketChange(at=at, actor="mo", kind=kind, before=before, after=after))
    edges = [MONDAY, *sorted(draw(st.sets(LATER, max_size=3)) - {MONDAY}), END]
    modes = [ModeSpan(start, end, 1, draw(st.sampled_from(Mode))) for start, end in pairwise(edges)]
    rulebooks = [Since(MONDAY, handbook())]
    rulebooks += [Since(each, TIERS_TURNED) for each in draw(st.lists(LATER, max_size=1))]
    return at_first, changes, modes, rulebooks


def sorted_anew(
    tickets: Sequence[Ticket],
    changes: Sequence[TicketChange],
    mode: Mode,
    rulebook: Rulebook,
    now: datetime,
) -> int | None:
    """Return the number one by sorting all that stands in the queue at ``now``."""
    stands: dict[int, Ticket | None] = {each.id: each for each in tickets}
    stands |= {each.ticket_id: each.after for each in changes if each.at <= now}
    queue = [_as_of(each, now) for each in stands.values() if each is not None and each.actionable]
    first = min(queue, key=order_of(rulebook, mode).key, default=None)
    return None if first is None else first.id


def _as_of(one: Ticket, now: datetime) -> Ticket:
    until = one.deviation.until if one.deviation else None
    return replace(one, deviation=None) if until is not None and until <= now else one


@settings(max_examples=300, deadline=None)
@given(pasts(), st.lists(st.integers(0, 7199), min_size=5, max_size=20))
def test_the_timeline_is_what_sorting_the_queue_at_any_instant_gives(
    past: tuple[list[Ticket], list[TicketChange], list[ModeSpan], list[Since[Rulebook]]],
    seconds: list[int],
) -> None:
    tickets, changes, modes, rulebooks = past
    found = reigns(tickets, changes, modes, rulebooks)
    assert (found.spans[0].start, found.spans[-1].end) == (MONDAY, END)
    instants = [MONDAY + timedelta(seconds=each) for each in seconds]
    for now in [*instants, *(span.start for span in found.spans)]:
        (reign,) = (each for each in found.spans if each.start <= now < each.end)
        (mode,) = (each.mode for each in modes if each.start <= now < each.end)
        rulebook = value_at(rulebooks, now)
        assert reign.ticket == sorted_anew(tickets, changes, mode, rulebook, now), now
    for one, following in pairwise(found.spans):
        assert one.end == following.start
        assert one.ticket != following.ticket


def normally(tickets: Sequence[Ticket], *changes: TicketChange) -> Reigns:
    modes = [ModeSpan(MONDAY, END, 1, Mode.NORMAL)]
    return reigns(tickets, changes, modes, [Since(MONDAY, handbook())])


def change(
    minute: int, before: Ticket | None, after: Ticket, kind: str = "changed"
) -> TicketChange:
    return TicketChange(
        at=MONDAY + minute * MINUTE, actor="mo", kind=kind, before=before, after=after
    )


def test_a_number_one_is_picked_up_by_whoever_takes_it() -> None:
    one = ticket(1, priority="p1")
    found = normally([one, ticket(2)], change(12, one, replace(one, assignee="mo"), "taken"))
    assert found.pick_ups == (PickUp(ticket=1, since=MONDAY, until=MONDAY + 12 * MINUTE),)
    assert found.pick_ups[0].took == 12 * MINUTE
    assert (found.changes, found.overtaken, found.waiting_since) == (0, 0, None)


def test_an_answer_or_a_solution_picks_it_up_as_well() -> None:
    one, two = ticket(1, priority="p0"), ticket(2, priority="p1")
    answered = replace(one, status=Status.OPEN, waiting_since=None, first_response_at=MONDAY)
    found = normally(
        [one, two],
        change(5, one, answered, "replied"),
        change(9, answered, replace(answered, status=Status.SOLVED), "status_changed"),
        change(10, two, replace(two, status=Status.SOLVED, waiting_since=None), "status_changed"),
    )
    assert [each.took for each in found.pick_ups] == [5 * MINUTE, MINUTE]
    assert [span.ticket for span in found.spans] == [1, 2, None]
    assert found.changes == 1


def test_a_number_one_that_another_comes_before_was_not_picked_up() -> None:
    one, worse = ticket(1), ticket(2, priority="p0")
    found = normally([one], change(30, None, worse, "opened"))
    assert (found.pick_ups, found.overtaken) == ((), 1)
    assert found.waiting_since == MONDAY + 30 * MINUTE
    assert found.changes == 1


def test_one_that_is_given_back_waits_anew() -> None:
    mine = ticket(1, assignee="mo")
    nobodys = replace(mine, assignee=None)
    found = normally([mine], change(10, mine, nobodys), change(17, nobodys, mine))
    assert [each.took for each in found.pick_ups] == [7 * MINUTE]


def test_a_deviation_gives_way_at_the_instant_it_expires() -> None:
    first = ticket(1, deviation=put_first(MONDAY, MONDAY + 40 * MINUTE), assignee="mo")
    found = normally([first, ticket(2, priority="p0", assignee="mo")])
    assert found.spans == (
        (MONDAY, MONDAY + 40 * MINUTE, 1),
        (MONDAY + 40 * MINUTE, END, 2),
    )


def test_no_time_has_no_number_one() -> None:
    assert reigns([], [], [], [Since(MONDAY, handbook())]) == Reigns()
