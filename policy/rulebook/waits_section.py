"""``[waits]``: what customers are told who wait, and in which words, language by language.

"The policy can hold the words in several languages, ``[waits.de]`` and so on, picked by the
customer's language where it is known."
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Template
from typing import Any, Final

from policy.checked_table import CheckedTable, Mistake, no_such_key
from policy.intake.language_tags import language_tag
from policy.locales import is_locale
from policy.refusal import expected
from policy.rulebook.fields import (
    BodyWithoutArrivals,
    BodyWithoutTime,
    Line,
    LocaleName,
    NoticeBody,
    NoticeSubject,
    Renewal,
    Sureness,
    ZoneName,
)

A_TIME: Final = "expect_by"
"""What a body has to name to set a promise."""


class NoticeKind(StrEnum):
    """Which of its bodies a notice has, by the key of the policy."""

    ARRIVALS = "body"
    """Somebody arrives who can help before the customer hears from us."""
    PRESENT = "body_present"
    """Nobody arrives before; who helps is in already."""
    NO_TIME = "body_no_time"
    """The roster does not reach: no time, no promise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTemplates:
    """The words of one notice as the policy has them, all in one language.

    ``language`` is the tag of its table, "" for the policy's own words. ``renewal`` goes before
    the body of a notice that takes back what was promised before. A subject or a renewal that the
    language lacks is "".
    """

    language: str
    locale: str
    company: str
    subject: str
    body: str
    renewal: str

    @property
    def names_a_time(self) -> bool:
        """Whether it says by when the customer hears from us: only that is a promise."""
        return A_TIME in Template(self.body).get_identifiers()


class NoticeWords(CheckedTable):
    """``[waits.de]`` and the like: the words in one language."""

    locale: LocaleName | None = None
    company: Line | None = None
    subject: NoticeSubject | None = None
    body: NoticeBody | None = None
    body_present: BodyWithoutArrivals | None = None
    body_no_time: BodyWithoutTime | None = None
    renewal: Renewal | None = None

    def body_of(self, kind: NoticeKind) -> str | None:
        """Return the body of a kind, or else the one for when somebody arrives; None without it."""
        body: str | None = getattr(self, kind)
        return self.body if body is None else body


class WaitsSection(CheckedTable):
    """``[waits]``: how sure a promise is meant to be, and the wait notice.

    ``sure`` is the share of promises that is to be kept. ``timezone`` is for whoever's own is not
    known, ``locale`` how times are written. The texts are string.Templates. Beside them there is a
    table for each further language, under its tag.
    """

    others: Mapping[str, NoticeWords]

    sure: Sureness
    company: Line
    timezone: ZoneName
    locale: LocaleName
    subject: NoticeSubject
    body: NoticeBody
    body_present: BodyWithoutArrivals
    body_no_time: BodyWithoutTime
    renewal: Renewal

    @classmethod
    def wrong_keys(cls, table: Mapping[str, Any], words: object) -> Iterator[Mistake]:
        """Yield what is wrong with the languages that it has words in."""
        del words
        for key, value in table.items():
            if said := _wrong_key(key, value, cls.known_keys()):
                yield Mistake((key,), said)

    @property
    def languages(self) -> Mapping[str, NoticeWords]:
        """The words in further languages, by their tags."""
        return self.others

    def templates(self, language: str | None, kind: NoticeKind) -> NoticeTemplates:
        """Return the words of a notice of a kind for a customer of a language, None if unknown.

        ``de-AT`` is spoken to in ``de`` where there is no table of its own. One notice is in one
        language: what the table of a language lacks beside its body is left out.
        """
        for tag in _nearest(language):
            words = self.languages.get(tag)
            body = None if words is None else words.body_of(kind)
            if words is not None and body is not None:
                return NoticeTemplates(
                    language=tag,
                    locale=words.locale or (tag if is_locale(tag) else self.locale),
                    company=words.company or self.company,
                    subject=words.subject or "",
                    body=body,
                    renewal=words.renewal or "",
                )
        return NoticeTemplates(
            language="",
            locale=self.locale,
            company=self.company,
            subject=self.subject,
            body=getattr(self, kind),
            renewal=self.renewal,
        )


def _nearest(language: str | None) -> Iterator[str]:
    """Yield the tags under which there may be words for a language, the nearest first."""
    parts = [] if language is None else language.split("-")
    for length in range(len(parts), 0, -1):
        yield "-".join(parts[:length])


def _wrong_key(key: str, value: object, known: tuple[str, ...]) -> str:
    """Return what is wrong with a key of ``[waits]``, "" for one that it has."""
    if key in known:
        return ""
    if not isinstance(value, dict | NoticeWords) or language_tag(key) is None:
        return no_such_key(key, (*known, "a table in a language such as de"))
    if language_tag(key) != key:
        return expected(f"{language_tag(key)}, as that language is written", key)
    return ""
