"""One ticket from outside, validated: what every connection hands over and the desk takes in."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Final, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from policy.clocks.zones import zone_named
from policy.facts import facts_said
from policy.intake.language_tags import language_tag
from policy.intake.left_out import LeftOut, without_useless
from policy.intake.misspelt import misspelt, refuse_misspelt
from policy.intake.wrong_fields import first_problem
from policy.refusal import Refusal, one_of, shown
from policy.vocabulary import Vocabulary, not_known, the_word
from policy.words import FactValue, OpenedBy, Severity, Status, Tier

DEFAULT_SOURCE: Final = "import"
"""The source of a ticket whose line names none."""

SUBJECT_AT_MOST: Final = 1_000
BODY_AT_MOST: Final = 1_000_000
NAME_AT_MOST: Final = 200
LOGIN_AT_MOST: Final = 64
EMAIL_AT_MOST: Final = 254
URL_AT_MOST: Final = 2_000
MESSAGE_ID_AT_MOST: Final = 900
LANGUAGE_AT_MOST: Final = 35
TAGS_AT_MOST: Final = 100
TAG_AT_MOST: Final = 100
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 9000

_LINE_BREAKS = re.compile(r"\s*[\n\r\v\f\x85\u2028\u2029]+\s*")
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_URL = re.compile(r"https?://[^\s/?#\x00-\x1f\x7f-\x9f][^\s\x00-\x1f\x7f-\x9f]*", re.IGNORECASE)
_UTC_IN_WORDS = (" UTC", " GMT")
_PARTS = re.compile(r"[^\W_]+")
_NAMED_EMAIL = re.compile(r'(?:"[^"\n\r]*"|[^<>"@,;\n\r]*)[ \t]*<([^<>\s@,;]+@[^<>\s@,;]+)>')
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")

Word = TypeVar("Word", bound=StrEnum)


def _refused(words: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{words}", {"words": words})


def _expected(value: object, expected: str) -> PydanticCustomError:
    return _refused(f"{shown(value)}; expected {expected}")


def _text(value: object, at_most: int) -> str:
    if not isinstance(value, str):
        raise _expected(value, "text")
    text = value.strip()
    if len(text) > at_most:
        raise _refused(f"{len(text):,} characters; at most {at_most:,}")
    if "\0" in text:
        raise _expected(text, "text without NUL characters")
    if not text.isascii():
        _refuse_surrogates(text)
    return text


def _refuse_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _expected(text, "Unicode text without unpaired surrogates") from None


def _line(at_most: int) -> Callable[[object], str]:
    def validate(value: object) -> str:
        text = _text(value, at_most)
        if not text:
            raise _refused("empty")
        return _LINE_BREAKS.sub(" ", text)

    return validate


def _optional_line(at_most: int) -> Callable[[object], str | None]:
    def validate(value: object) -> str | None:
        return None if value is None else _LINE_BREAKS.sub(" ", _text(value, at_most)) or None

    return validate


def _external_id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**NAME_AT_MOST:
        return str(value)
    return _line(NAME_AT_MOST)(value)


def _source(value: object) -> str:
    source = _line(LOGIN_AT_MOST)(value)
    if ":" in source or _SPACE_OR_CONTROL.search(source):
        raise _expected(value, "a word without colon and white space, such as zendesk")
    return source


def _body(value: object) -> str:
    return "" if value is None else _text(value, BODY_AT_MOST)


def _of_the_policy(field: str) -> Callable[[object, ValidationInfo], Severity | None]:
    """Return what takes a word of the policy in force: "import takes any word of it"."""

    def validate(value: object, info: ValidationInfo) -> Severity | None:
        known: tuple[Severity, ...] = getattr(info.context, field)
        if not known:
            return None  # whatever a file says of it, the desk has none
        word = the_word(value, known)
        if word is None:
            raise _refused(f"{shown(value)}; {not_known(value, known)}")
        return word

    return validate


def _word(words: type[Word]) -> Callable[[object], Word]:
    known: dict[str, Word] = {word.value: word for word in words}
    expected = one_of(known)

    def the_word_of(value: str) -> Word | None:
        return known.get("_".join(_PARTS.findall(value.casefold())))

    def validate(value: object) -> Word:
        word = known.get(value) or the_word_of(value) if isinstance(value, str) else None
        if word is None:
            raise _expected(value, expected)
        return word

    return validate


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _opened_by(value: object) -> OpenedBy:
    return OpenedBy.CUSTOMER if _absent(value) else _word(OpenedBy)(value)


def _status(value: object) -> Status | None:
    return None if _absent(value) else _word(Status)(value)


def _time(value: object) -> datetime:
    moment = value if isinstance(value, datetime) else _parsed_time(value)
    if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        if FIRST_YEAR <= moment.year <= LAST_YEAR:
            return moment
    if moment is not None:
        raise _expected(value, f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    raise _expected(value, "an ISO 8601 time such as 2026-03-06T22:00:00Z")


def _parsed_time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    with suppress(ValueError):
        if text.endswith(_UTC_IN_WORDS):
            return datetime.fromisoformat(text[:-4].rstrip()).replace(tzinfo=UTC)
    return None


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _optional_time(value: object) -> datetime | None:
    return None if _absent(value) else _time(value)


def _email(value: object) -> str | None:
    email = None if value is None else _text(value, EMAIL_AT_MOST)
    if not email:
        return None
    if named := _NAMED_EMAIL.fullmatch(email):
        email = named[1]
    name, _, domain = email.partition("@")
    if not name or not domain or "@" in domain or _SPACE_OR_CONTROL.search(email):
        raise _expected(value, "an address such as ada@example.com")
    return email


def _time_zone(value: object) -> str | None:
    name = None if value is None else _text(value, LOGIN_AT_MOST)
    if not name:
        return None
    try:
        return zone_named(name).key
    except ValueError:
        raise _expected(value, "a time zone such as Europe/Berlin or UTC") from None


def _login(value: object) -> str | None:
    login = None if value is None else _text(value, LOGIN_AT_MOST)
    if login and _SPACE_OR_CONTROL.search(login):
        raise _expected(value, "a login without white space")
    return login or None


def _url(value: object) -> str | None:
    url = None if value is None else _text(value, URL_AT_MOST)
    if url and not _URL.fullmatch(url):
        raise _expected(value, "an address that starts with http:// or https://")
    return url or None


def _message_id(value: object) -> str | None:
    message_id = None if value is None else _text(value, MESSAGE_ID_AT_MOST)
    if message_id and not _MESSAGE_ID.fullmatch(message_id):
        raise _expected(value, "a Message-ID such as <5f2a@mail.example.com>")
    return message_id or None


def _language(value: object) -> str | None:
    tag = None if value is None else _text(value, LANGUAGE_AT_MOST).replace("_", "-")
    written = language_tag(tag) if tag else None
    if tag and written is None:
        raise _expected(value, "the tag of a language such as de or pt-BR")
    return written


def _tags(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        value = _tags_in(value)
    if not isinstance(value, list | tuple):
        raise _expected(value, "a list of words, or words separated by commas")
    optional_tag = _optional_line(TAG_AT_MOST)
    tags = tuple(dict.fromkeys(tag for tag in map(optional_tag, value) if tag))
    if len(tags) > TAGS_AT_MOST:
        raise _refused(f"{len(tags):,} tags; at most {TAGS_AT_MOST:,}")
    return tags


def _tags_in(text: str) -> object:
    """Return the tags that one text names: a JSON list, or apart by commas, else by semicolons."""
    if text.startswith("["):
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return text.split(",") if "," in text else text.split(";")


class IncomingTicket(BaseModel):
    """One validated ticket from outside; immutable, all times aware UTC.

    ``source`` and ``external_id`` together say which ticket it is. ``status`` is None where the
    outside says nothing about it. ``last_response_at`` is our newest public answer,
    ``updated_at`` when anything of it was changed out there last. The order of ``tags`` is the
    outside's, without repetitions. ``references`` says of a field what its value hangs on out
    there, such as the number of a person; "" for nobody. ``facts`` are those that are spoken of,
    by name, None for one that is given as empty.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: Annotated[str, BeforeValidator(_source)] = DEFAULT_SOURCE
    external_id: Annotated[str, BeforeValidator(_external_id)]
    subject: Annotated[str, BeforeValidator(_line(SUBJECT_AT_MOST))]
    customer: Annotated[str, BeforeValidator(_line(NAME_AT_MOST))]
    tier: Annotated[Tier | None, BeforeValidator(_of_the_policy("tiers"))]
    severity: Annotated[Severity | None, BeforeValidator(_of_the_policy("severities"))]
    received_at: Annotated[datetime, BeforeValidator(_time)]
    body: Annotated[str, BeforeValidator(_body)] = ""
    opened_by: Annotated[OpenedBy, BeforeValidator(_opened_by)] = OpenedBy.CUSTOMER
    requester_name: Annotated[str | None, BeforeValidator(_optional_line(NAME_AT_MOST))] = None
    requester_email: Annotated[str | None, BeforeValidator(_email)] = None
    requester_timezone: Annotated[str | None, BeforeValidator(_time_zone)] = None
    status: Annotated[Status | None, BeforeValidator(_status)] = None
    assignee: Annotated[str | None, BeforeValidator(_login)] = None
    first_response_at: Annotated[datetime | None, BeforeValidator(_optional_time)] = None
    last_response_at: Annotated[datetime | None, BeforeValidator(_optional_time)] = None
    last_customer_message_at: Annotated[datetime | None, BeforeValidator(_optional_time)] = None
    solved_at: Annotated[datetime | None, BeforeValidator(_optional_time)] = None
    updated_at: Annotated[datetime | None, BeforeValidator(_optional_time)] = None
    url: Annotated[str | None, BeforeValidator(_url)] = None
    message_id: Annotated[str | None, BeforeValidator(_message_id)] = None
    language: Annotated[str | None, BeforeValidator(_language)] = None
    tags: Annotated[tuple[str, ...], BeforeValidator(_tags)] = ()
    facts: tuple[tuple[str, FactValue | None], ...] = ()
    _stand_ins: frozenset[str] = frozenset()
    _references: Mapping[str, str] | None = None

    @model_validator(mode="after")
    def _answered_after_it_came(self) -> Self:
        answered = self.first_response_at
        if answered is not None and answered < self.received_at:
            raise _refused(
                f'first_response_at: "{_written(answered)}"; '
                f"expected a time not before received_at, {_written(self.received_at)}"
            )
        return self

    @property
    def spoken(self) -> frozenset[str]:
        """The names of the fields that the outside speaks of.

        "What a file does not speak of stays as it is; only a value given as empty empties." A
        value that only stands in for one that is not told is none for a ticket that is known.
        """
        return frozenset(self.model_fields_set) - self._stand_ins

    @property
    def references(self) -> Mapping[str, str]:
        """What the values of fields hang on out there, by the name of the field."""
        return self._references or {}

    def moved_since(self, references: Mapping[str, str]) -> frozenset[str]:
        """Give the fields that hung on another person or customer by an earlier word."""
        now = self.references.items()
        return frozenset(name for name, each in now if references.get(name, each) != each)

    def after(self, references: Mapping[str, str]) -> Self:
        """Give what it says after a word with these references.

        A field whose value is not told, but which hangs on somebody else now, is spoken of: what
        was known was of the other one.
        """
        moved = self.moved_since(references)
        if moved <= self.spoken:
            return self
        told = self.model_copy(update={name: getattr(self, name) for name in moved})
        return told._with(self._stand_ins - moved, self.references)

    def _with(self, stand_ins: frozenset[str], references: Mapping[str, str]) -> Self:
        self._stand_ins, self._references = stand_ins, references
        return self

    @property
    def starting_status(self) -> Status:
        """The status it comes in with.

        "Without `status` it is `new`, or `open` once there is a first response."
        """
        if self.status is not None:
            return self.status
        return Status.NEW if self.first_response_at is None else Status.OPEN


