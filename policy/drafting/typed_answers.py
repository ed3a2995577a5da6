"""What people type as an answer: words in a list, one for each of several, hours, days, times.

Each reads a text and raises a Refusal that says what is wrong, what was expected and, where there
is one, the nearest word.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, TypeVar
from zoneinfo import available_timezones

from policy.clocks.calendar import parse_hours
from policy.clocks.target_time import TargetTime
from policy.clocks.typed_time import parse_duration
from policy.clocks.zones import zone_named
from policy.drafting.policy_answers import ALWAYS, PLAN, ROUND_THE_CLOCK
from policy.facts import FLAG, MONEY
from policy.refusal import Refusal, expected, one_of, quoted
from policy.rulebook.contract_sections import fact_kind, fact_name
from policy.rulebook.fields import LONGEST_TIME, date_itself
from policy.rulebook.word_fields import not_a_word, severity_itself, word_itself
from policy.vocabulary import nearest_word, plain_word, the_word
from policy.words import Criterion, FactKind, Severity

NONE: Final = "none"
"""What says that there is nothing of a kind."""

_MOST_DIGITS = 6
_YES: Final = frozenset({"y", "yes"})
_NO: Final = frozenset({"n", "no"})
_YES_OR_NO: Final = frozenset({"yes/no", "yes or no", "yes, no", "true/false"})
_ON_THE_HOUR = re.compile(r"(?<![:0-9])[0-9]{1,2}(?![:0-9])", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_NAMED = re.compile(r"\s*(?P<name>[^=:]+?)\s*[=:]\s*(?P<rest>.+)", re.DOTALL)

CRITERIA: Final = {
    "priority": Criterion.PRIORITY,
    "waiting": Criterion.OWED,
    "plan": Criterion.TIER,
    "group": Criterion.GROUP,
    "due": Criterion.RESPOND_BY,
    "solve": Criterion.RESOLVE_BY,
    "age": Criterion.RECEIVED_AT,
}
"""What an order may look at, in plain words, each with its name in a policy file."""

_ALSO: Final = {"oldest": "age", "groups": "group", "solved": "solve"}
"""What people say for some of them."""

_Word = TypeVar("_Word", bound=Severity)
_Read = TypeVar("_Read")


def said(criteria: Iterable[Criterion]) -> str:
    """Return an order in plain words, as it is typed; a person's deviation goes without saying."""
    plain = {criterion: word for word, criterion in CRITERIA.items()}
    return ", ".join(plain[each] for each in criteria if each in plain)


def pieces(text: str) -> list[str]:
    """Return what stands in a list: apart by commas or ``and``, else by spaces.

    With commas what has spaces in it is one word, joined as words of a policy are.
    """
    if text.strip().casefold() in {"", NONE, "-"}:
        return []
    listed = _AND.sub(",", text)
    if "," not in listed:
        return text.split()
    return ["_".join(piece.split()) for piece in listed.split(",") if piece.strip()]


def words(text: str) -> tuple[str, ...]:
    """Return the words that a list gives, from the highest on."""
    return _each_once([_read(word_itself, _said_word(piece)) for piece in pieces(text)])


def severities(text: str) -> tuple[Severity, ...]:
    """Return the severities that a list gives, from the worst on; numbers are numbers."""
    return _each_once(
        [
            _read(severity_itself, int(piece) if _is_number(piece) else _said_word(piece))
            for piece in pieces(text)
        ]
    )


def some_of(text: str, known: Sequence[_Word], what: str) -> tuple[_Word, ...]:
    """Return the words of a list that are named, in the list's own order."""
    named = _each_once([_one_of(piece, known, what) for piece in pieces(text)])
    return tuple(word for word in known if word in named)


def one_word(text: str, known: Sequence[_Word], what: str) -> _Word:
    """Return the one word of a list that is named."""
    return _one_of("_".join(text.split()), known, what)


def one_or_none(text: str, known: Sequence[str], what: str) -> str | None:
    """Return the one word of a list that is named, None for none."""
    return None if text.strip().casefold() == NONE else one_word(text, known, what)


def word_for_each(
    text: str, each_of: Sequence[object], known: Sequence[str], what: str
) -> tuple[str, ...]:
    """Return one of the known words for each of several; one alone stands for all."""
    return _for_each(text, each_of, lambda piece: _one_of(piece, known, what))


def time_for_each(text: str, each_of: Sequence[object]) -> tuple[TargetTime, ...]:
    """Return a time for each of several; one alone stands for all."""
    if text.strip().casefold() == NONE:
        return (TargetTime(),) * len(each_of)
    return _for_each(text, each_of, _target_time)


def yes_or_no(text: str) -> bool:
    """Return whether the answer is yes."""
    typed = text.strip().casefold()
    if typed not in _YES | _NO:
        raise Refusal(expected("yes or no", text.strip()))
    return typed in _YES


def zone(text: str) -> str:
    """Return the name of a time zone; a city alone is asked about."""
    typed = "_".join(text.split())
    try:
        return zone_named(typed).key
    except ValueError as error:
        near = _nearest_zone(typed)
        meant = "" if near is None else f"; did you mean {near}?"
        raise Refusal(f"{error}{meant}") from None


