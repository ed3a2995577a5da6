"""What forecasts rest on, as text and as JSON."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from policy.waits.forecast_basis import basis_sentences, duration_sentence, rush_sentence
from policy.waits.promise_changes import changes_in_words
from tui.cli.render.printing import Printer
from tui.cli.render.ticket_documents import Document, instant
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.waits.forecast_basis import ForecastBasis
    from policy.waits.promise_changes import PromiseChanges, TimesMoved
    from policy.waits.promises import Promise, PromisesKept

_MINUTE: Final = timedelta(minutes=1)


def durations_document(basis: "ForecastBasis") -> Document:
    """Return how long tickets take, by priority, in minutes, with how many samples."""
    return {
        priority: {
            "answering": round(duration.answer, 2),
            "answering_samples": duration.answer_samples,
            "handling": round(duration.busy, 2),
            "handling_samples": duration.busy_samples,
        }
        for priority, duration in basis.durations.items()
    }


def why_document(basis: "ForecastBasis", promises: "PromisesKept") -> Document:
    """Return what the times of the waits rest on, and how promises were kept in 30 days."""
    return {
        "sure": basis.sure,
        "promises": {"kept": promises.kept, "due": promises.due, "share": promises.share},
        "rush": round(basis.arrivals.rush, 2),
        "durations": durations_document(basis),
        "margins": {
            priority: {
                "margin": round(learnt.margin.value, 4),
                "base": round(learnt.margin.base, 4),
                "spread": round(learnt.margin.spread, 4),
                "correction": round(learnt.margin.correction, 4),
                "scores": learnt.margin.scores,
                "promises": learnt.due,
                "kept": learnt.kept,
            }
            for priority, learnt in basis.margins.items()
        },
    }


def tell_basis(out: Printer, basis: "ForecastBasis", promises: "PromisesKept") -> None:
    """Print what the times of the waits rest on, and how promises were kept."""
    out.say(promises_sentence(promises))
    if rush := rush_sentence(basis.arrivals):
        out.say(f"A rush: {rush}.")
    for priority, said in basis_sentences(basis):
        out.say(f"{plain_line(priority)}: {said}.")


def tell_durations(out: Printer, basis: "ForecastBasis") -> None:
    """Print how long tickets take, with how many samples."""
    for priority, duration in basis.durations.items():
        out.line(
            (f"{plain_line(priority)}  ", "strong"), (f"{duration_sentence(duration)}.", "dim")
        )


def promises_sentence(promises: "PromisesKept") -> str:
    """Return how many promises of 30 days were kept, beside what is meant."""
    meant = f"{promises.meant:.0%}".replace("%", " %")
    if promises.share is None:
        return f"No promise has come due in 30 days; {meant} are meant to be kept."
    share = f"{promises.share:.0%}".replace("%", " %")
    return (
        f"{promises.kept} of {promises.due} promises kept in 30 days, {share}; {meant} are meant."
    )


def changes_document(changes: "PromiseChanges") -> Document:
    """Return what would become of promises made, and how expected and safe times would move."""
    return {
        "would_break": [_promise(each) for each in changes.would_break],
        "would_hold_again": [_promise(each) for each in changes.would_hold_again],
        "expected": _moved(changes.expected),
        "safe": _moved(changes.safe),
    }


def tell_changes(out: Printer, changes: "PromiseChanges") -> None:
    """Print the same in sentences, nothing where nothing would change."""
    for said in changes_in_words(changes):
        out.say(said)


def _promise(promise: "Promise") -> Document:
    return {
        "tickets": [each.ticket for each in promise.answers],
        "expect_by": instant(promise.expect_by),
    }


def _moved(moved: "TimesMoved") -> Document:
    return {
        "later": moved.later,
        "later_at_most_minutes": moved.later_at_most // _MINUTE,
        "earlier": moved.earlier,
        "earlier_at_most_minutes": moved.earlier_at_most // _MINUTE,
        "gone": list(moved.gone),
        "come": list(moved.come),
    }
