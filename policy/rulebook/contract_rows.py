"""The contract of a policy, row by row, and whether its tables hold together as a whole."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from policy.checked_table import Place
from policy.clocks.calendar import Calendar
from policy.clocks.target_time import TargetTime, closes_within_the_day, ever_closes
from policy.contract.conditions import Comparison, Condition, Value, closed_in
from policy.contract.reach import Box, Reach, in_words, values_of_fact
from policy.contract.rows import Row
from policy.facts import FLAG
from policy.refusal import one_of
from policy.rulebook.contract_sections import (
    CONTRACT_CALENDAR,
    FIRST_RESPONSE,
    NEXT_REPLY,
    ContractRow,
    GroupRow,
    NamedCalendar,
)
from policy.rulebook.sections import (
    CalendarSection,
    OrderSection,
    PrioritiesSection,
    ResponseSection,
    SeveritiesSection,
    TiersSection,
)
from policy.rulebook.when import When
from policy.words import Criterion, FactKind, OpenedBy

_NONE = TargetTime()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTables:
    """The tables of a policy that a contract is made of, each as the policy file has it."""

    calendar: CalendarSection | None
    calendars: Mapping[str, NamedCalendar]
    tiers: TiersSection
    priorities: PrioritiesSection
    severities: SeveritiesSection
    facts: Mapping[str, FactKind]
    response: ResponseSection
    contract: Sequence[ContractRow] | None
    group: Sequence[GroupRow] | None
    order: OrderSection

    def conditions(self, when: When) -> tuple[Condition, ...]:
        """Return what ``when`` asks of a ticket."""
        return tuple(when.conditions(self.tiers.order, frozenset(self.tiers.paying)))


def contract_rows(tables: ContractTables) -> tuple[Row, ...]:
    """Return the rows of ``[[contract]]``, or those that ``[response]`` is the short form for.

    Those are one for each priority in the calendar ``contract``, ``aim`` as the last row's
    ``next_reply``, and ``no_contract`` as a first row of ``"none"``.
    """
    response = tables.response
    nothing = MappingProxyType({FIRST_RESPONSE: _NONE, NEXT_REPLY: _NONE})
    without = [Row(None, (Condition("tier", frozenset(response.no_contract)),), (), nothing)]
    first = without if response.no_contract else []
    if tables.contract is not None:
        return (*first, *(_row(tables, *each) for each in enumerate(tables.contract)))
    for priority, time in response.by_priority.items():
        asked = (Condition("priority", frozenset({priority})),)
        promised = MappingProxyType({FIRST_RESPONSE: TargetTime(open_time=time)})
        first.append(Row(None, asked, (CONTRACT_CALENDAR,), promised))
    reply = MappingProxyType({NEXT_REPLY: TargetTime(open_time=response.aim)})
    return (*first, Row(None, (), (CONTRACT_CALENDAR,), reply))


def wrong_as_a_whole(tables: ContractTables) -> Iterator[tuple[Place, str]]:
    """Yield what is wrong between the tables of a policy, and where.

    "Checked as a whole: unknown words, rows that can never be reached, a priority and tier without
    a first response (``"none"`` counts) are refused with place and reason."
    """
    yield from _wrong_calendars(tables)
    for number, row in enumerate(tables.contract or ()):
        yield from _wrong_times(tables, number, row)
    yield from _wrong_reach(tables)
    if tables.group is None:
        for key in ("normal", "hard_choices"):
            if Criterion.GROUP in getattr(tables.order, key):
                yield ("order", key), "expected [[group]] rows where group is a criterion"


def untold(tables: ContractTables) -> Iterator[str]:
    """Yield a sentence for each fact without which a ticket has no first response by any row."""
    rows = _naming(contract_rows(tables), FIRST_RESPONSE)
    for name, kind in tables.facts.items():
        reach = _reach(tables, untold={name})
        boxes = [reach.box(row.conditions) for row in rows]
        if kind != FLAG and reach.left_of({name: frozenset({None})}, boxes) is not None:
            yield (
                f"A ticket that says nothing of {name} may have no first response by any"
                " [[contract]] row."
            )


def _row(tables: ContractTables, number: int, row: ContractRow) -> Row:
    return Row(number + 1, tables.conditions(row.when), row.calendars, row.times)


def _naming(rows: Iterable[Row], target: str) -> list[Row]:
    return [row for row in rows if target in row.times]


def _wrong_calendars(tables: ContractTables) -> Iterator[tuple[Place, str]]:
    named = tables.calendars
    if tables.calendar is not None and CONTRACT_CALENDAR in named:
        said = f"expected another name, as {CONTRACT_CALENDAR} is what [calendar] is called"
        yield ("calendars", CONTRACT_CALENDAR), said
    if tables.calendar is None and tables.contract is None and CONTRACT_CALENDAR not in named:
        said = "expected this table, or [[contract]] rows that name calendars, beside [calendars]"
        yield ("calendar",), said


def _wrong_times(
    tables: ContractTables, number: int, row: ContractRow
) -> Iterator[tuple[Place, str]]:
    """Yield what is wrong with the times of a row in its calendars."""
    promised = {target: time for target, time in row.times.items() if time.promised}
    known = _calendars(tables)
    if not promised:
        return
    if any(name not in known for name in row.calendars):
        yield ("contract", number, "calendar"), f"expected {one_of(known)}, and it is missing"
        return
    for target, time in promised.items():
        if time.business_day is not None:
            why = _why_no_closing([known[name] for name in row.calendars], time.business_day)
            if why is not None:
                named = f"{time.written}, not {one_of(row.calendars, 'and')}"
                yield ("contract", number, target), f"{why} for {named}"


def _why_no_closing(calendars: Sequence[Calendar], business_day: int) -> str | None:
    if len(calendars) > 1:
        return "expected one calendar"
    if business_day and not closes_within_the_day(calendars[0]):
        return "expected a calendar whose hours end within the day"
    return None if ever_closes(calendars[0]) else "expected a calendar that closes"


def _has_holidays(tables: ContractTables, name: str) -> bool:
    """Return whether a calendar is closed on some days in any zone of a customer."""
    return name in tables.calendars and bool(tables.calendars[name].holidays)


def _calendars(tables: ContractTables) -> Mapping[str, Calendar]:
    """Return the calendars by what rows call them, for a customer whose zone is not known."""
    named = {name: each.in_zone(None) for name, each in tables.calendars.items()}
    if tables.calendar is not None:
        named[CONTRACT_CALENDAR] = tables.calendar.calendar
    return named


def _wrong_reach(tables: ContractTables) -> Iterator[tuple[Place, str]]:
    if tables.contract is not None:
        reach = _reach(tables, untold=tables.facts)
        rows = contract_rows(tables)
        boxes = [reach.box(row.conditions) for row in rows]
        for place, row in enumerate(rows):
            earlier = {
                target: [
                    box
                    for box, each in zip(boxes[:place], rows, strict=False)
                    if target in each.times
                ]
                for target in row.times
            }
            if row.number is not None and all(
                reach.left_of(boxes[place], taken) is None for taken in earlier.values()
            ):
                before = (
                    (_called(each), box)
                    for each, box in zip(rows[:place], boxes, strict=False)
                    if row.times.keys() <= each.times.keys()
                )
                yield ("contract", row.number - 1), _never(reach, boxes[place], before)
        yield from _wrong_first_responses(tables)
    if tables.group is not None:
        reach = _reach(tables, untold=tables.facts)
        boxes = [reach.box(tables.conditions(row.when)) for row in tables.group]
        for place, box in enumerate(boxes):
            if reach.left_of(box, boxes[:place]) is None:
                before = ((f"rule {number}", each) for number, each in enumerate(boxes[:place], 1))
                yield ("group", place), _never(reach, box, before)


def _called(row: Row) -> str:
    return "response.no_contract" if row.number is None else f"rule {row.number}"


def _never(reach: Reach, box: Box, before: Iterable[tuple[str, Box]]) -> str:
    """Return why no ticket comes to a row: none is like this, or those ``before`` take them all."""
    if any(not values for values in box.values()):
        return "expected a row that some ticket reaches, and no ticket is ever like this"
    alone = (name for name, taken in before if reach.left_of(box, [taken]) is None)
    who = next((f", as {name} takes them all" for name in alone), "")
    return f"expected a row that some ticket reaches, and the rows before it leave none{who}"


def _wrong_first_responses(tables: ContractTables) -> Iterator[tuple[Place, str]]:
    reach = _reach(tables, untold=())
    boxes = [reach.box(row.conditions) for row in _naming(contract_rows(tables), FIRST_RESPONSE)]
    for priority in tables.priorities.order:
        for tier in tables.tiers.order or (None,):
            whose = {"priority": frozenset({priority}), "tier": frozenset({tier})}
            left = reach.left_of(whose, boxes)
            if left is not None:
                said = 'expected a first_response, or "none", for every ticket, and no row has one'
                yield ("contract",), f"{said} for {in_words(left)}"
                return


def _reach(tables: ContractTables, *, untold: Container[str]) -> Reach:
    """Return the tickets that can be; those facts that are ``untold`` may be left out of them."""
    groups = (tables.conditions(row.when) for row in tables.group or ())
    rows = (row.conditions for row in contract_rows(tables))
    compared: dict[str, list[tuple[str, Comparison]]] = {}
    for condition in chain.from_iterable([*rows, *groups]):
        compared.setdefault(condition.about, []).extend(condition.amounts)
    values: dict[str, Iterable[Value]] = {
        "tier": tables.tiers.order or (None,),
        "priority": tables.priorities.order,
        "severity": tables.severities.order or (None,),
        "opened_by": map(str, OpenedBy),
    }
    for name, kind in tables.facts.items():
        values[name] = values_of_fact(kind, compared.get(name, ()), untold=name in untold)
    for name, calendar in _calendars(tables).items():
        shut = ever_closes(calendar) or bool(calendar.holidays) or _has_holidays(tables, name)
        values[closed_in(name)] = (False, True) if shut else (False,)
    return Reach(values)
