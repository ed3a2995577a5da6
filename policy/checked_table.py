"""Tables of a file as frozen values: each value checked, and all that is wrong told at once.

pydantic would do it, and takes as long to be imported and to make its checkers as all else that
the first look at a desk needs: what decides the queue, the policy and the team, is read without it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from enum import Enum, auto
from inspect import get_annotations
from operator import attrgetter
from types import MappingProxyType, NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    NamedTuple,
    Self,
    Union,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
)

from policy.clocks.target_time import TargetTime
from policy.clocks.typed_time import format_duration
from policy.refusal import expected, one_of
from policy.vocabulary import did_you_mean

Place = tuple[str | int, ...]
"""Where something stands in a table: its keys, and the numbers of entries from 0."""

OTHERS: Final = "others"
"""The attribute of a table for what stands under keys that the file itself makes up."""


class MistakeKind(Enum):
    """What is wrong, where whoever tells it may say it in words of their own."""

    TOLD = auto()
    MISSING = auto()
    UNKNOWN_KEY = auto()
    NO_LIST = auto()
    NO_TABLE = auto()


class Mistake(NamedTuple):
    """One thing that is wrong with a table: where, in one sentence, and of which kind."""

    place: Place
    said: str
    kind: MistakeKind = MistakeKind.TOLD


class WrongTableError(ValueError):
    """A table has mistakes, here in the order of its keys."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(
            "; ".join(f"{'.'.join(map(str, each[0]))}: {each[1]}" for each in mistakes)
        )
        self.mistakes = mistakes


class Check(NamedTuple):
    """What looks at a value beside the kind that it is annotated with, or makes it of that kind.

    ``call`` gets the value and what was given to ``read`` of the words that are known; it returns
    the value as it counts, and raises ValueError with what was expected.
    """

    call: Callable[[Any, object], Any]
    first: bool
    """Whether it comes before what the annotation says, and so makes the value what it is."""


def before(check: Callable[[Any], Any]) -> Check:
    """Return the check that makes a value of what a file says."""
    return Check(lambda value, _: check(value), first=True)


def before_with_words(check: Callable[[Any, object], Any]) -> Check:
    """Return the same, of a check that looks at the known words."""
    return Check(check, first=True)


def after(check: Callable[[Any], Any]) -> Check:
    """Return the check of a value that is of its kind already."""
    return Check(lambda value, _: check(value), first=False)


def after_with_words(check: Callable[[Any, object], Any]) -> Check:
    """Return the same, of a check that looks at the known words."""
    return Check(check, first=False)


def no_such_key(key: str, known: Iterable[object]) -> str:
    """Return what is said of a key that a table does not have, with the nearest that it has."""
    words = tuple(known)
    return f"expected {one_of(words)}, not this key{did_you_mean(key, words)}"


class _Reading:
    """The reading of a whole table: the words that are known, and what was wrong so far."""

    def __init__(self, words: object) -> None:
        self.words = words
        self.mistakes: list[Mistake] = []

    def wrong(self, place: Place, said: str, kind: MistakeKind = MistakeKind.TOLD) -> object:
        self.mistakes.append(Mistake(place, said, kind))
        return _WRONG


_WRONG: Final = object()
"""Stands for a value that has a mistake, which is told."""

_Read = Callable[[Any, Place, _Reading], Any]


class _Form(NamedTuple):
    """How a kind of table is read: key by key, what stands for those left out, and the others."""

    keys: Mapping[str, _Read]
    defaults: Mapping[str, Any]
    others: _Read | None


