"""The demonstration under each policy of the book: in its words, all of it met, and believable."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.contract.conditions import all_hold
from policy.contract.targets_due import contract_terms
from policy.contract.ticket_words import words_of_ticket
from policy.facts import fact_value
from policy.rulebook.book import book, text_in_the_book
from policy.rulebook.contract_sections import UPDATE
from policy.rulebook.rulebook import Rulebook, fingerprint, load_rulebook
from policy.ticket import Ticket
from policy.words import Criterion, Status
from store.desk import Desk
from store.queue.query import Query, Scope
from tests.databases import address_of
from tests.docs.test_words_of_the_handbook import WORDS
from tests.tui.command_runs import CommandLine
from tui.demo.filling import DemoPolicy, fill, scripted_until
from tui.demo.parts import customers
from tui.demo.trades import DEVELOPER_TOOL, trade_of

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
NAMES = tuple(each.name for each in book())
ALL = Query(scope=Scope.ALL)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NEVER_LATE = ("wikimedia",)
"""Nobody is promised an answer there, only that it is done by a time."""


@dataclass(frozen=True)
class Demo:
    """One demonstration, played: its policy, its database and all its tickets."""

    name: str
    rulebook: Rulebook
    path: Path
    tickets: tuple[Ticket, ...]
    queue: tuple[Ticket, ...]


@pytest.fixture(scope="module", params=NAMES)
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    name = str(request.param)
    path = tmp_path_factory.mktemp(name) / "demo.db"
    rulebook = policy(name)
    fill(address_of(path), NOW, policy=DemoPolicy(rulebook, trade_of(name)))
    with closing(opened(path)) as desk:
        tickets, queue = desk.queue.page(ALL, 0, None), desk.queue.page(Query(), 0, None)
    return Demo(name, rulebook, path, tickets, queue)


def policy(name: str) -> Rulebook:
    return load_rulebook(text_in_the_book(name), name)


def opened(path: Path) -> Desk:
    return Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)


def test_it_opens_on_one_number_one_of_the_highest_priority(demo: Demo) -> None:
    with closing(opened(demo.path)) as desk:
        overview = desk.queue.overview()
        assert fingerprint(desk.policy.rulebook()) == fingerprint(demo.rulebook)
        assert desk.transfer.problems() == []
    first = overview.number_one
    assert first is not None
    assert first == demo.queue[0]
    assert first.priority == demo.rulebook.vocabulary.first_priority
    assert first.assignee is None
    assert overview.capacity.level <= 2
    assert 22 <= overview.queue == len(demo.queue) <= 36
    assert overview.total == len(demo.tickets) > 200


def test_every_word_is_of_the_policy(demo: Demo) -> None:
    words = demo.rulebook.vocabulary
    for ticket in demo.tickets:
        assert ticket.tier in (words.tiers or (None,))
        assert ticket.severity in (words.severities or (None,))
        assert (ticket.priority in words.priorities) == (ticket.declined is None)
        for name, value in ticket.facts:
            assert fact_value(name, words.fact_kinds[name], value) == value


def test_no_word_of_the_handbook_is_shown(demo: Demo, numberone: CommandLine) -> None:
    words = demo.rulebook.vocabulary
    own = {*words.tiers, *words.priorities, *map(words.tier_name, words.tiers)}
    own |= {each.casefold() for each in own}
    of_the_desk = ["--db", address_of(demo.path), "--at", NOW.isoformat(), "--as", "mariam"]
    second = str(demo.queue[1].id)
    for typed in (
        ["next"], ["list"], ["list", "--declined"], ["explain", second], ["show", second],
        ["capacity"], ["waits"], ["report"], ["review"], ["allocation"],
    ):  # fmt: skip
        ran = numberone.plain([*of_the_desk, *typed])
        said = {each.casefold() for each in WORDS.findall(ran.out)}
        assert said <= own, (typed, ran.out)


def test_several_tiers_priorities_and_facts_are_in_the_queue(demo: Demo) -> None:
    words = demo.rulebook.vocabulary
    assert {each.priority for each in demo.queue} == {*words.priorities}
    assert {each.tier for each in demo.queue} == {*(words.tiers or (None,))}
    assert {each.severity for each in demo.tickets} == {*(words.severities or (None,))}
    assert {name for each in demo.tickets for name, _ in each.facts} == {*words.fact_kinds}
    assert {each.status for each in demo.tickets} == {*Status}
    if demo.rulebook.groups:
        groups = {group(demo.rulebook, each) for each in demo.queue}
        assert groups == {*range(len(demo.rulebook.groups)), None}


def test_answers_are_late_soon_due_and_given(demo: Demo) -> None:
    due = [each.respond_by or each.resolve_by for each in demo.queue if each.waiting_since]
    left = [each - NOW for each in due if each is not None]
    late = sum(each < timedelta(0) for each in left)
    assert 0 <= late <= 6
    assert late or demo.name in NEVER_LATE
    assert any(timedelta(0) <= each < DAY / 8 for each in left) or demo.name in NEVER_LATE
    assert any(each.waiting_since is None for each in demo.queue)
    assert sum(each.assignee is None for each in demo.queue) > len(demo.queue) / 4


def test_no_rule_cell_group_or_row_is_met_by_nobody(demo: Demo) -> None:
    rulebook, matrix = demo.rulebook, demo.rulebook.matrix
    reasons = {each.because for each in demo.tickets}
    assert {rule.because for rule in rulebook.intake} <= reasons
    if matrix is not None:
        cells = {
            (each.fact.get(matrix.rows), each.fact.get(matrix.columns)) for each in demo.tickets
        }
        assert {(row, column) for row in matrix.assign for column in matrix.across} <= cells
    groups = {group(rulebook, each) for each in demo.tickets}
    assert {*range(len(rulebook.groups))} <= groups
    numbers = {
        term.row.number
        for each in demo.tickets
        if each.declined is None
        for term in contract_terms(
            rulebook, words_of_ticket(each), each.received_at, each.zone
        ).values()
    }
    assert {row.number for row in rulebook.rows if row.times} <= numbers


def test_customers_are_where_the_calendars_ask_for_it(demo: Demo) -> None:
    by_customer = any(
        each.timezone == "customer" for each in (demo.rulebook.calendars or {}).values()
    )
    assert not by_customer or len({each.zone for each in demo.queue}) > 8


def test_whoever_is_promised_updates_has_had_one(demo: Demo) -> None:
    kept = 0
    for each in demo.queue:
        terms = contract_terms(demo.rulebook, words_of_ticket(each), each.received_at, each.zone)
        term = terms.get(UPDATE)
        if term is None or not term.time.open_time or each.waiting_since is not None:
            continue
        assert each.last_response_at is not None
        kept += 1
    assert (kept > 2) == (demo.name == "redhat")


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 3 * 365 * 24 * 60))
def test_at_any_time_of_any_week_what_happened_is_past_and_in_order(
    name: str, minutes: int
) -> None:
    now = NOW + minutes * MINUTE
    for scripted in scripted_until(now, policy(name), trade_of(name)):
        done = [action.at for action in scripted.actions]
        moments = [scripted.received_at, scripted.arrives_at, *done, now]
        assert all(earlier <= later for earlier, later in pairwise(moments)), scripted.fields


def test_the_same_time_makes_the_same_demonstration() -> None:
    once, again = (scripted_until(NOW, policy("bu"), trade_of("bu")) for _ in range(2))
    assert [each.fields for each in once] == [each.fields for each in again]
    assert [each.received_at for each in once] == [each.received_at for each in again]


def group(rulebook: Rulebook, ticket: Ticket) -> int | None:
    words = words_of_ticket(ticket)
    held = (
        place
        for place, (_, conditions) in enumerate(rulebook.groups)
        if all_hold(conditions, words.get)
    )
    return next(held, None)


@pytest.mark.parametrize("name", NAMES)
def test_a_trade_tells_only_of_its_own_customers(name: str) -> None:
    trade = trade_of(name)
    assert (trade == DEVELOPER_TOOL) == bool(policy(name).vocabulary.tiers)
    assert len(customers(trade.cast)) >= 10
    assert Criterion.RECEIVED_AT in policy(name).order.normal


def kept(numberone: CommandLine, *arguments: str) -> Iterator[str]:
    ran = numberone.plain(["--at", NOW.isoformat(), "demo", "--keep", "demo.db", *arguments])
    yield ran.err
    listed = numberone.plain(["--db", "demo.db", "--at", NOW.isoformat(), "next", "--json"])
    yield listed.json["number_one"]["priority"]


def test_a_policy_is_named_by_the_book_or_by_a_file(numberone: CommandLine) -> None:
    ours = text_in_the_book("zbiroh").replace('"urgent"', '"at_once"')
    Path("ours.toml").write_text(ours, encoding="utf-8")
    assert [*kept(numberone, "--policy", "ours.toml")][1] == "at_once"
    Path("demo.db").unlink()
    assert [*kept(numberone, "--policy", "wikimedia")][1] == "unbreak_now"


@pytest.mark.parametrize("named", ["wikimidia", "broken.toml"])
def test_a_policy_that_is_none_leaves_nothing_behind(numberone: CommandLine, named: str) -> None:
    Path("broken.toml").write_text('[tiers]\norder = ["a", "a"]\n', encoding="utf-8")
    ran = numberone.plain(["--policy", named, "demo", "--keep", "demo.db"], code=1)
    assert ran.err.startswith("numberone: ")
    assert ran.err.count("\n") == 1
    assert named in ran.err
    assert not Path("demo.db").exists()
