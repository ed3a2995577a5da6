"""A policy file laid over the handbook, of which nothing stays that names what is there no more.

"A table of the handbook that names words the file has replaced is dropped, and the file must bring
its own."
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policy.rulebook import earlier_words
from policy.rulebook.contract_sections import CONTRACT_CALENDAR, fact_kind
from policy.rulebook.fields import zone_itself
from policy.rulebook.word_fields import PolicyWords, severity_itself, word_itself
from policy.vocabulary import in_words
from policy.words import FactKind, Priority

Tables = Mapping[str, Any]
"""What TOML or JSON says, table by table."""

_WORDS: Final = ("tiers", "priorities", "severities")
_OF_A_TIER: Final = ("paying", "trial", "internal")
_SAID_OF_A_TIER: Final = ("names", "short")
_BY_RANK: Final = ("handling", "answering")
"""The tables with a time for each priority, of which the handbook's go by rank."""


def words_of(tables: Tables) -> PolicyWords:
    """Return the words that a whole policy names, for what is checked against them."""
    return PolicyWords(
        tiers=_listed(tables, "tiers", word_itself),
        priorities=_listed(tables, "priorities", word_itself) or None,
        severities=_listed(tables, "severities", severity_itself),
        facts=_facts(tables),
        calendars=_calendars(tables),
        targets=_own_targets(tables),
        has_contract=bool(tables.get("contract")),
    )


def layered(handbook: Tables, file: Tables) -> dict[str, Any]:
    """Return both as one: tables key by key, anything else from the file when it is there."""
    words = words_of(_over(handbook, file))
    whole = _over(_without_what_is_replaced(handbook, words), file)
    _let_levels_speak_to_all(whole, handbook, words)
    if words.priorities is not None:
        for name in _BY_RANK:
            if isinstance(whole[name], dict):
                times = _by_rank(handbook, name, words.priorities)
                whole[name] = {**times, **file.get(name, {})}
        if isinstance(whole["response"], dict):
            whole["response"] = _sorted_by_rank(whole["response"], words.priorities)
    _let_contracts_replace(whole, file)
    _let_own_words_speak(whole, handbook, file)
    return whole


def _let_own_words_speak(whole: dict[str, Any], handbook: Tables, file: Tables) -> None:
    """Let a file's own notice go to all, and its times be those of where its people are.

    A team that words the notice itself says in it what no other language of the handbook says;
    what it names of those again, as an empty table, comes back. Where contract time runs says
    whose clock is meant, as long as nobody says otherwise.
    """
    said, waits = file.get("waits", {}), whole["waits"]
    if not isinstance(said, dict) or not isinstance(waits, dict):
        return
    ours = handbook["waits"]
    if any(said.get(key, ours[key]) not in (ours[key], _SAID_BEFORE.get(key)) for key in _TEXTS):
        languages = {key for key, value in ours.items() if isinstance(value, dict)}
        waits = _without(waits, frozenset(languages - said.keys()))
    zone = _zone_of_the_file(file)
    if zone is not None and "timezone" not in said:
        waits = {**waits, "timezone": zone}
    whole["waits"] = waits


_TEXTS: Final = ("subject", "body", "body_present", "body_no_time", "renewal")
_SAID_BEFORE: Final = {"subject": earlier_words.SUBJECT, "body": earlier_words.BODY}


def _zone_of_the_file(file: Tables) -> str | None:
    """Return in which zone a file's contract time runs, None where it does not say."""
    named = file.get("calendars")
    tables = [file.get("calendar"), *(named.values() if isinstance(named, dict) else ())]
    for table in tables:
        for key in ("timezone", "otherwise"):
            zone = table.get(key) if isinstance(table, dict) else None
            if isinstance(zone, str) and zone != "customer":
                return _known_zone(zone)
    return None


def _known_zone(name: str) -> str | None:
    """Return a zone; None for what is none, which is told where it stands."""
    try:
        return zone_itself(name)
    except ValueError:
        return None


def _let_contracts_replace(whole: dict[str, Any], file: Tables) -> None:
    """Take out what contracts, calendars and a matrix of the file's own stand for.

    "A file with ``[[contract]]`` rows replaces" those that ``[response]`` is short for; "a file
    with ``[calendars]`` but without ``[calendar]`` takes their union"; "the file must bring its
    own ``[[intake]]`` or ``[matrix]``".
    """
    if file.get("calendars") and not file.get("calendar"):
        whole["calendar"] = None
    if file.get("matrix"):
        whole.setdefault("intake", [])
    said, response = file.get("response", {}), whole["response"]
    if file.get("contract") and isinstance(said, dict) and isinstance(response, dict):
        aim = {"aim": response["aim"]} if "aim" in response else {}
        whole["response"] = {**aim, "no_contract": [], **said}


def _over(below: Tables, above: Tables) -> dict[str, Any]:
    both = dict(below)
    for key, value in above.items():
        under = below.get(key)
        tables = isinstance(under, dict) and isinstance(value, dict)
        both[key] = _over(under, value) if tables else value  # type: ignore[arg-type] # both are
    return both


def _listed(tables: Tables, name: str, itself: Callable[[object], Any]) -> Sequence[Any] | None:
    """Return the words of a list in its order, None where it is no list of words."""
    table = tables.get(name)
    order = table.get("order") if isinstance(table, dict) else None
    if not isinstance(order, list | tuple):
        return None
    try:
        return tuple(itself(word) for word in order)
    except ValueError:
        return None


