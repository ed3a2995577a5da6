"""What is right in a policy and may mean something else than whoever wrote it thinks."""

from collections.abc import Iterator
from string import Template

from policy.rulebook.rulebook import Rulebook
from policy.rulebook.waits_section import A_TIME, NoticeKind, NoticeWords, WaitsSection
from policy.rulebook.working_days import times_in_working_days


def warnings_of(rulebook: Rulebook) -> tuple[str, ...]:
    """Return a sentence for each thing that is worth a second look; mostly nothing.

    Times of more than a day in shorter calendars, rules of intake that decide nothing, tickets for
    which a fact is wanted and not said, and notices that promise nothing.
    """
    return (
        *times_in_working_days(rulebook),
        *rulebook.without_a_ticket(),
        *rulebook.without_first_response(),
        *_of_notices(rulebook.waits),
    )


def _of_notices(waits: WaitsSection) -> Iterator[str]:
    yield from _of_bodies("waits", waits)
    for tag, words in waits.languages.items():
        yield from _of_bodies(f"waits.{tag}", words)
        if words.body is None:
            yield f"waits.{tag} has no body: who writes in it is told in the words of [waits]."


def _of_bodies(place: str, words: WaitsSection | NoticeWords) -> Iterator[str]:
    for kind in (NoticeKind.ARRIVALS, NoticeKind.PRESENT):
        body = getattr(words, kind)
        names = () if body is None else Template(body).get_identifiers()
        if body is not None and A_TIME not in names:
            yield f"{place}.{kind} names no ${A_TIME}: a notice in these words sets no promise."
        if "customer" in names and "requester" not in names:
            yield (
                f"{place}.{kind} names $customer, which is the customer's own name; the person who"
                " asked is $requester."
            )
