"""The values of a ticket's fields as they come from outside, each with a line for a wrong one."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from policy.clocks.zones import zone_named
from policy.intake.language_tags import language_tag
from policy.intake.limits import (
    BODY_AT_MOST,
    EMAIL_AT_MOST,
    FIRST_YEAR,
    LANGUAGE_AT_MOST,
    LAST_YEAR,
    LOGIN_AT_MOST,
    MESSAGE_ID_AT_MOST,
    NAME_AT_MOST,
    SUBJECT_AT_MOST,
    TAG_AT_MOST,
    TAGS_AT_MOST,
    URL_AT_MOST,
)
from policy.refusal import one_of, shown
from policy.vocabulary import not_known, the_word
from policy.words import OpenedBy, Severity, Status, Tier

_LINE_BREAKS = re.compile(r"\s*[\n\r\v\f\x85\u2028\u2029]+\s*")
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_URL = re.compile(r"https?://[^\s/?#\x00-\x1f\x7f-\x9f][^\s\x00-\x1f\x7f-\x9f]*", re.IGNORECASE)
_UTC_IN_WORDS = (" UTC", " GMT")
_PARTS = re.compile(r"[^\W_]+")
_NAMED_EMAIL = re.compile(r'(?:"[^"\n\r]*"|[^<>"@,;\n\r]*)[ \t]*<([^<>\s@,;]+@[^<>\s@,;]+)>')
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")

Word = TypeVar("Word", bound=StrEnum)


def refused(words: str) -> PydanticCustomError:
    """Return the error that says these words and no others."""
    return PydanticCustomError("refused", "{words}", {"words": words})


def _expected(value: object, expected: str) -> PydanticCustomError:
    return refused(f"{shown(value)}; expected {expected}")


def _text(value: object, at_most: int) -> str:
    if not isinstance(value, str):
        raise _expected(value, "text")
    text = value.strip()
    if len(text) > at_most:
        raise refused(f"{len(text):,} characters; at most {at_most:,}")
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
            raise refused("empty")
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
            raise refused(f"{shown(value)}; {not_known(value, known)}")
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


def written(moment: datetime) -> str:
    """Return a time in UTC as ISO 8601 with ``Z``."""
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
        value = tags_in(value)
    if not isinstance(value, list | tuple):
        raise _expected(value, "a list of words, or words separated by commas")
    optional_tag = _optional_line(TAG_AT_MOST)
    tags = tuple(dict.fromkeys(tag for tag in map(optional_tag, value) if tag))
    if len(tags) > TAGS_AT_MOST:
        raise refused(f"{len(tags):,} tags; at most {TAGS_AT_MOST:,}")
    return tags


def tags_in(text: str) -> object:
    """Return the tags that one text names: a JSON list, or apart by commas, else by semicolons."""
    if text.startswith("["):
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return text.split(",") if "," in text else text.split(";")


SourceName = Annotated[str, BeforeValidator(_source)]
"""The name of a source, one word."""

ExternalId = Annotated[str, BeforeValidator(_external_id)]
"""What a ticket is called at its source."""

Subject = Annotated[str, BeforeValidator(_line(SUBJECT_AT_MOST))]
Name = Annotated[str, BeforeValidator(_line(NAME_AT_MOST))]
OptionalName = Annotated[str | None, BeforeValidator(_optional_line(NAME_AT_MOST))]
TierOfPolicy = Annotated[Tier | None, BeforeValidator(_of_the_policy("tiers"))]
SeverityOfPolicy = Annotated[Severity | None, BeforeValidator(_of_the_policy("severities"))]
Moment = Annotated[datetime, BeforeValidator(_time)]
OptionalMoment = Annotated[datetime | None, BeforeValidator(_optional_time)]
Body = Annotated[str, BeforeValidator(_body)]
Opener = Annotated[OpenedBy, BeforeValidator(_opened_by)]
OptionalStatus = Annotated[Status | None, BeforeValidator(_status)]
OptionalEmail = Annotated[str | None, BeforeValidator(_email)]
OptionalZone = Annotated[str | None, BeforeValidator(_time_zone)]
OptionalLogin = Annotated[str | None, BeforeValidator(_login)]
OptionalUrl = Annotated[str | None, BeforeValidator(_url)]
OptionalMessageId = Annotated[str | None, BeforeValidator(_message_id)]
OptionalLanguage = Annotated[str | None, BeforeValidator(_language)]
Tags = Annotated[tuple[str, ...], BeforeValidator(_tags)]