FIELDS: Final = tuple(IncomingTicket.model_fields)
"""The names of the import's own format."""

REQUIRED_FIELDS: Final = tuple(
    name for name, field in IncomingTicket.model_fields.items() if field.is_required()
)
"""The names that every ticket must give."""

_FIELD_SET = frozenset(FIELDS)

OPTIONAL_FIELDS: Final = _FIELD_SET - {*REQUIRED_FIELDS, "source", "facts"}
"""The names of what a ticket is good without; ``source`` says which ticket it is."""

_OF_USE_CUT: Final = {"body": BODY_AT_MOST}


def incoming_ticket(
    fields: Mapping[str, object],
    words: Vocabulary,
    *,
    stand_ins: frozenset[str] = frozenset(),
    references: Mapping[str, str] | None = None,
    warnings: LeftOut | None = None,
) -> IncomingTicket:
    """Give the validated ticket that these fields describe; times without a zone are UTC.

    ``words`` are those of the policy in force; of what the desk has none, nothing is asked.
    ``stand_ins`` names the fields whose value is there only so that a ticket that is new here has
    one, and ``references`` what fields hang on out there. Unknown fields are ignored, as real
    exports have many, unless one looks like a misspelt field of ours that is absent. With
    ``warnings`` an optional field of no use is left out and told there. Raises Refusal with one
    line: field, value, what was expected.
    """
    if not fields.keys() <= _FIELD_SET:
        refuse_misspelt(fields, (*FIELDS, *words.fact_kinds))
    if words.facts:
        fields = {**fields, **_facts_of(fields, words)}
    elif "facts" in fields:
        fields = {name: value for name, value in fields.items() if name != "facts"}
    try:
        ticket = IncomingTicket.model_validate({**_not_asked(words), **fields}, context=words)
        return ticket._with(stand_ins, references or {}) if stand_ins or references else ticket
    except ValidationError as refused:
        useful = None
        if warnings is not None:
            useful = without_useless(refused, fields, OPTIONAL_FIELDS, _OF_USE_CUT, warnings)
        if useful is None:
            raise Refusal(first_problem(refused)) from None
    return incoming_ticket(
        useful, words, stand_ins=stand_ins, references=references, warnings=warnings
    )


