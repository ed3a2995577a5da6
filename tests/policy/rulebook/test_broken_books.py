"""Every policy of the book with one thing broken: refused in lines that say where, and the nearest.

Whatever is broken, nothing but lines comes out.
"""

import copy
import re
import tomllib
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import pytest
import tomli_w

from policy.rulebook.book import book, text_in_the_book
from policy.rulebook.rulebook import check_rulebook

Place = tuple[str | int, ...]

NAMES = sorted(each.name for each in book())
SOURCE = "broken.toml"
OWN_NAMES = frozenset({"facts", "calendars", "assign", "names", "short", "amount", "holidays"})
"""The tables whose keys a policy names itself."""

ROWS = ("intake", "contract", "group")
_BUSINESS_DAYS = re.compile("[1-9][0-9]*bd")
TIMES = ("first_response", "next_reply", "update", "resolution", "not_before")
WORDS_OF_ITS_OWN = frozenset({("tiers", "order"), ("priorities", "order"), ("severities", "order")})


def tables(name: str) -> dict[str, Any]:
    return tomllib.loads(text_in_the_book(name))


def problems(changed: dict[str, Any]) -> list[str]:
    found = check_rulebook(tomli_w.dumps(changed), SOURCE)
    for line in found:
        assert line.startswith(f"{SOURCE}: ")
        assert "\n" not in line
        assert len(line) < 600
    return found


