"""What a wait notice says, to one requester: in their language, by their clock.

"It says by when they hear from us …, and names who arrives before then. It carries each ticket's
reference, so that a reply finds it."
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import Template
from typing import Final
from zoneinfo import ZoneInfo

from policy.clocks.zones import zone_named
from policy.local_words import listed_in_words, span_in_words, time_in_full
from policy.roster.coverage import Turn
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.rulebook.waits_section import A_TIME, NoticeKind, NoticeTemplates
from policy.ticket import Ticket
from policy.waits.references import ReferenceForms, reference_of

MOST_ARRIVALS: Final = 3
"""How many of those who arrive a notice names; more is a list, not an answer."""

_MOST_REFERENCES: Final = 5
"""How many tickets a subject names; the text names all."""

_PROMISED: Final = frozenset({A_TIME, "expect_in"})
_BETWEEN_PARAGRAPHS: Final = re.compile(r"(\n[ \t]*(?:\n[ \t]*)+)")


class _Unknown(dict[str, str]):
    """The values of a template, and a dash for what is not known."""

    def __missing__(self, name: str) -> str:
        return "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """The words of a notice as they are sent.

    ``language`` is the tag of the policy's table, "" for its own words; ``locale`` says how times
    are written, ``zone`` whose clock they go by. ``names_a_time`` says whether they promise one.
    """

    subject: str
    body: str
    language: str
    locale: str
    zone: str
    names_a_time: bool


class NoticeWriter:
    """Writes all notices of one moment, ``now`` (UTC)."""

    def __init__(
        self, rulebook: Rulebook, roster: Roster, now: datetime, forms: ReferenceForms
    ) -> None:
        self._waits = rulebook.waits
        self._roster = roster
        self._now = now
        self._forms = forms
        self._said: dict[tuple[datetime, str, str], tuple[str, str]] = {}
        self._bodies: dict[tuple[str, frozenset[str]], Template] = {}

    def text(
        self,
        tickets: Sequence[Ticket],
        expect_by: datetime | None,
        arrivals: Sequence[Turn],
        *,
        renews: bool,
    ) -> NoticeText:
        """Return the words about one requester's tickets.

        ``expect_by`` is by when they hear from us (UTC), None where no time can be named;
        ``arrivals`` are who arrives before that, or else who arrives next. ``renews`` says that
        they were told something else before.
        """
        language = next((each.language for each in tickets if each.language), None)
        words = self._waits.templates(language, _kind(expect_by, arrivals))
        requester = tickets[0].requester
        zone = self._zone(requester.timezone if requester else None)
        values = {
            "customer": tickets[0].customer,
            "requester": requester.name if requester else tickets[0].customer,
            "company": words.company,
            **self._of_tickets(tickets),
            **self._of_a_time("expect", expect_by, zone, words.locale),
            **self._of_arrivals(arrivals, zone, words.locale),
        }
        body = self._body(words.body, values).substitute(_Unknown(values))
        if renews:
            body = Template(words.renewal).substitute(values) + body
        return NoticeText(
            subject=_subject(words, values, tickets, self._forms),
            body=body,
            language=words.language,
            locale=words.locale,
            zone=zone.key,
            names_a_time=words.names_a_time,
        )

    def _of_tickets(self, tickets: Sequence[Ticket]) -> dict[str, str]:
        references = [reference_of(each, self._forms) for each in tickets]
        named = zip(references, tickets, strict=True)
        lines = (f"- {reference} {' '.join(each.subject.split())}" for reference, each in named)
        return {"references": " ".join(references), "tickets": "\n".join(lines)}

    def _of_a_time(
        self, what: str, instant: datetime | None, zone: ZoneInfo, locale: str
    ) -> dict[str, str]:
        """Return when something is and in how long, where that is known."""
        if instant is None:
            return {}
        key = (instant, zone.key, locale)
        if key not in self._said:
            wait = span_in_words(instant - self._now, locale)
            self._said[key] = (time_in_full(instant, zone, locale), wait)
        at, wait = self._said[key]
        return {f"{what}_{'by' if what == 'expect' else 'at'}": at, f"{what}_in": wait}

    def _of_arrivals(self, arrivals: Sequence[Turn], zone: ZoneInfo, locale: str) -> dict[str, str]:
        """Return when the first arrive, and who they are; nothing where nobody is known to."""
        if not arrivals:
            return {}
        first = arrivals[0].at
        together = [turn.login for turn in arrivals if turn.at == first][:MOST_ARRIVALS]
        names = [self._roster.by_login[login].name for login in together]
        return {
            "arrivals": listed_in_words(names, locale),
            **self._of_a_time("arrive", first, zone, locale),
        }

    def _body(self, text: str, values: Mapping[str, str]) -> Template:
        """Return a body without the paragraphs that name what is not known."""
        key = (text, frozenset(values))
        if key not in self._bodies:
            self._bodies[key] = Template(_known_paragraphs(text, values))
        return self._bodies[key]

    def _zone(self, name: str | None) -> ZoneInfo:
        try:
            return zone_named(name or self._waits.timezone)
        except ValueError:  # known where the ticket came in, and not on this machine
            return zone_named(self._waits.timezone)


def _kind(expect_by: datetime | None, arrivals: Sequence[Turn]) -> NoticeKind:
    if expect_by is None:
        return NoticeKind.NO_TIME
    return NoticeKind.ARRIVALS if arrivals else NoticeKind.PRESENT


def _known_paragraphs(text: str, values: Mapping[str, str]) -> str:
    """Return a text without each paragraph that names what has no value.

    One that names the time that is promised stays whatever else it names.
    """
    paragraphs = _BETWEEN_PARAGRAPHS.split(f"{text}\n")
    kept = []
    for paragraph, gap in zip(paragraphs[::2], (*paragraphs[1::2], ""), strict=True):
        names = set(Template(paragraph).get_identifiers())
        if names <= values.keys() or names & values.keys() & _PROMISED:
            kept.append(f"{paragraph}{gap}")
    said = "".join(kept).strip("\n")
    return f"{said}\n" if said.strip() else "$tickets\n"


def _subject(
    words: NoticeTemplates,
    values: Mapping[str, str],
    tickets: Sequence[Ticket],
    forms: ReferenceForms,
) -> str:
    """Return a subject on one line, with the references of its tickets.

    Where there is none, or it names what is not known, it is the ticket's own, as in an answer.
    """
    named = [reference_of(each, forms) for each in tickets[:_MOST_REFERENCES]]
    references = " ".join(named) + (" …" if len(tickets) > _MOST_REFERENCES else "")
    template = Template(words.subject)
    names = template.get_identifiers()
    if words.subject and values.keys() >= set(names):
        said = template.substitute({**values, "references": references})
    else:
        said, names = f"Re: {tickets[0].subject}", []
    said = said if "references" in names else f"{said} {references}"
    return " ".join(said.split())
