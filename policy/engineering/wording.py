"""How the names of the policy's ``[engineering]`` are said, and what a customer is told then."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from policy.ticket import Review, Ticket

_APOSTROPHES: Final[Mapping[str, str]] = MappingProxyType(
    {"wont": "won't", "dont": "don't", "cant": "can't"}
)


def in_words(name: str) -> str:
    """Return a name of the policy as a person says it: ``next_release`` is "next release"."""
    return " ".join(_APOSTROPHES.get(word, word) for word in name.split("_")).strip() or name


def decision(review: Review) -> str:
    """Return what engineering decided, for us: ``scheduled for 12 Mar 2026``, ``won't do``."""
    if review.timing is None:
        return "a question"
    day = review.scheduled_for
    when = "" if day is None else f" for {day.day} {day:%b %Y}"
    return in_words(review.timing) + when


def is_to_be_told(ticket: Ticket) -> bool:
    """Return whether engineering decided something that the customer does not know yet."""
    review = ticket.review
    return review is not None and review.timing is not None and not review.told


_SAID_TO_US: Final[Mapping[str, str]] = MappingProxyType(
    {
        "now": "engineering works on it now",
        "next_release": "engineering wants it in the next release",
        "backlog": "engineering keeps it in the backlog",
        "wont_do": "engineering won't do it",
    }
)


def to_tell(review: Review) -> str | None:
    """Return in a clause what is to be told, for us: "engineering works on it now".

    None for a question, which is for us to answer.
    """
    if review.timing is None:
        return None
    if review.scheduled_for is not None:
        return f"engineering has {decision(review).replace(' for', ' it for', 1)}"
    plain = f"engineering decided on “{decision(review)}”"
    return _SAID_TO_US.get(review.timing, plain)


_SAID_TO_CUSTOMER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "now": "Our engineers have looked at it and are working on it now. We cannot say yet when"
        " that will be done, and we would rather not guess.",
        "next_release": "Our engineers have looked at it and are planning to take it up with the"
        " next release. Plans change, so please do not build on it until you hear from us that it"
        " is there.",
        "scheduled": "Our engineers have looked at it and have set a time aside to work on it."
        " Plans change, so we would rather not name a day before it is done.",
        "backlog": "Our engineers have looked at it and will come back to it when there is room"
        " for it. There is no time set aside for it yet, so please do not wait for it.",
        "wont_do": "Our engineers have looked at it and have decided not to change this. We know"
        " that this is not what you were hoping for. If it keeps you from something, tell us what"
        " you need to get done, and we will look for another way together.",
    }
)
_OTHERWISE: Final = (
    "Our engineers have looked at it and have decided how to go on with it. We cannot say yet"
    " when there will be something new for you."
)
_AS_LONG_AS_IT_IS_OPEN: Final = (
    "We stay with it, and write to you as soon as there is something to say."
)


def answer_draft(ticket: Ticket, review: Review) -> str | None:
    """Return the drafted answer to the customer for what engineering decided, None for a question.

    "Engineering schedules the fix; support keeps the customer informed and never promises": no
    draft says when anything will be done, and a date that engineering has set is not named, as a
    date in writing is a promise however it is put. Engineering's note is written for us and is
    never part of the draft: whoever sends it decides what of the note a customer is told. The
    draft tells of a timing that only this policy has in words that fit every one.
    """
    if review.timing is None:
        return None
    name = ticket.requester.name if ticket.requester else ticket.customer
    said = _SAID_TO_CUSTOMER.get(review.timing, _OTHERWISE)
    after = "" if review.timing == "wont_do" else f"{_AS_LONG_AS_IT_IS_OPEN}\n\n"
    return (
        f"Hello {name},\n\n"
        f"there is news about “{ticket.subject}”.\n\n"
        f"{said}\n\n"
        f"{after}"
        "Kind regards,\nyour support team\n"
    )