def _facts_of(fields: Mapping[str, object], words: Vocabulary) -> dict[str, object]:
    """Return what fields say of facts, nothing where they speak of none.

    "Facts stand at the top level under their own names"; what a ticket's own JSON has under
    ``facts`` is the same.
    """
    together = fields.get("facts")
    flat = {**together, **fields} if isinstance(together, Mapping) else fields
    tags = fields.get("tags")
    listed = tags.split(",") if isinstance(tags, str) else tags
    named = listed if isinstance(listed, list | tuple) else ()
    spoken = [tag.strip() for tag in named if isinstance(tag, str)]
    said = facts_said(flat, spoken, words.fact_kinds)
    return {"facts": tuple(said.items())} if said or "facts" in fields else {}


def _not_asked(words: Vocabulary) -> dict[str, None]:
    """Return the fields that need not be given: ``order = []`` says that the desk has none."""
    none: dict[str, None] = {}
    if not words.tiers:
        none["tier"] = None
    if not words.severities:
        none["severity"] = None
    return none


def required_fields(words: Vocabulary) -> tuple[str, ...]:
    """Return the names that every ticket must give under a policy with these words."""
    not_asked = _not_asked(words)
    return tuple(name for name in REQUIRED_FIELDS if name not in not_asked)


def misspelt_field(name: str, present: Iterable[str]) -> str | None:
    """Give the absent field of ours that ``name`` probably means, or None."""
    return misspelt(name, present, FIELDS)