def _facts(tables: Tables) -> Mapping[str, FactKind] | None:
    """Return the facts that a policy names, None where its table of them is wrong."""
    table = tables.get("facts") or {}
    try:
        return {str(name): fact_kind(kind) for name, kind in table.items()}
    except (AttributeError, ValueError):
        return None


def _calendars(tables: Tables) -> Sequence[str] | None:
    """Return what rows may call the calendars of a policy, None where no table says it."""
    named = tables.get("calendars") or {}
    if not isinstance(named, Mapping):
        return None
    return ((CONTRACT_CALENDAR,) if tables.get("calendar") else ()) + tuple(named)


def _own_targets(tables: Tables) -> Sequence[str] | None:
    """Return the targets that only this policy has, None where its list of them is wrong."""
    table = tables.get("targets") or {}
    own = table.get("own", ()) if isinstance(table, Mapping) else None
    if not isinstance(own, list | tuple) or not all(isinstance(name, str) for name in own):
        return None
    return tuple(own)


def _without_what_is_replaced(handbook: Tables, words: PolicyWords) -> dict[str, Any]:
    """Return the handbook without what names a tier, priority or severity that is there no more."""
    gone = {name: _gone(handbook[name]["order"], getattr(words, name)) for name in _WORDS}
    tiers, priorities = gone["tiers"], gone["priorities"]
    response = _without(handbook["response"], priorities.words)
    whole = {
        **handbook,
        "tiers": {
            **handbook["tiers"],
            **{key: tiers.left_of(handbook["tiers"][key]) for key in _OF_A_TIER},
            **{key: _without(handbook["tiers"][key], tiers.words) for key in _SAID_OF_A_TIER},
        },
        "priorities": {
            **handbook["priorities"],
            "urgent": priorities.left_of(handbook["priorities"]["urgent"]),
        },
        "severities": {
            **handbook["severities"],
            "names": _without(
                handbook["severities"]["names"], frozenset(map(str, gone["severities"].words))
            ),
        },
        "response": {**response, "no_contract": tiers.left_of(response["no_contract"])},
    }
    if any(_names_any(rule, gone) for rule in handbook["intake"]):
        del whole["intake"]
    return whole


def _let_levels_speak_to_all(whole: dict[str, Any], handbook: Tables, words: PolicyWords) -> None:
    """Let the handbook's contingencies speak to all where they speak to whom there are none of.

    Those of a tier that is there no more, or who pay.
    """
    levels, capacity, tiers = handbook["capacity"]["levels"], whole["capacity"], whole["tiers"]
    if not isinstance(capacity, dict) or capacity.get("levels") != levels or words.tiers is None:
        return
    gone = _gone(handbook["tiers"]["order"], words.tiers).words
    names = handbook["tiers"]["names"]
    nobody = [names.get(tier, in_words(tier)).casefold() for tier in gone]
    nobody += [] if tiers.get("paying") else ["paying"]
    whole["capacity"] = {
        **capacity,
        "levels": [
            {**each, "contingency": _TO_ALL}
            if each["contingency"].casefold().startswith(tuple(f"{who} " for who in nobody))
            else each
            for each in levels
        ],
    }


_TO_ALL: Final = "Customers are told that an answer may take longer."


@dataclass(frozen=True, slots=True)
class _Gone:
    """The words of the handbook that a file leaves out, and whether it has others instead."""

    words: frozenset[Any] = frozenset()
    replaced: bool = False

    def left_of(self, listed: Sequence[Any]) -> list[Any]:
        """Return what is left of a list of the handbook's.

        Where a word was only left out the others stay; where it was replaced nobody knows by what,
        so that the list is dropped.
        """
        if self.replaced and self.words & set(listed):
            return []
        return [word for word in listed if word not in self.words]


def _gone(order: Sequence[Any], words: Sequence[Any] | None) -> _Gone:
    if words is None:
        return _Gone()
    return _Gone(frozenset(order) - frozenset(words), not frozenset(words) <= frozenset(order))


def _without(table: Tables, words: frozenset[Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in words}


def _names_any(rule: Tables, gone: Mapping[str, _Gone]) -> bool:
    when = rule["when"]
    return bool(
        gone["tiers"].words & set(when.get("tier", ()))
        or gone["severities"].words & set(when.get("severity", ()))
        or rule.get("assign") in gone["priorities"].words
    )


def _by_rank(handbook: Tables, name: str, priorities: Sequence[Priority]) -> dict[Priority, str]:
    """Return the handbook's times for the policy's own priorities.

    "``[handling]`` and ``[answering]`` go by rank, beyond the fourth as the fourth."
    """
    times = [handbook[name][priority] for priority in handbook["priorities"]["order"]]
    last = len(times) - 1
    return {priority: times[min(rank, last)] for rank, priority in enumerate(priorities)}


def _sorted_by_rank(table: Tables, priorities: Sequence[Priority]) -> dict[str, Any]:
    """Return a table with the times of the priorities in their order, and all else before them."""
    others = _without(table, frozenset(priorities))
    return {**others, **{each: table[each] for each in priorities if each in table}}