def leaves(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Yield every value that is no table and no list, with its place."""
    if isinstance(value, dict):
        yield from chain.from_iterable(leaves(each, (*place, key)) for key, each in value.items())
    elif isinstance(value, list):
        yield from chain.from_iterable(leaves(each, (*place, n)) for n, each in enumerate(value))
    else:
        yield place, value


def keys(value: object, place: Place = ()) -> Iterator[Place]:
    """Yield the place of every key that is the program's, not the policy's."""
    if isinstance(value, list):
        yield from chain.from_iterable(keys(each, (*place, n)) for n, each in enumerate(value))
    if not isinstance(value, dict):
        return
    for key, each in value.items():
        if not place or place[-1] not in OWN_NAMES:
            yield (*place, key)
        yield from keys(each, (*place, key))


def put(whole: dict[str, Any], place: Place, value: object) -> dict[str, Any]:
    """Return a copy with another value at a place."""
    changed = copy.deepcopy(whole)
    at: Any = changed
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return changed


def renamed(whole: dict[str, Any], place: Place, key: str) -> dict[str, Any]:
    """Return a copy with another key at a place."""
    changed = copy.deepcopy(whole)
    at: Any = changed
    for step in place[:-1]:
        at = at[step]
    at[key] = at.pop(place[-1])
    return changed


def said_of(place: Place) -> str:
    """Return how a line names the first steps of a place."""
    first = str(place[0])
    if first in ROWS and len(place) > 1:
        return f"{first} rule {int(place[1]) + 1}"
    return first


def is_word(place: Place) -> bool:
    """Return whether a value is a word of a list that stands elsewhere in the policy."""
    if place[:2] in WORDS_OF_ITS_OWN or place[0] in ("facts", "targets"):
        return False
    return "when" in place or place[0] in ("order", "matrix", "clock") or place[-1] == "calendar"


@pytest.mark.parametrize("name", NAMES)
def test_a_misspelt_key_is_named_with_the_nearest(name: str) -> None:
    whole = tables(name)
    for place in keys(whole):
        key = str(place[-1])
        found = problems(renamed(whole, place, f"{key}x"))
        unknown = [line for line in found if f"{key}x: expected " in line]
        assert unknown, place
        assert said_of((*place[:-1], f"{key}x")) in unknown[0]
        if len(key) > 2:
            assert unknown[0].endswith(f"did you mean {key}?"), unknown


@pytest.mark.parametrize("name", NAMES)
def test_a_misspelt_word_is_named_with_its_place_and_the_nearest(name: str) -> None:
    whole = tables(name)
    for place, value in leaves(whole):
        if not isinstance(value, str) or not is_word(place) or value[:1] in "<>":
            continue
        (line, *_) = problems(put(whole, place, f"{value}x"))
        assert line.startswith(f"{SOURCE}: {said_of(place)}"), place
        assert f'"{value}x"' in line
        if len(value) > 2:
            assert line.endswith(f"did you mean {value}?"), line


@pytest.mark.parametrize("name", NAMES)
def test_a_value_of_another_kind_is_named_with_its_place(name: str) -> None:
    whole = tables(name)
    for place, value in leaves(whole):
        if isinstance(value, int) and not isinstance(value, bool):
            continue
        others: list[object] = [17.5, {}, [[]]]
        for other in others:
            found = problems(put(whole, place, other))
            assert any(line.startswith(f"{SOURCE}: {said_of(place)}") for line in found), place


@pytest.mark.parametrize("name", NAMES)
def test_a_time_that_is_none_is_named_with_its_row(name: str) -> None:
    whole = tables(name)
    for place, value in leaves(whole):
        if place[0] != "contract" or place[-1] not in TIMES:
            continue
        for wrong in ("soon", "4 hours or so", "", "-1h", "1.5bd"):
            (line, *_) = problems(put(whole, place, wrong))
            assert line == (
                f"{SOURCE}: {said_of(place)}, {place[-1]}: expected a time in quotes such as"
                f' "4h" of open time, "1bd" for a closing, or "none", not "{wrong}"'
            ), value


@pytest.mark.parametrize("name", NAMES)
def test_a_row_that_comes_twice_is_refused_with_the_one_before_it(name: str) -> None:
    whole = tables(name)
    for kind in ("contract", "group"):
        rows: Sequence[Any] = whole.get(kind, ())
        for number, row in enumerate(rows):
            changed = put(whole, (kind,), [*rows[: number + 1], row, *rows[number + 1 :]])
            (line, *_) = problems(changed)
            assert line == (
                f"{SOURCE}: {kind} rule {number + 2}: expected a row that some ticket reaches, and"
                f" the rows before it leave none, as rule {number + 1} takes them all"
            )


@pytest.mark.parametrize("name", NAMES)
def test_a_contract_without_a_row_is_good_or_says_for_whom_there_is_none(name: str) -> None:
    whole = tables(name)
    rows = whole["contract"]
    refused = 0
    for number in range(len(rows)):
        found = problems(put(whole, ("contract",), [*rows[:number], *rows[number + 1 :]]))
        for line in found:
            assert line.startswith(
                f'{SOURCE}: contract: expected a first_response, or "none", for every ticket, and'
                " no row has one for priority "
            )
        refused += bool(found)
    assert refused  # the last row at least takes what no other does


@pytest.mark.parametrize("name", NAMES)
def test_a_calendar_that_goes_is_missed_where_it_is_named(name: str) -> None:
    whole = tables(name)
    for calendar in whole["calendars"]:
        others = {key: each for key, each in whole["calendars"].items() if key != calendar}
        changed = put(whole, ("calendars",), others)
        if not others:
            del changed["calendars"]
        found = problems(changed)
        assert any(f'not "{calendar}"' in line for line in found)
        assert all(" calendar" in line or " when.closed" in line for line in found)


@pytest.mark.parametrize("name", NAMES)
def test_hours_past_midnight_have_no_business_days(name: str) -> None:
    whole = tables(name)
    for calendar in whole["calendars"]:
        changed = put(whole, ("calendars", calendar, "open"), ["Mon-Fri 18:00-02:00"])
        in_days = {
            number
            for number, row in enumerate(whole["contract"], 1)
            if row.get("calendar") == calendar
            and any(_BUSINESS_DAYS.fullmatch(str(time)) for time in row.values())
        }
        lines = [line for line in problems(changed) if "hours end within the day" in line]
        told = {int(line.split("contract rule ")[1].split(",")[0]) for line in lines}
        assert told == in_days
        assert all(line.endswith(f", not {calendar}") for line in lines)