_FORMS: Final[dict[type, _Form]] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True)
class CheckedTable:
    """A table of a file: nothing in it may be changed, and no other key is known.

    Its keys are the annotated attributes. One called ``others`` is a mapping of what stands under
    keys that the file makes up.
    """

    def __init__(self, **told: Any) -> None:  # noqa: ANN401 - as the annotations of each table say
        form = _form(type(self))
        missing = [key for key in form.keys if key not in told and key not in form.defaults]
        unknown = [key for key in told if key not in form.keys and key != OTHERS]
        if missing or unknown:
            raise TypeError(f"{type(self).__name__}: missing {missing}, unknown {unknown}")
        values = {key: told[key] if key in told else form.defaults[key] for key in form.keys}
        if form.others is not None:
            values[OTHERS] = MappingProxyType(dict(told.get(OTHERS, {})))
        self.__dict__.update(values)

    @classmethod
    def read(cls, table: object, words: object = None) -> Self:
        """Return the table that plain values of TOML or JSON say.

        ``words`` are those that are known, for checks that look at them.

        Raises:
            WrongTableError: with all that is wrong.
        """
        reading = _Reading(words)
        read = _read_table(cls, table, (), reading)
        if reading.mistakes:
            raise WrongTableError(reading.mistakes)
        return cast("Self", read)

    @classmethod
    def known_keys(cls) -> tuple[str, ...]:
        """Return the keys that every such table may have, in their order."""
        return tuple(_form(cls).keys)

    @classmethod
    def wrong_keys(cls, table: Mapping[str, Any], words: object) -> Iterator[Mistake]:
        """Yield what is wrong with the keys of a table; their values are read by themselves."""
        del words
        form = _form(cls)
        if form.others is None:
            for key in table:
                if key not in form.keys:
                    said = no_such_key(key, cls.known_keys())
                    yield Mistake((key,), said, MistakeKind.UNKNOWN_KEY)

    @classmethod
    def wrong_value(cls, key: str, value: object, read: Mapping[str, Any]) -> str | None:
        """Return what is wrong with a value beside those ``read`` before it; None for nothing."""
        del key, value, read
        return None

    def wrong_together(self, words: object) -> Iterator[Mistake]:
        """Yield what is wrong between values that are each right."""
        del words
        yield from ()

    def as_plain(self) -> dict[str, Any]:
        """Return the table as plain values that JSON can write and ``read`` reads back exactly."""
        plain = {key: _plain(getattr(self, key)) for key in _form(type(self)).keys}
        others: dict[str, Any] = _plain(self.__dict__.get(OTHERS, {}))
        return plain | others

    def without_defaults(self) -> dict[str, Any]:
        """Return the same without what it need not say."""
        defaults = _form(type(self)).defaults
        return {
            key: value
            for key, value in self.as_plain().items()
            if key not in defaults or getattr(self, key) != defaults[key]
        }

    def replaced(self, **told: Any) -> Self:  # noqa: ANN401 - as the annotations of each table say
        """Return the table with some values replaced, unchecked."""
        return type(self)(**{**self._values(), **told})

    def _values(self) -> dict[str, Any]:
        """Return the values by their attributes, without what was found out of them since."""
        form = _form(type(self))
        others = () if form.others is None else (OTHERS,)
        return {key: self.__dict__[key] for key in (*form.keys, *others)}

    def __eq__(self, other: object) -> bool:
        """Return whether both are of one kind and have equal values."""
        if not isinstance(other, CheckedTable) or type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        """Return the same for equal tables; a table with tables of words in it has none."""
        return hash(tuple(self._values().values()))

    def __repr__(self) -> str:
        """Return the values by their keys."""
        told = ", ".join(f"{key}={value!r}" for key, value in self._values().items())
        return f"{type(self).__name__}({told})"

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse it."""
        raise FrozenInstanceError(f"{type(self).__name__} is frozen: {name} stays as it is")

    def __delattr__(self, name: str) -> None:
        """Refuse it."""
        raise FrozenInstanceError(f"{type(self).__name__} is frozen: {name} stays as it is")


def _read_table(kind: type[CheckedTable], table: object, place: Place, reading: _Reading) -> object:
    if isinstance(table, kind):
        return table
    if not isinstance(table, Mapping):
        return reading.wrong(place, expected("a table", table), MistakeKind.NO_TABLE)
    form, so_far = _form(kind), len(reading.mistakes)
    wrong = [*kind.wrong_keys(table, reading.words)]
    read: dict[str, Any] = {}
    for key, one in form.keys.items():
        where = (*place, key)
        if key in table:
            value = one(table[key], where, reading)
        elif key in form.defaults:
            value = form.defaults[key]
        else:
            value = reading.wrong(where, _MISSING, MistakeKind.MISSING)
        if value is not _WRONG and (said := kind.wrong_value(key, value, read)) is not None:
            value = reading.wrong(where, said)
        if value is not _WRONG:
            read[key] = value
    if form.others is not None:
        refused = {each.place[0] for each in wrong if each.place}
        read[OTHERS] = {
            key: form.others(value, (*place, key), reading)
            for key, value in table.items()
            if key not in form.keys and key not in refused
        }
    _told_at(place, wrong, reading)
    if len(reading.mistakes) > so_far:
        return _WRONG
    made = kind(**read)
    _told_at(place, made.wrong_together(reading.words), reading)
    return _WRONG if len(reading.mistakes) > so_far else made


_MISSING: Final = "expected this key, and it is missing"


def _told_at(place: Place, wrong: Iterable[Mistake], reading: _Reading) -> None:
    for each in wrong:
        reading.wrong((*place, *each.place), each.said, each.kind)


def _form(kind: type[CheckedTable]) -> _Form:
    """Return how a kind of table is read, found out once from its annotations."""
    form = _FORMS.get(kind)
    if form is None:
        told: dict[str, Any] = {}
        for base in reversed(kind.__mro__):
            if base is not CheckedTable:
                told |= get_annotations(base)
        others = told.pop(OTHERS, None)
        form = _FORMS[kind] = _Form(
            keys={key: _reads(hint) for key, hint in told.items()},
            defaults={key: getattr(kind, key) for key in told if hasattr(kind, key)},
            others=None if others is None else _reads(get_args(others)[1]),
        )
    return form


def _reads(hint: Any) -> _Read:  # noqa: ANN401 - annotations are of any kind
    """Return what reads a value that is annotated so."""
    of, parts = get_origin(hint), get_args(hint)
    if of is Annotated:
        return _checked(parts[0], parts[1:])
    if of in (Union, UnionType) and NoneType in parts:
        (some,) = (each for each in parts if each is not NoneType)
        inner = _reads(some)
        return lambda value, place, told: None if value is None else inner(value, place, told)
    if of is tuple:
        return _list_of(_reads(parts[0]))
    if of in (dict, Mapping):
        return _mapping_of(_reads(parts[0]), _reads(parts[1]))
    return _plain_reads(hint)


def _plain_reads(hint: Any) -> _Read:  # noqa: ANN401 - as above
    if hint is str:
        return _checked(Any, [before(_text)])
    if isinstance(hint, type) and issubclass(hint, CheckedTable):
        return lambda value, place, told: _read_table(hint, value, place, told)
    raise TypeError(f"{hint}: expected a check beside it, as nothing else says what it is")


def _checked(hint: Any, checks: Sequence[Check]) -> _Read:  # noqa: ANN401 - as above
    """Return what reads a value with the checks beside its annotation, the inner ones inside."""
    firsts = [each.call for each in reversed(checks) if each.first]
    lasts = [each.call for each in checks if not each.first]
    # What a check made of a value is of its kind; a list or a table is looked into nevertheless.
    inner = None if firsts else _reads(hint)

    def read(value: Any, place: Place, told: _Reading) -> Any:  # noqa: ANN401 - as above
        try:
            for check in firsts:
                value = check(value, told.words)
            if inner is not None:
                value = inner(value, place, told)
                if value is _WRONG:
                    return _WRONG
            for check in lasts:
                value = check(value, told.words)
        except ValueError as error:
            return told.wrong(place, str(error))
        return value

    return read


def _list_of(inner: _Read) -> _Read:
    def read(value: object, place: Place, told: _Reading) -> object:
        if not isinstance(value, list | tuple):
            return told.wrong(place, expected("a list", value), MistakeKind.NO_LIST)
        each = tuple([inner(one, (*place, number), told) for number, one in enumerate(value)])
        return _WRONG if _WRONG in each else each

    return read


def _mapping_of(key_read: _Read, inner: _Read) -> _Read:
    def read(value: object, place: Place, told: _Reading) -> object:
        if not isinstance(value, Mapping):
            return told.wrong(place, expected("a table", value), MistakeKind.NO_TABLE)
        each = {}
        for key, one in value.items():
            where = (*place, key)
            each[key_read(key, where, told)] = inner(one, where, told)
        return _WRONG if _WRONG in each or _WRONG in each.values() else each

    return read


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(expected("text in quotes", value))
    return value


def _plain(value: Any) -> Any:  # noqa: ANN401 - values are of any kind
    """Return a value of a table as JSON and TOML can write it."""
    if isinstance(value, CheckedTable):
        return value.as_plain()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    for kind, written in _WRITTEN:
        if isinstance(value, kind):
            return written(value)
    return value


_WRITTEN: Final[Sequence[tuple[type, Callable[[Any], Any]]]] = (
    (Enum, attrgetter("value")),
    (timedelta, format_duration),
    (date, date.isoformat),
    (TargetTime, attrgetter("written")),
)
