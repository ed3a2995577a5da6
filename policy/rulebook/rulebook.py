"""The policy as data: a policy file layered over the handbook, checked, frozen."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any, cast

from policy.checked_table import CheckedTable, Mistake, WrongTableError
from policy.clocks.calendar import Calendar, together
from policy.contract.conditions import CLOSED, Condition, Value
from policy.contract.rows import Row, Term
from policy.refusal import Refusal, expected
from policy.rulebook.contract_rows import ContractTables, contract_rows, untold, wrong_as_a_whole
from policy.rulebook.contract_sections import (
    STOPPED,
    TARGETS,
    ClockSection,
    ContractRows,
    GroupRows,
    KnownFacts,
    MatrixSection,
    NamedCalendars,
    TargetsSection,
)
from policy.rulebook.intake_cover import IntakeCover, matrix_gaps
from policy.rulebook.layers import layered, words_of
from policy.rulebook.problems import problems_of
from policy.rulebook.sections import (
    AllocationSection,
    AnsweringSection,
    CalendarSection,
    CapacitySection,
    EngineeringSection,
    HandlingSection,
    IntakeRule,
    OrderSection,
    PrioritiesSection,
    ResponseSection,
    SeveritiesSection,
    StatusesSection,
    TiersSection,
)
from policy.rulebook.waits_section import WaitsSection
from policy.toml_text import tables_in
from policy.vocabulary import Vocabulary
from policy.words import FactKind, OpenedBy, Priority, Severity, Status, Tier


class Rulebook(CheckedTable):
    """Everything that a policy file can say; made by ``load_rulebook`` or ``handbook``."""

    calendar: CalendarSection | None
    calendars: NamedCalendars | None = None
    tiers: TiersSection
    priorities: PrioritiesSection
    severities: SeveritiesSection
    facts: KnownFacts | None = None
    matrix: MatrixSection | None = None
    intake: tuple[IntakeRule, ...]
    targets: TargetsSection | None = None
    clock: ClockSection | None = None
    response: ResponseSection
    contract: ContractRows | None = None
    group: GroupRows | None = None
    order: OrderSection
    capacity: CapacitySection
    handling: HandlingSection
    answering: AnsweringSection
    waits: WaitsSection
    statuses: StatusesSection
    engineering: EngineeringSection
    allocation: AllocationSection

    @classmethod
    def wrong_value(cls, key: str, value: object, read: Mapping[str, Any]) -> str | None:
        """Return which tickets intake does not decide."""
        # Where it is not known which words there are, what is wrong there is told by itself; what
        # a matrix says nothing of has the last priority.
        known = {"tiers", "severities", "facts", "matrix"} <= read.keys()
        if key != "intake" or not known or read["matrix"] is not None:
            return None
        rules = cast("tuple[IntakeRule, ...]", value)
        return IntakeCover(
            rules, read["tiers"], read["severities"], read["facts"] or {}
        ).undecided()

    def wrong_together(self, words: object) -> Iterator[Mistake]:
        """Yield what does not hold together of calendars, contract and groups."""
        del words
        if self.calendars is not None or self.contract is not None or self.group is not None:
            for place, said in wrong_as_a_whole(self._contract_tables):
                yield Mistake(place, said)

    @cached_property
    def contract_calendar(self) -> Calendar:
        """When levels, gaps, closing and ``aim_by`` count time: ``[calendar]``.

        "A file with ``[calendars]`` but without it takes their union (customers' zones by
        ``otherwise``)."
        """
        if self.calendar is not None:
            return self.calendar.calendar
        return together([each.in_zone(None) for each in (self.calendars or {}).values()])

    def calendar_named(self, names: tuple[str, ...], zone: str | None) -> Calendar:
        """Return when one of the calendars is open for a customer in ``zone``, None if unknown."""
        key = (names, zone)
        if key not in self._calendars_by_name:
            found = [self._named(name, zone) for name in names]
            self._calendars_by_name[key] = together(found)
        return self._calendars_by_name[key]

    def _named(self, name: str, zone: str | None) -> Calendar:
        if self.calendars is not None and name in self.calendars:
            return self.calendars[name].in_zone(zone)
        return self.contract_calendar

    @cached_property
    def _calendars_by_name(self) -> dict[tuple[tuple[str, ...], str | None], Calendar]:
        return {}

    @cached_property
    def fact_kinds(self) -> Mapping[str, FactKind]:
        """What else a ticket carries, and what each may be."""
        return MappingProxyType(self.facts or {})

    @cached_property
    def _contract_tables(self) -> ContractTables:
        return ContractTables(
            calendar=self.calendar,
            calendars=self.calendars or {},
            tiers=self.tiers,
            priorities=self.priorities,
            severities=self.severities,
            facts=self.facts or {},
            response=self.response,
            contract=self.contract,
            group=self.group,
            order=self.order,
        )

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The contract, row by row, whether it is written in full or as ``[response]``."""
        return contract_rows(self._contract_tables)

    @cached_property
    def asked_by_rows(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the rows of the contract ask of a ticket, each thing once.

        First what it is, then the calendars of which they ask whether it came outside their hours.
        """
        asked = {asked.about: None for row in self.rows for asked in row.conditions}
        closed = tuple(each for each in asked if each.startswith(f"{CLOSED} "))
        calendars = tuple(each.removeprefix(f"{CLOSED} ") for each in closed)
        return tuple(each for each in asked if each not in closed), calendars

    @cached_property
    def intake_asks_facts(self) -> bool:
        """Whether intake looks at more than tier, severity and who opened a ticket."""
        return self.matrix is not None or any(rule.when.fact_conditions for rule in self.intake)

    @cached_property
    def decided_by_words(self) -> dict[tuple[Tier | None, Severity | None, OpenedBy], Any]:
        """What intake decides, by those three words; filled by whoever asks."""
        return {}

    @cached_property
    def terms_by_values(self) -> dict[tuple[Value, ...], Mapping[str, Term]]:
        """What is promised, by what a ticket is of that which is asked; filled by whoever asks."""
        return {}

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[Condition, ...]], ...]:
        """The groups by name and what each asks, in their order."""
        return tuple(
            (row.name, self._contract_tables.conditions(row.when)) for row in self.group or ()
        )

    @cached_property
    def target_names(self) -> tuple[str, ...]:
        """What the contract may promise: the five targets, and the policy's own."""
        return TARGETS if self.targets is None else (*TARGETS, *self.targets.own)

    @cached_property
    def stops_in(self) -> frozenset[Status]:
        """The statuses in which ``update`` and ``resolution`` stand still."""
        return frozenset() if self.clock is None else frozenset(self.clock.stops_in)

    @cached_property
    def pauses_in(self) -> frozenset[Status] | None:
        """The same, None where nobody is promised an update or a resolution at all."""
        times = (row.times.get(target) for row in self.rows for target in STOPPED)
        promised = any(time is not None and time.promised for time in times)
        return self.stops_in if promised else None

    @cached_property
    def contract_time(self) -> Mapping[Priority, timedelta]:
        """The open time within which the contract wants the first response, by priority."""
        return self.response.by_priority

    @cached_property
    def handling_time(self) -> Mapping[Priority, timedelta]:
        """How long one ticket of each priority keeps a person busy, while there is no history."""
        return self.handling.by_priority

    @cached_property
    def answering_time(self) -> Mapping[Priority, timedelta]:
        """How long it is from picking a ticket up to its first answer, likewise by priority."""
        return self.answering.by_priority

    def without_a_ticket(self) -> tuple[str, ...]:
        """Return a sentence for each part of intake that no ticket, or not every one, comes to."""
        facts = self.facts or {}
        cover = IntakeCover(self.intake, self.tiers, self.severities, facts)
        gaps = () if self.matrix is None else matrix_gaps(self.matrix, facts, self.intake)
        return (*cover.never_reached(self.matrix), *gaps)

    def without_first_response(self) -> tuple[str, ...]:
        """Return a sentence for each fact without which a ticket may have no first response."""
        return () if self.contract is None else tuple(untold(self._contract_tables))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of this policy, and how they are said."""
        tiers, priorities = self.tiers, self.priorities
        return Vocabulary(
            tiers=tiers.order,
            priorities=priorities.order,
            severities=self.severities.order,
            paying=tiers.paying,
            trial=tiers.trial,
            internal=tiers.internal,
            urgent=priorities.urgent,
            facts=tuple((self.facts or {}).items()),
            severity_names=tuple(self.severities.names.items()),
            names=tuple(tiers.names.items()),
            short=tuple(tiers.short.items()),
        )

    @cached_property
    def paying(self) -> frozenset[Tier]:
        """The tiers whose customers pay."""
        return frozenset(self.tiers.paying)


@cache
def handbook() -> Rulebook:
    """Return the default policy, ``handbook.toml``."""
    tables = _handbook_tables()
    return Rulebook.read(tables, words_of(tables))


def load_rulebook(text: str, source: str) -> Rulebook:
    """Return the policy that ``text``, a TOML file named ``source``, says over the handbook.

    "A wrong file is refused with the key, the value and what was expected": raises Refusal with one
    line that names the first problem and how many more there are.
    """
    return _rulebook_or_refusal(_read(text, source))


def check_rulebook(text: str, source: str) -> list[str]:
    """Return all that is wrong with a policy file, a line each; nothing when it is good."""
    read = _read(text, source)
    return [] if isinstance(read, Rulebook) else read


def rulebook_from_json(text: str) -> Rulebook:
    """Return the policy that ``rulebook_json`` wrote, exactly.

    What an older program wrote lacks the keys that came since; they are the handbook's. Raises
    Refusal when it is not such a text.
    """
    try:
        tables = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal(f"the stored policy: expected JSON: {error}") from None
    if not isinstance(tables, dict):
        raise Refusal(f"the stored policy: {expected('a table', tables)}")
    return _rulebook_or_refusal(_checked(tables, "the stored policy"))


def describe(rulebook: Rulebook) -> dict[str, Any]:
    """Return the policy as plain values that TOML and JSON can write, in the file's own shape."""
    told: dict[str, Any] = _without_nothing(rulebook.as_plain())
    return told


def _without_nothing(value: Any) -> Any:  # noqa: ANN401 - plain values are of any kind
    if isinstance(value, dict):
        return {key: _without_nothing(each) for key, each in value.items() if each is not None}
    return [_without_nothing(each) for each in value] if isinstance(value, list) else value


def rulebook_json(rulebook: Rulebook) -> str:
    """Return the text as which a policy is kept."""
    return json.dumps(rulebook.as_plain(), ensure_ascii=False, separators=(",", ":"))


def fingerprint(rulebook: Rulebook) -> str:
    """Return a text that is the same for policies that say the same, and only for them."""
    canonical = json.dumps(describe(rulebook), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _rulebook_or_refusal(read: Rulebook | list[str]) -> Rulebook:
    if isinstance(read, Rulebook):
        return read
    more = f" (and {len(read) - 1} more)" if len(read) > 1 else ""
    raise Refusal(read[0] + more)


def _read(text: str, source: str) -> Rulebook | list[str]:
    try:
        tables = tables_in(text, source)
    except Refusal as refusal:
        return [refusal.reason]
    return _checked(tables, source)


def _checked(tables: Mapping[str, Any], source: str) -> Rulebook | list[str]:
    try:
        whole = layered(_handbook_tables(), tables)
        return Rulebook.read(whole, words_of(whole))
    except WrongTableError as error:
        return problems_of(error, source)
    except Refusal as refusal:
        return [f"{source}: {refusal.reason}"]


@cache
def _handbook_tables() -> dict[str, Any]:
    return tomllib.loads(resources.files("policy").joinpath("handbook.toml").read_text("utf-8"))
