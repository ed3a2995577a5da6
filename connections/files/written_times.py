"""Times as exports write them: forms, epochs and zones; read the same on any machine."""

import math
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_tz
from typing import Final

from connections.files.zone_words import ZONE_IN_TEXT, ZoneWords

_ISO: Final = "iso"
_UNIX: Final = "unix"
_UNIX_MILLISECONDS: Final = "unix_ms"
_EXCEL: Final = "excel"
FORM_WORDS: Final = (_ISO, _UNIX, _UNIX_MILLISECONDS, _EXCEL)
"""The forms that strptime has no letters for."""

LONGEST_FORM: Final = 100
"""How many characters a form of times may have."""

_LONGEST_TIME: Final = 200
"""How many characters of a text may be a time: looking for one takes longer than its length."""

_FIRST_DAY_OF_EXCEL: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet names no zone
_IN_MILLISECONDS_FROM: Final = 10**11
"""A number as large as this counts milliseconds: in seconds it would be the year 5138."""

_LAST_DIRECTIVE = re.compile(r".*%[A-Za-z]", re.DOTALL)
_ZONE_DIRECTIVE = re.compile(r"\s*[(\[]?%[zZ][)\]]?")

Form = Callable[[str], datetime | None]
"""Gives the time that a text is, with its zone where it names one; None when it is none."""


class TimeReader:
    """Reads the times of one field: the first of the ``forms`` that fits counts.

    Times that name no zone are in ``zone``; one that a time names is always obeyed, in words or as
    an offset, whatever the machine's own zone is. Without forms it is ISO 8601, the date of a
    mail, or a number of seconds or milliseconds since 1970.
    """

    def __init__(self, forms: Sequence[str], zone: tzinfo, words: ZoneWords) -> None:
        self._zone = zone
        self._words = words
        self._takes_numbers = not forms or not {_UNIX, _UNIX_MILLISECONDS}.isdisjoint(forms)
        self._forms = [self._form(form) for form in forms or (_ISO,)]
        self.may_be_digits = any(_is_of_digits(form) for form in forms)

    def read(self, written: object) -> datetime | None:
        """Give the aware time that is meant, or None when it is no time."""
        if isinstance(written, int | float) and not isinstance(written, bool):
            return _since_1970(written) if self._takes_numbers else self.read(str(written))
        if not isinstance(written, str) or len(written) > _LONGEST_TIME:
            return None
        moment = self._read(written.strip()) or self._with_zone_at_end(written.strip())
        if moment is None:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)

    def _read(self, text: str) -> datetime | None:
        for form in self._forms:
            with suppress(ValueError, OverflowError):
                if (moment := form(text)) is not None:
                    return moment
        return None

    def _with_zone_at_end(self, text: str) -> datetime | None:
        """Read a time that names its zone behind a form which says nothing of zones."""
        apart = self._words.at_end(text)
        moment = self._read(apart[0]) if apart else None
        if apart is None or moment is None:
            return None
        if moment.tzinfo is not None:  # the same zone once more, such as +01:00[Europe/Berlin]
            return moment
        zone = self._words.zone_of(apart[1], moment)
        return None if zone is None else moment.replace(tzinfo=zone)

    def _form(self, form: str) -> Form:
        known: dict[str, Form] = {
            _ISO: self._iso_or_mail,
            _UNIX: lambda text: _since_1970(float(text), milliseconds=False),
            _UNIX_MILLISECONDS: lambda text: _since_1970(float(text), milliseconds=True),
            _EXCEL: lambda text: _FIRST_DAY_OF_EXCEL + timedelta(days=_finite(text)),
        }
        if form in known:
            return known[form]
        if "%Z" in form or "%z" in form:
            return lambda text: self._with_zone_inside(text, form)
        return self._of_letters(form)

    def _of_letters(self, form: str) -> Form:
        """Give the reader of a form in strptime's letters; a zone may stand in the form itself."""
        behind = _LAST_DIRECTIVE.sub("", form).strip(" ()[]'")

        def read(text: str) -> datetime:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - its zone comes after
            zone = self._words.zone_of(behind, moment) if behind else None
            return moment if zone is None else moment.replace(tzinfo=zone)

        return read

    def _with_zone_inside(self, text: str, form: str) -> datetime | None:
        """Read a time whose form says where its zone stands; it may be missing all the same.

        What strptime itself makes of a zone's name depends on the machine's own zone.
        """
        stand_in = "UTC" if "%Z" in form else "+0000"
        for found in ZONE_IN_TEXT.finditer(text):
            with suppress(ValueError):
                other = f"{text[: found.start()]}{stand_in}{text[found.end() :]}"
                wall = datetime.strptime(other, form).replace(tzinfo=None)  # noqa: DTZ007 - see below
                zone = self._words.zone_of(found[0], wall)
                if zone is not None:
                    return wall.replace(tzinfo=zone)
        return datetime.strptime(text, _ZONE_DIRECTIVE.sub("", form))  # noqa: DTZ007 - it has none

    def _iso_or_mail(self, text: str) -> datetime | None:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return self._of_mail(text)

    def _of_mail(self, text: str) -> datetime | None:
        parts = parsedate_tz(text) if "," in text[:5] else None
        if parts is None:
            return None
        wall = datetime(*parts[:6])  # noqa: DTZ001 - its zone comes with the next line
        apart = self._words.at_end(text)
        zone = self._words.zone_of(apart[1], wall) if apart else None
        named = apart is not None and not apart[1].isdigit()
        return None if zone is None and named else wall.replace(tzinfo=zone)


def _since_1970(number: float, *, milliseconds: bool | None = None) -> datetime | None:
    """Give the time that many seconds or milliseconds after 1970 began in UTC."""
    if milliseconds is None:
        milliseconds = abs(number) >= _IN_MILLISECONDS_FROM
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(number / 1000 if milliseconds else number, UTC)
    return None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _is_of_digits(form: str) -> bool:
    """Say whether texts of a form may look like a number that says nothing of the order."""
    return form not in FORM_WORDS and re.fullmatch(r"(?:%[a-zA-Z]|[.\d])+", form) is not None
