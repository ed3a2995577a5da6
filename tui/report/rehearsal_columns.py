"""A rehearsal in words, as two columns and as a document: the same for terminal and board."""

from collections.abc import Sequence
from datetime import timedelta, tzinfo
from typing import Final, NamedTuple

from policy.rehearsal.play_figures import LongestWait, PlayFigures, Rehearsal
from tui.cli.render.ticket_documents import Document, instant
from tui.phrasing.shares import NOTHING
from tui.report.report_sections import length, share_of, time_in_words

_HOUR: Final = timedelta(hours=1)
_IN_FORCE: Final = "in force"


class RehearsalLine(NamedTuple):
    """A figure with its name, as it is and as rehearsed; ``differs`` where these are not alike."""

    label: str
    as_it_is: str
    rehearsed: str

    @property
    def differs(self) -> bool:
        """Whether the two are not alike."""
        return self.as_it_is != self.rehearsed


HEADINGS: Final = ("as it is", "rehearsed")
"""What stands over the two columns."""


def title_of_rehearsal(found: Rehearsal, zone: tzinfo) -> str:
    """Return the heading of the whole: what is rehearsed, and from when until when."""
    since, until = (
        time_in_words(moment, zone, with_year=True) for moment in (found.start, found.end)
    )
    what = f"the policy {found.policy}" if found.policy is not None else f"the team {found.team}"
    return f"Rehearsal of {what}, {since} to {until}"


def lines_of_rehearsal(found: Rehearsal, zone: tzinfo) -> Sequence[RehearsalLine]:
    """Return the figures of both columns, in the order in which they are read."""
    columns = (_figures(found.as_it_is, zone), _figures(found.rehearsed, zone))
    return [
        RehearsalLine(label, one, other) for (label, one), (_, other) in zip(*columns, strict=True)
    ]


HOW_IT_IS_PLAYED: Final = (
    "Both columns are played from the tickets as they came, each taking as long as it really took,"
    " or as long as usual; everybody takes the first of the queue, and nobody is lent or called in."
    " Compare them with each other, not with the report."
)
"""What is said under the columns."""


def _figures(figures: PlayFigures, zone: tzinfo) -> Sequence[tuple[str, str]]:
    contract, promises = figures.contract, figures.promises
    return (
        ("tickets", f"{figures.tickets:,}"),
        ("declined", f"{figures.declined:,}"),
        ("within contract", share_of(contract.within, contract.owed)),
        ("late", f"{figures.late:,}"),
        ("not answered by the end", f"{figures.unanswered:,}"),
        ("promises made", f"{figures.promises_made:,}"),
        ("promises kept", share_of(promises.kept, promises.due)),
        ("hours of hard choices", f"{round(figures.hard_choices / _HOUR):,} h"),
        ("longest wait", _wait(figures.longest_wait)),
        ("who waits longest", _whose(figures.longest_wait)),
        ("answered", _answered(figures.longest_wait, zone)),
    )


def _wait(longest: LongestWait | None) -> str:
    return NOTHING if longest is None else length(longest.waited)


def _whose(longest: LongestWait | None) -> str:
    return NOTHING if longest is None else f"#{longest.ticket} {longest.customer}"


def _answered(longest: LongestWait | None, zone: tzinfo) -> str:
    if longest is None:
        return NOTHING
    if longest.answered_at is None:
        return "not by the end"
    return time_in_words(longest.answered_at, zone, with_year=False)


def rehearsal_document(found: Rehearsal) -> Document:
    """Return both columns as plain JSON values; times are UTC, shares from 0 to 1."""
    return {
        "days": (found.end - found.start).days,
        "start": instant(found.start),
        "end": instant(found.end),
        "as_it_is": _column(found.as_it_is, None, None),
        "rehearsed": _column(found.rehearsed, found.policy, found.team),
    }


def _column(figures: PlayFigures, policy: str | None, team: str | None) -> Document:
    contract, promises, longest = figures.contract, figures.promises, figures.longest_wait
    return {
        "policy": policy or _IN_FORCE,
        "team": team or _IN_FORCE,
        "tickets": figures.tickets,
        "declined": figures.declined,
        "first_responses": {
            "within": contract.within,
            "owed": contract.owed,
            "share": contract.share,
            "late": figures.late,
            "never_answered": figures.unanswered,
        },
        "promises": {
            "made": figures.promises_made,
            "due": promises.due,
            "kept": promises.kept,
            "broken": promises.due - promises.kept,
            "share": promises.share,
        },
        "hard_choices_hours": _hours(figures.hard_choices),
        "longest_wait": None
        if longest is None
        else {
            "ticket": longest.ticket,
            "customer": longest.customer,
            "hours": _hours(longest.waited),
            "answered_at": instant(longest.answered_at),
        },
    }


def _hours(duration: timedelta) -> float:
    return round(duration / _HOUR, 2)
