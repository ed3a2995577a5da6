"""One ticket from outside, validated: what every connection hands over and the desk takes in."""

from collections.abc import Iterable, Mapping
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from policy.facts import CURRENCY, MONEY, facts_said
from policy.intake.field_values import (
    Body,
    ExternalId,
    Moment,
    Name,
    Opener,
    OptionalEmail,
    OptionalLanguage,
    OptionalLogin,
    OptionalMessageId,
    OptionalMoment,
    OptionalName,
    OptionalStatus,
    OptionalUrl,
    OptionalZone,
    SeverityOfPolicy,
    SourceName,
    Subject,
    Tags,
    TierOfPolicy,
    refused,
    tags_in,
    written,
)
from policy.intake.left_out import LeftOut, without_field, without_useless
from policy.intake.limits import BODY_AT_MOST
from policy.intake.misspelt import misspelt, refuse_misspelt
from policy.intake.wrong_fields import first_problem
from policy.refusal import Refusal
from policy.vocabulary import Vocabulary
from policy.words import FactValue, OpenedBy, Status

DEFAULT_SOURCE: Final = "import"
"""The source of a ticket whose line names none."""


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

    source: SourceName = DEFAULT_SOURCE
    external_id: ExternalId
    subject: Subject
    customer: Name
    tier: TierOfPolicy
    severity: SeverityOfPolicy
    received_at: Moment
    body: Body = ""
    opened_by: Opener = OpenedBy.CUSTOMER
    requester_name: OptionalName = None
    requester_email: OptionalEmail = None
    requester_timezone: OptionalZone = None
    status: OptionalStatus = None
    assignee: OptionalLogin = None
    first_response_at: OptionalMoment = None
    last_response_at: OptionalMoment = None
    last_customer_message_at: OptionalMoment = None
    solved_at: OptionalMoment = None
    updated_at: OptionalMoment = None
    url: OptionalUrl = None
    message_id: OptionalMessageId = None
    language: OptionalLanguage = None
    tags: Tags = ()
    facts: tuple[tuple[str, FactValue | None], ...] = ()
    _stand_ins: frozenset[str] = frozenset()
    _references: Mapping[str, str] | None = None

    @model_validator(mode="after")
    def _answered_after_it_came(self) -> Self:
        answered = self.first_response_at
        if answered is not None and answered < self.received_at:
            raise refused(
                f'first_response_at: "{written(answered)}"; '
                f"expected a time not before received_at, {written(self.received_at)}"
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

    def after(self, references: Mapping[str, str], in_tags: Iterable[str] = ()) -> Self:
        """Give what it says after a word with these references, and with these facts in its tags.

        A field whose value is not told, but which hangs on somebody else now, is spoken of: what
        was known was of the other one. A fact that stood in a tag goes with it.
        """
        moved, spoken = self.moved_since(references), self.spoken
        gone = (moved - _ALL).union(in_tags if "tags" in spoken else ())
        told = {} if moved <= spoken else {name: getattr(self, name) for name in moved & _ALL}
        if gone or (self.facts and self._stand_ins):
            told[_FACTS] = self._facts_after(gone, self._stand_ins - moved)
        if not told:
            return self
        return self.model_copy(update=told)._with(self._stand_ins - moved, self.references)

    def _facts_after(
        self, gone: Iterable[str], silent: frozenset[str]
    ) -> tuple[tuple[str, FactValue | None], ...]:
        """Return the facts that are spoken of, those that are gone as empty."""
        said = {name: value for name, value in self.facts if name not in silent}
        return tuple(sorted((dict.fromkeys(gone) | said).items()))

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


_FACTS: Final = "facts"

FIELDS: Final = tuple(name for name in IncomingTicket.model_fields if name != _FACTS)
"""The names of the import's own format, but for the facts that a policy names."""

REQUIRED_FIELDS: Final = tuple(
    name for name, field in IncomingTicket.model_fields.items() if field.is_required()
)
"""The names that every ticket must give."""

_FIELD_SET = frozenset(FIELDS)
_ALL = frozenset(IncomingTicket.model_fields)

OPTIONAL_FIELDS: Final = _FIELD_SET - {*REQUIRED_FIELDS, "source"}
"""The names of what a ticket is good without, as it is without any fact of the policy.

``source`` says which ticket it is.
"""

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
        refuse_misspelt(fields, known_fields(words) if words.facts else FIELDS)
    if words.facts:
        fields = _with_facts(fields, words, warnings)
    elif _FACTS in fields:
        fields = {name: value for name, value in fields.items() if name != _FACTS}
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


def _with_facts(
    fields: Mapping[str, object], words: Vocabulary, warnings: LeftOut | None
) -> dict[str, object]:
    """Return the fields with what they say of facts, which is left as it is where they say nothing.

    "Facts stand at the top level under their own names"; what a ticket's own JSON has under
    ``facts`` is the same. With ``warnings`` those of no use are left out and told there.
    """
    together = fields.get(_FACTS)
    if isinstance(together, tuple):
        return dict(fields)  # read before, with a field that was of no use then
    flat = {**together, **fields} if isinstance(together, Mapping) else fields
    tags = fields.get("tags")
    listed = tags_in(tags) if isinstance(tags, str) else tags
    named = listed if isinstance(listed, list | tuple) else ()
    spoken = [tag.strip() for tag in named if isinstance(tag, str)]
    wrong: dict[str, Refusal] = {}
    said = facts_said(flat, spoken, words.fact_kinds, wrong=None if warnings is None else wrong)
    if warnings is not None:
        warnings.extend(without_field(name, refusal) for name, refusal in wrong.items())
    useful = {name: value for name, value in fields.items() if name not in wrong}
    return useful | {_FACTS: tuple(said.items())} if said or _FACTS in fields else useful


def _not_asked(words: Vocabulary) -> dict[str, None]:
    """Return the fields that need not be given: ``order = []`` says that the desk has none."""
    none: dict[str, None] = {}
    if not words.tiers:
        none["tier"] = None
    if not words.severities:
        none["severity"] = None
    return none


def known_fields(words: Vocabulary) -> tuple[str, ...]:
    """Return the names of the import's own format under a policy with these words.

    "Facts stand at the top level under their own names", and beside an amount its ``currency``.
    """
    currency = (CURRENCY,) if MONEY in words.fact_kinds.values() else ()
    return (*FIELDS, *words.fact_kinds, *currency)


def required_fields(words: Vocabulary) -> tuple[str, ...]:
    """Return the names that every ticket must give under a policy with these words."""
    not_asked = _not_asked(words)
    return tuple(name for name in REQUIRED_FIELDS if name not in not_asked)


def misspelt_field(name: str, present: Iterable[str], words: Vocabulary) -> str | None:
    """Give the absent field of ours that ``name`` probably means, or None."""
    return misspelt(name, present, known_fields(words))
