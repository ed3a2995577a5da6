"""A policy file made of answers: every table with a comment that says what it is for.

What else could stand there is said, too, so that the file can be gone on with in an editor.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Final

from policy.clocks.typed_time import format_duration
from policy.drafting.policy_answers import CUSTOMERS, HoursAnswer, PolicyAnswers, WhenTable
from policy.drafting.told_contract import short_form, told_rows
from policy.words import OpenedBy, Severity

_COMMENT_AT: Final = 33
"""Where a comment beside a line begins, as in the policies that come with the program."""

_HEAD: Final = """\
# Our own policy, written by `numberone policy new`
#
# It says only what differs from the handbook; what it leaves out is as `numberone policy show` has
# it: [capacity] (when choices get hard), [waits] (what customers are told), [statuses] and others.
# After a change: `numberone policy check FILE`, then `numberone policy diff FILE`.
"""
_BY_CE: Final = "Tickets of trial customers are opened by a customer engineer; please ask yours."


def policy_text(answers: PolicyAnswers) -> str:
    """Return the policy file that the answers make, which ``check_rulebook`` finds nothing in."""
    parts = (
        _tiers(answers),
        _priorities(answers),
        _severities(answers),
        _facts(answers),
        _matrix(answers),
        _intake(answers),
        _hours(answers),
        _contract(answers),
        _groups(answers),
        _order(answers),
    )
    sections = ["\n".join(part) for part in map(list, parts) if part]
    return "\n".join([_HEAD, *(f"{section}\n" for section in sections)])


def _tiers(answers: PolicyAnswers) -> Iterator[str]:
    yield "[tiers]"
    said = "the highest first" if answers.plans else "no plans: all customers are served alike"
    yield _line("order", list(answers.plans), said)
    yield _line("paying", list(answers.paying), "for when = { paying = true }")
    yield _line("trial", list(answers.trial), "a CE may open tickets for them")
    yield _line("internal", list(answers.ours), "our own work: nobody waits for an answer")
    if answers.plans:
        example = f'{_key(answers.plans[0])} = "…"'
        yield _comment(f"names = {{ {example} }}", "how a plan is called, and short: its badge")


def _priorities(answers: PolicyAnswers) -> Iterator[str]:
    yield "[priorities]"
    yield _line("order", list(answers.priorities), "the first comes first")
    yield _line("urgent", list(answers.urgent_ones()), "call someone in")


def _severities(answers: PolicyAnswers) -> Iterator[str]:
    yield "[severities]"
    said = "the worst first" if answers.severities else "tickets carry none"
    yield _line("order", list(answers.severities), said)
    if answers.severities:
        example = f'{_key(str(answers.severities[0]))} = "…"'
        yield _comment(f"names = {{ {example} }}", "what a severity means, for forms")


def _facts(answers: PolicyAnswers) -> Iterator[str]:
    if not answers.facts:
        yield "# [facts] could name what else a ticket carries, for any `when` and for queries:"
        yield '# kind = ["incident", "request"], special = "flag", amount = "money"'
        return
    yield "[facts]                          # what else a ticket carries: words, a flag or money"
    for name, kind in answers.facts:
        yield _line(name, list(kind) if isinstance(kind, tuple) else kind)


def _matrix(answers: PolicyAnswers) -> Iterator[str]:
    matrix = answers.matrix
    if matrix is None:
        return
    columns = answers.lists_of_words[matrix.columns]
    yield "[matrix]                         # the priority by two facts, before [[intake]]"
    yield _line("rows", matrix.rows)
    yield _line("columns", matrix.columns)
    yield _line("across", list(columns))
    for word in answers.lists_of_words[matrix.rows]:
        yield _line(f"assign.{_key(word)}", list(answers.row_of(matrix, word)))


def _intake(answers: PolicyAnswers) -> Iterator[str]:
    yield "# Which priority a ticket gets: the first rule that holds decides. `when` may ask for"
    yield "# tier, severity, opened_by, paying and facts; all that it asks must hold. Instead of"
    yield '# assign a rule may say decline = "what the customer is told".'
    if answers.trial_by_ce and answers.trial:
        others = [str(each) for each in OpenedBy if each is not OpenedBy.CE]
        when: WhenTable = {"tier": list(answers.trial), "opened_by": others}
        yield from _rule(when, "decline", _BY_CE, "No customer engineer opened it.")
    if answers.ours:
        when = {"tier": list(answers.ours)}
        yield from _rule(when, "assign", answers.priorities[-1], "It is our own work.")
    for rule in answers.rules:
        for when in rule.whens:
            yield from _rule(when, "assign", rule.priority, f"It is {rule.said}.")
    yield from _by_severity(answers)
    otherwise = answers.otherwise or answers.priorities[-1]
    yield from _rule({}, "assign", otherwise, _why_otherwise(answers))


def _by_severity(answers: PolicyAnswers) -> Iterator[str]:
    for plan in answers.customers_plans if answers.severities_by_plan else (None,):
        told = zip(answers.priorities_of(plan), answers.severities, strict=True)
        for priority, stretch in groupby(told, key=lambda each: each[0]):
            severities = [severity for _, severity in stretch]
            when = {} if plan is None else {"tier": [plan]}
            of = "" if plan is None else f" of {plan}"
            listed = ", ".join(map(str, severities))
            because = f"Severity {listed}{of} is {priority}."
            yield from _rule({**when, "severity": severities}, "assign", priority, because)


def _why_otherwise(answers: PolicyAnswers) -> str:
    if answers.matrix is not None:
        return f"Its {answers.matrix.rows} and {answers.matrix.columns} are not known yet."
    if answers.rules or answers.severities:
        return "Anything else."
    if len(answers.priorities) == 1:
        return f"Every ticket is {answers.priorities[0]}."
    return "Until somebody assigns another priority."


def _rule(when: WhenTable, key: str, said: str, because: str) -> Iterator[str]:
    yield ""
    yield "[[intake]]"
    yield _line("when", when)
    yield _line(key, said)
    yield _line("because", because)


def _hours(answers: PolicyAnswers) -> Iterator[str]:
    hours = answers.hours
    yield "[calendar]                       # the desk's hours: levels, gaps, and contract times"
    yield _line("timezone", hours.timezone)
    yield _line("open", list(hours.open), 'or "Sun 14:00 - Fri 17:00", from one day to another')
    yield from _holidays(hours)
    if answers.where_customers_are:
        yield ""
        yield f"[calendars.{CUSTOMERS}]"
        yield _line("timezone", "customer", "the same hours where each customer is")
        yield _line("otherwise", hours.timezone, "where that is not known")
        yield _line("open", list(hours.open))
        yield from _holidays(hours)
    for other in answers.other_hours:
        yield ""
        yield f"[calendars.{_key(other.name)}]"
        yield _line("timezone", hours.timezone)
        yield _line("open", list(other.open))


def _holidays(hours: HoursAnswer) -> Iterator[str]:
    if hours.holidays_of is not None:
        years = sorted({day.year for day in hours.holidays})
        told = " and ".join(map(str, years))
        yield f"# The public holidays of {hours.holidays_of} in {told}; later years go here, too."
    if not hours.holidays:
        yield _line("holidays", [], "dates, closed all day: [2026-12-25]")
        return
    yield "holidays = ["
    for _, days in groupby(hours.holidays, key=lambda day: (day.year, day.month)):
        yield f"    {', '.join(day.isoformat() for day in days)},"
    yield "]"


def _contract(answers: PolicyAnswers) -> Iterator[str]:
    aim = format_duration(answers.aim)
    short = short_form(answers)
    if short is not None:
        yield "[response]                       # until the first response, in open time: m, h or d"
        yield _line("aim", aim, "what we strive for, whatever is promised")
        for priority, time in short.items():
            yield _line(_key(priority), time.written)
        yield _line("no_contract", list(answers.ours))
        yield "# [[contract]] rows instead could also promise next_reply, update and resolution;"
        yield "# they can differ by tier, severity or a fact, and have hours of [calendars.NAME]."
        return
    yield "[response]"
    yield _line("aim", aim, "what we strive for, whatever is promised")
    yield ""
    yield "# What is promised: for each target the first row that holds and names it decides. A"
    yield '# time is "4h" of open time (a day, d, is 24 h of it), "0bd" for the next closing, "1bd"'
    yield '# for the closing of the next working day, or "none".'
    if answers.stops_in:
        yield "[clock]                          # update and resolution stand still in these"
        yield _line("stops_in", [str(status) for status in answers.stops_in])
    else:
        yield '# [clock] stops_in = ["pending"] would stop update and resolution in a status.'
    for row in told_rows(answers):
        yield ""
        yield "[[contract]]" + (f"{' ' * (_COMMENT_AT - 12)}# {row.about}" if row.about else "")
        yield _line("when", row.when)
        if row.calendar is not None:
            yield _line("calendar", row.calendar)
        for target, time in row.times.items():
            yield _line(target, time.written)


def _groups(answers: PolicyAnswers) -> Iterator[str]:
    if not answers.groups:
        yield "# [[group]] rows (name, when) could put tickets into groups, for an order by group."
        return
    yield "# Who goes first: the first group that holds is the ticket's; rows of one name are one."
    for group in answers.groups:
        for when in group.whens:
            yield ""
            yield "[[group]]"
            yield _line("name", group.name)
            yield _line("when", when)


def _order(answers: PolicyAnswers) -> Iterator[str]:
    yield "[order]                          # also owed, tier, group, resolve_by"
    yield _line("normal", list(map(str, answers.order_in(hard_choices=False))))
    yield "# when it is too much, which [capacity] says"
    yield _line("hard_choices", list(map(str, answers.order_in(hard_choices=True))))


def _line(key: str, value: object, comment: str = "") -> str:
    written = f"{key} = {toml(value)}"
    return f"{written:<{_COMMENT_AT - 1}} # {comment}" if comment else written


def _comment(could: str, comment: str) -> str:
    return f"# {could:<{_COMMENT_AT - 3}} # {comment}"


def toml(value: object) -> str:
    """Return a value as TOML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        told = ", ".join(f"{_key(str(key))} = {toml(each)}" for key, each in value.items())
        return f"{{ {told} }}" if told else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, int | date):
        return str(value)
    return _quoted(str(value))


def _key(word: Severity) -> str:
    """Return a word as the key of a table: bare where it may be, else in quotes."""
    text = str(word)
    bare = text.isascii() and text.replace("_", "").replace("-", "").isalnum()
    return text if bare else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
