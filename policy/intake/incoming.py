"""One ticket from outside, validated: what every connection hands over and the desk takes in."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Annotated, Final, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from policy.clocks.zones import zone_named
from policy.refusal import Refusal, one_of, shown
from policy.words import OpenedBy, Severity, Status, Tier

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
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_LANGUAGE = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*", re.IGNORECASE | re.ASCII)
_SEVERITIES = {str(severity.value): severity.value for severity in Severity}
_NEAR_ENOUGH = 0.85
_KEYS_LOOKED_AT = 200
_KEY_AT_MOST = 64

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


def _severity(value: object) -> Severity:
    number = _SEVERITIES.get(value.strip()) if isinstance(value, str) else value
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(Severity):
        return Severity(number)
    raise _expected(value, one_of(_SEVERITIES))


def _word(words: type[Word]) -> Callable[[object], Word]:
    known = {word.value: word for word in words}
    expected = one_of(known)

    def validate(value: object) -> Word:
        word = known.get(value.strip()) if isinstance(value, str) else None
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
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _optional_time(value: object) -> datetime | None:
    return None if _absent(value) else _time(value)


def _email(value: object) -> str | None:
    email = None if value is None else _text(value, EMAIL_AT_MOST)
    if not email:
        return None
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
    if tag and not _LANGUAGE.fullmatch(tag):
        raise _expected(value, "the tag of a language such as de or pt-BR")
    return _as_tags_are_written(tag) if tag else None


def _as_tags_are_written(tag: str) -> str:
    """Return a language's tag in the usual case: of scripts as Latn, of countries as BR."""
    first, *others = tag.lower().split("-")
    usual = {2: str.upper, 4: str.title}
    return "-".join([first, *(usual.get(len(each), str)(each) for each in others)])


def _tags(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        value = _tags_in(value)
    if not isinstance(value, list | tuple):
        raise _expected(value, "a list of words, or words separated by commas or spaces")
    optional_tag = _optional_line(TAG_AT_MOST)
    tags = tuple(dict.fromkeys(tag for tag in map(optional_tag, value) if tag))
    if len(tags) > TAGS_AT_MOST:
        raise _refused(f"{len(tags):,} tags; at most {TAGS_AT_MOST:,}")
    return tags


def _tags_in(text: str) -> object:
    """Return the tags that one text names: a JSON list, or apart by commas, else by spaces."""
    if text.startswith("["):
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return text.split(",") if "," in text else text.split()


class IncomingTicket(BaseModel):
    """One validated ticket from outside; immutable, all times aware UTC.

    ``source`` and ``external_id`` together say which ticket it is. ``status`` is None where the
    outside says nothing about it. The order of ``tags`` is the outside's, without repetitions.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: Annotated[str, BeforeValidator(_source)] = DEFAULT_SOURCE
    external_id: Annotated[str, BeforeValidator(_external_id)]
    subject: Annotated[str, BeforeValidator(_line(SUBJECT_AT_MOST))]
    customer: Annotated[str, BeforeValidator(_line(NAME_AT_MOST))]
    tier: Annotated[Tier, BeforeValidator(_word(Tier))]
    severity: Annotated[Severity, BeforeValidator(_severity)]
    received_at: Annotated[datetime, BeforeValidator(_time)]
    body: Annotated[str, BeforeValidator(_body)] = ""
    opened_by: Annotated[OpenedBy, BeforeValidator(_opened_by)] = OpenedBy.CUSTOMER
    requester_name: Annotated[str | None, BeforeValidator(_optional_line(NAME_AT_MOST))] = None
    requester_email: Annotated[str | None, BeforeValidator(_email)] = None
    requester_timezone: Annotated[str | None, BeforeValidator(_time_zone)] = None
    status: Annotated[Status | None, BeforeValidator(_status)] = None
    assignee: Annotated[str | None, BeforeValidator(_login)] = None
    first_response_at: Annotated[datetime | None, BeforeValidator(_optional_time)] = None
    last_customer_message_at: Annotated[datetime | None, BeforeValidator(_optional_time)] = None
    url: Annotated[str | None, BeforeValidator(_url)] = None
    message_id: Annotated[str | None, BeforeValidator(_message_id)] = None
    language: Annotated[str | None, BeforeValidator(_language)] = None
    tags: Annotated[tuple[str, ...], BeforeValidator(_tags)] = ()

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


def incoming_ticket(fields: Mapping[str, object]) -> IncomingTicket:
    """Give the validated ticket that these fields describe; times without a zone are UTC.

    Unknown fields are ignored, as real exports have many, unless one looks like a misspelt field
    of ours that is absent. Raises Refusal with one line: field, value, what was expected.
    """
    if not fields.keys() <= _FIELD_SET:
        _refuse_misspelt(fields)
    try:
        return IncomingTicket.model_validate(fields)
    except ValidationError as refused:
        raise Refusal(_first_problem(refused)) from None


def misspelt_field(name: str, present: Iterable[str]) -> str | None:
    """Give the absent field of ours that ``name`` probably means, or None."""
    near = _near_field(name) if len(name) <= _KEY_AT_MOST else None
    return None if near is None or near in present else near


def _refuse_misspelt(fields: Mapping[str, object]) -> None:
    unknown = (name for name in fields if name not in _FIELD_SET)
    for name in islice(unknown, _KEYS_LOOKED_AT):
        meant = misspelt_field(name, fields.keys())
        if meant is not None:
            raise Refusal(f"{shown(name)[1:-1]}: unknown field; did you mean {meant}?")


@lru_cache(maxsize=4096)
def _near_field(name: str) -> str | None:
    near = get_close_matches(name.strip().casefold(), FIELDS, n=1, cutoff=_NEAR_ENOUGH)
    return near[0] if near else None


def _first_problem(refused: ValidationError) -> str:
    errors = refused.errors(include_url=False, include_context=False, include_input=False)
    missing = [str(error["loc"][0]) for error in errors if error["type"] == "missing"]
    wrong = [error for error in errors if error["type"] != "missing"]
    if missing:
        return _with_others(f"{', '.join(missing)}: missing", [str(e["loc"][0]) for e in wrong])
    first, *others = wrong
    where = f"{first['loc'][0]}: " if first["loc"] else ""
    return _with_others(f"{where}{first['msg']}", [str(error["loc"][0]) for error in others])


def _with_others(problem: str, others: list[str]) -> str:
    return f"{problem} (also wrong: {', '.join(others)})" if others else problem