def hours(text: str) -> tuple[str, ...]:
    """Return open hours, each entry in the calendar's syntax; ``always`` is round the clock."""
    if text.strip().casefold() == ALWAYS:
        return ROUND_THE_CLOCK
    entries = [piece.strip() for piece in text.split(",") if piece.strip()]
    if not entries:
        raise Refusal(expected('open hours such as "Mon-Fri 09:00-17:00", or always', text))
    whole = [_ON_THE_HOUR.sub(lambda hour: f"{int(hour[0]):02}:00", entry) for entry in entries]
    for entry in whole:
        _read(parse_hours, entry)
    return _each_once(whole)


def holidays(
    text: str, of_country: Callable[[str], Sequence[date]]
) -> tuple[tuple[date, ...], str | None]:
    """Return days that are closed, and the country whose they are where one was named.

    ``of_country`` gives the public holidays of a country such as ``SE`` or a part such as
    ``DE-BY``, and raises a Refusal for what is none.
    """
    named = pieces(text)
    if len(named) == 1 and not named[0][:1].isdecimal():
        country = named[0].upper()
        return tuple(sorted(of_country(country))), country
    return tuple(sorted(_each_once([_date(piece) for piece in named]))), None


def length_of_time(text: str) -> timedelta:
    """Return a length of time, more than none."""
    duration = _read(parse_duration, text.casefold())
    if not timedelta(0) < duration <= LONGEST_TIME:
        raise Refusal(expected(f"more than no time and at most {LONGEST_TIME.days}d", text))
    return duration


def order(text: str, known: Sequence[str]) -> tuple[Criterion, ...]:
    """Return an order, told in plain words or as a policy file does; a deviation comes first.

    ``known`` are the plain words that mean something here.
    """
    by_name = {str(CRITERIA[word]): word for word in known} | _ALSO
    typed = [by_name.get(plain_word(piece), piece) for piece in pieces(text)]
    if not typed:
        raise Refusal(expected(f"at least one of {one_of(known)}", text.strip()))
    named = _each_once([_one_of(piece, known, "order") for piece in typed])
    return (Criterion.DEVIATION, *(CRITERIA[word] for word in named))


def fact(text: str) -> tuple[str, FactKind]:
    """Return a fact's name and what it may be: ``kind: incident, request`` or ``special: flag``."""
    parts = _NAMED.fullmatch(text)
    if parts is None:
        raise Refusal(expected("a name and what it may be, such as kind: incident, request", text))
    name = _read(fact_name, "_".join(parts["name"].casefold().split()))
    if name == PLAN:
        raise Refusal(f"expected another name, as {PLAN} is what a customer has")
    if parts["rest"].strip().casefold() in _YES_OR_NO:
        return name, FLAG
    values = pieces(parts["rest"])
    only = values[0].casefold() if len(values) == 1 else None
    if only in {FLAG, MONEY}:
        return name, only
    if only is not None and (near := nearest_word(only, (FLAG, MONEY))):
        raise Refusal(f"{expected('words, flag or money', values[0])}; did you mean {near}?")
    return name, _read(fact_kind, [_said_word(value) for value in values])


def name_and_rest(text: str, example: str) -> tuple[str, str]:
    """Return what stands before the colon and what behind it."""
    name, colon, rest = text.partition(":")
    if not colon or not name.strip() or not rest.strip():
        raise Refusal(expected(f"a name, a colon and the rest, such as {example}", text))
    return name.strip(), rest.strip()


def _for_each(
    text: str, each_of: Sequence[object], read: Callable[[str], _Read]
) -> tuple[_Read, ...]:
    found = [read(piece) for piece in pieces(text)]
    if len(found) == 1:
        return tuple(found * len(each_of))
    if len(found) != len(each_of):
        listed = one_of(each_of, "and")
        raise Refusal(f"expected {len(each_of)}, for {listed}, or one for all, not {len(found)}")
    return tuple(found)


def _target_time(typed: str) -> TargetTime:
    try:
        return TargetTime.of(typed.casefold())
    except ValueError as error:
        if "in quotes" not in str(error):
            raise Refusal(str(error)) from None
        raise Refusal(expected("a time such as 4h, 90m, 0bd, 1bd or none", typed)) from None


def _one_of(typed: str, known: Sequence[_Word], what: str) -> _Word:
    word = the_word(typed, known)
    if word is None and _is_number(typed):
        word = the_word(int(typed), known)
    if word is None:
        raise Refusal(not_a_word(typed, known, what))
    return word


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS


def _said_word(typed: str) -> str:
    """Return a word of a list that is no word for nothing, which could never be named alone."""
    if typed.casefold() == NONE:
        raise Refusal(f"expected another word than {NONE}, which stands for nothing at all")
    return typed


def _each_once(found: Sequence[_Read]) -> tuple[_Read, ...]:
    for number, each in enumerate(found):
        if each in found[:number]:
            raise Refusal(f"expected each once, and {quoted(each)} comes again")
    return tuple(found)


def _date(typed: str) -> date:
    if not _ISO_DATE.fullmatch(typed):
        raise Refusal(expected("dates such as 2026-12-25, or a country such as SE", typed))
    return _read(date_itself, typed)


def _read(read: Callable[..., _Read], typed: object) -> _Read:
    try:
        return read(typed)
    except ValueError as error:
        raise Refusal(str(error)) from None


def _nearest_zone(typed: str) -> str | None:
    """Return the zone that is probably meant: one of that city, else one that is written alike."""
    known = sorted(available_timezones())
    city = plain_word(typed.rpartition("/")[2])
    of_city = (name for name in known if plain_word(name.rpartition("/")[2]) == city)
    return next(of_city, None) or nearest_word(typed, known)
